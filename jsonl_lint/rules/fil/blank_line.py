"""The line is blank.

## What it does
Flags a line without anything on it but white space, also at the end of the file.

## Why
In JSON Lines each line is one value. Some services skip blank lines, others stop at them.

## How to repair
Delete the line.

## Fix safety
Safe: there is no data on the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "FIL005",
    at=Line,
    severity="error",
    repair="delete the line; `jsonl-lint fix` does",
    fixable="safe",
    gated=True,
    bad=[
        Case(ROW + b"\n", fixed=ROW),
        Case(b" \t\n" + ROW, fixed=ROW),
        Case(ROW + b"\n\n" + ROW, count=2, fixed=ROW + ROW),
    ],
    good=[Case(ROW + ROW)],
)
def blank_line(line: Line, facts: Facts) -> Iterator[Problem]:
    if line.is_blank:
        fix = Fix("delete the line", safe=True, deletes_line=True)
        yield Problem("the line is blank", span=(0, len(line.text)), fix=fix)
