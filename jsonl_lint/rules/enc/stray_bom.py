"""A byte order mark at the start of a line.

## What it does
Flags the character U+FEFF (the bytes `EF BB BF`) at the start of a line, other than one mark at the start of the file.

## Why
The mark is meaningful at the start of a file alone. Before a later line it comes from files that were concatenated, and
makes that line invalid JSON.

## How to repair
`jsonl-lint fix` takes it out. Concatenate files with a tool that knows the mark, or write them without one.

## Fix safety
Safe: the mark is no part of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Edit, Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import BOM, plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "ENC005",
    at=Line,
    severity="error",
    repair="`jsonl-lint fix` takes it out",
    fixable="safe",
    gated=True,
    bad=[
        Case(ROW + BOM + ROW, fixed=ROW + ROW),
        Case(BOM + BOM + ROW, fixed=BOM + ROW),
        Case(ROW + BOM + BOM + ROW, fixed=ROW + ROW),
    ],
    good=[Case(BOM + ROW), Case(ROW.replace(b"Hi", b"Hi" + BOM))],
)
def stray_bom(line: Line, facts: Facts) -> Iterator[Problem]:
    end = 0
    while line.text.startswith(BOM, end):
        end += len(BOM)
    if not end:
        return
    fix = Fix("take it out", safe=True, edits=(Edit(0, end, b""),))
    marks = plural(end // len(BOM), "byte order mark")
    message = f"{marks} (U+FEFF) at the start of the line; only a file may begin with one"
    yield Problem(message, span=(0, end), fix=fix)
