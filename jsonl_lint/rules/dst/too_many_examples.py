"""The file has more examples than the target takes.

## What it does
Flags a file with more examples than the target's documents allow.

## Why
The service refuses the file, or trains on a part of it alone.

## How to repair
Drop duplicates, choose the best examples, or train in several jobs.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "DST008",
    at=FileSummary,
    severity="error",
    repair="drop duplicates, choose the best examples, or train in several jobs",
    gated=True,
    bad=[Case(ROW * 4, facts={"max_examples": 3})],
    good=[Case(ROW * 3, facts={"max_examples": 3}), Case(ROW * 3)],
)
def too_many_examples(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if facts.max_examples is None or not file.is_jsonl or file.examples <= facts.max_examples:
        return
    yield Problem(f"{plural(file.examples, 'example')}; the target takes {facts.max_examples:,} at most")
