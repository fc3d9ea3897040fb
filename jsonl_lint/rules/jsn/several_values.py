"""More than one JSON value stands on the line.

## What it does
Flags a line on which something follows that would be a value of its own: another object after the first, also one with a
fault, which is named when it has a line of its own.

## Why
In JSON Lines each line is one value. Such lines come from writing without a line end, or from appending to a file whose
last line has none. The service refuses the line.

## How to repair
Put each value on a line of its own.

## Fix safety
Safe: each value stays as it is, and a line feed is put between them.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN008",
    at=Line,
    severity="error",
    repair="put each value on a line of its own",
    fixable="safe",
    gated=True,
    blocks=True,
    bad=[
        Case(ROW + b" " + ROW, fixed=ROW + b"\n" + ROW),
        Case(ROW + ROW, fixed=ROW + b"\n" + ROW),
        Case(ROW + ROW + ROW, fixed=ROW + b"\n" + ROW + b"\n" + ROW),
        Case(ROW + ROW[:-1], fixed=ROW + b"\n" + ROW[:-1]),
        Case(ROW + ROW.replace(b"]}", b",]}") + ROW, fixed=ROW + b"\n" + ROW.replace(b"]}", b",]}") + ROW),
    ],
    good=[
        Case(ROW),
        Case(ROW + b"\n" + ROW),
    ],
)
def several_values(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "several-values":
            fix = Fix("put each value on a line of its own", True, fault.edits) if fault.edits else None
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end), fix=fix)
