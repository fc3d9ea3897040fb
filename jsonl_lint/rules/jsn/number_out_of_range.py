"""A number is out of range.

## What it does
Flags an integer beyond 9,007,199,254,740,991 (2^53 - 1) on either side of zero, and a number too large for a float.

## Why
Readers keep numbers as 64-bit floats (RFC 8259, section 6): a larger integer is silently rounded to another one, and a
larger float becomes infinite.

## How to repair
Write the number as a string, which keeps every digit.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

TOOL = (
    b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}], "tools": [{"type": '
    b'"function", "function": {"name": "f", "parameters": {"type": "object", "minProperties": 1}}}]}'
)


@rule(
    "JSN007",
    at=Line,
    severity="warning",
    repair="write the number as a string",
    gated=True,
    bad=[
        Case(TOOL.replace(b"1}", b"9007199254740992}")),
        Case(TOOL.replace(b"1}", b"-9007199254740992}")),
        Case(TOOL.replace(b"1}", b"1e999}")),
    ],
    good=[
        Case(TOOL.replace(b"1}", b"9007199254740991}")),
        Case(TOOL.replace(b"1}", b"1.5e300}")),
    ],
)
def number_out_of_range(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "number-range":
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end))
