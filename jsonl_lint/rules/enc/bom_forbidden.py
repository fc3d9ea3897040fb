"""The file begins with a byte order mark.

## What it does
Flags a file that begins with the UTF-8 byte order mark (the bytes `EF BB BF`), where the target does not take one.

## Why
A JSON reader that does not expect the mark stops at it: the first line, and often the whole file, is refused.

## How to repair
`jsonl-lint fix` takes the mark off. In Python, write the file with `encoding="utf-8"`, not `"utf-8-sig"`.

## Fix safety
Safe: the mark is no part of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Edit, Fix
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import BOM

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "ENC002",
    at=FileSummary,
    severity="error",
    repair="`jsonl-lint fix` takes it off",
    fixable="safe",
    gated=True,
    bad=[Case(BOM + ROW, facts={"bom": "forbidden"}, fixed=ROW)],
    good=[Case(ROW, facts={"bom": "forbidden"}), Case(BOM + ROW, facts={"bom": "optional"}), Case(BOM + ROW)],
)
def bom_forbidden(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if facts.bom != "forbidden" or not file.bom or file.is_empty:
        return
    fix = Fix("take the byte order mark off", safe=True, edits=(Edit(0, len(BOM), b""),))
    yield Problem("a UTF-8 byte order mark at the start of the file; the target takes none", span=(0, 0), fix=fix)
