r"""An object names a key twice.

## What it does
Flags a key that stands in its object a second time, at any depth. Keys are compared with their escapes undone: `"a"` and
`"\u0061"` are the same.

## Why
Which of the two values counts is up to the reader of the JSON: most take the last one, some the first, and strict ones
refuse the line. Data that was checked with one reader is trained on with another.

## How to repair
Delete the one that is not meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN003",
    at=Line,
    severity="error",
    repair="delete the one that is not meant",
    gated=True,
    bad=[
        Case(ROW.replace(b'"content": "Hi"', b'"content": "Ho", "content": "Hi"'), at="/messages/0/content"),
        Case(ROW.replace(b'"content": "Hi"', b'"content": "Hi", "cont\\u0065nt": "Hi"'), at="/messages/0/content"),
        Case(ROW.replace(b'{"messages"', b'{"messages": [], "messages"'), at="/messages"),
        Case(ROW.replace(b'"role": "user"', b'"role": "user", "role": "user", "role": "user"'), count=2),
    ],
    good=[
        Case(ROW),
        Case(ROW.replace(b"Hi", b'{\\"a\\": 1, \\"a\\": 2}')),
    ],
)
def duplicate_key(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "duplicate-key":
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end))
