"""The line is nested too deep.

## What it does
Flags a line whose objects and arrays stand in each other more than 200 deep. Nothing else on such a line is looked at.

## Why
Readers of JSON set themselves a limit, between a hundred and a thousand levels, and refuse or crash beyond it.

## How to repair
No example of chat needs more than a dozen levels; look what has wrapped the value again and again.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN006",
    at=Line,
    severity="error",
    repair="look what has wrapped the value again and again",
    gated=True,
    blocks=True,
    bad=[
        Case(b"[" * 201 + b"]" * 201 + b"\n" + ROW),
        Case(b'{"messages": ' + b'{"a": ' * 200 + b"1" + b"}" * 201),
    ],
    good=[
        Case(ROW),
        Case(ROW.replace(b"Hi", b"[" * 300)),
    ],
)
def too_deep(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "too-deep":
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end))
