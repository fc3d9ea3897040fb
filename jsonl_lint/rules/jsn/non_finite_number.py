"""NaN or Infinity stands where a number must.

## What it does
Flags the words `NaN`, `Infinity` and `-Infinity` in the place of a value.

## Why
JSON has no such numbers. Python's `json` module writes and reads them by default; other readers refuse the line.

## How to repair
Write `null` or a number, or leave the key out. In Python, `json.dumps(example, allow_nan=False)` finds them on writing.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN004",
    at=Line,
    severity="error",
    repair="write null or a number, or leave the key out",
    gated=True,
    bad=[
        Case(ROW.replace(b'"Hello"', b'"Hello", "weight": NaN'), at="/messages/1/weight"),
        Case(ROW.replace(b'"Hello"', b'"Hello", "weight": -Infinity'), at="/messages/1/weight"),
        Case(ROW.replace(b'"Hello"', b'"Hello", "weight": Infinity'), at="/messages/1/weight"),
    ],
    good=[
        Case(ROW.replace(b"Hello", b"NaN and -Infinity")),
        Case(ROW.replace(b'"Hello"', b'"Hello", "weight": 1')),
    ],
)
def non_finite_number(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "non-finite":
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end))
