"""The file has fewer examples than the target's minimum.

## What it does
Flags a file with fewer examples than the target takes. Lines with defects count: they are examples once repaired.

## Why
The service refuses the job ("must have at least 10 examples").

## How to repair
Add examples; hundreds are advised.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "DST001",
    at=FileSummary,
    severity="error",
    repair="add examples; hundreds are advised",
    gated=True,
    bad=[Case(ROW * 9), Case(ROW * 9 + b"\n")],
    good=[Case(ROW * 10)],
)
def too_few_examples(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if facts.min_examples is None or not file.is_jsonl or file.is_empty or file.examples >= facts.min_examples:
        return
    yield Problem(f"{plural(file.examples, 'example')}; the target takes a file from {facts.min_examples} on")
