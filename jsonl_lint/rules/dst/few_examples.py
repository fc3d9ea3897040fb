"""The file has fewer examples than advised.

## What it does
Flags a training file that has the target's minimum of examples, and fewer than the target's documents advise.

## Why
With few examples a model learns little but their tone. The documents advise hundreds, and as many more as are good.

## How to repair
Add examples of the same quality, above all of cases that the model gets wrong today.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "DST002",
    at=FileSummary,
    severity="warning",
    repair="add examples of the same quality, above all of cases that the model gets wrong today",
    gated=True,
    bad=[Case(ROW * 10), Case(ROW * 99), Case(ROW * 99 + b"\n")],
    good=[Case(ROW * 100), Case(ROW * 9), Case(ROW * 10, facts={"advised_examples": None})],
)
def few_examples(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    advised, minimum = facts.advised_examples, facts.min_examples or 0
    if advised is None or not file.is_jsonl or file.is_empty or file.role != "training":
        return
    # Of fewer than the minimum DST001 speaks.
    if file.examples < minimum or file.examples >= advised:
        return
    yield Problem(f"{plural(file.examples, 'example')}; {advised:,} or more are advised")
