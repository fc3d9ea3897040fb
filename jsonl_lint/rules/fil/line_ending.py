r"""Line ends are not line feeds.

## What it does
Flags a file with carriage returns at its line ends: before the line feed (CRLF, as Windows writes it) as a warning, and
in the place of it (CR alone, as old Macintosh programs write it) as an error. One finding each, with the count and the
first line; lines count by line feeds. Examples that carriage returns part are not looked at any further.

## Why
A carriage return before the line feed is white space to a JSON reader, but some tools take it for a part of the line. One
that stands alone ends no line at all: several examples stand on one line, and the service refuses it.

## How to repair
`jsonl-lint fix` writes line feeds. In Python, open the file with `newline="\n"`.

## Fix safety
Safe: within a JSON string a carriage return is always escaped, so that none of them is data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix, Severity
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
CRLF = ROW.replace(b"\n", b"\r\n")
CR = ROW.replace(b"\n", b"\r")
FIX = Fix("write line feeds", safe=True)


@rule(
    "FIL006",
    at=FileSummary,
    severity="error",
    repair="`jsonl-lint fix` writes line feeds",
    fixable="safe",
    gated=True,
    blocks=True,
    needs=["cr", "crlf"],
    bad=[
        Case(CRLF * 2, fixed=ROW * 2),
        Case(ROW + CRLF, fixed=ROW * 2),
        Case(CR * 2, fixed=ROW * 2),
        Case(CR + ROW, fixed=ROW * 2),
        Case(CR + CRLF, count=2, fixed=ROW * 2),
    ],
    good=[Case(ROW * 2), Case(ROW.replace(b"Hi", b"Hi\\r\\n"))],
)
def line_ending(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if file.cr is not None:
        ends = f"{plural(file.cr.count, 'line end')} of CR alone, the first on line {file.cr.first_line}"
        message = f"{ends}; a line ends with a line feed"
        yield Problem(message, line=file.cr.first_line, lines=file.cr.count, fix=FIX)
    if file.crlf is not None:
        ends = "line ends" if file.crlf.count == 1 else "lines end"
        first = f"the first is line {file.crlf.first_line}"
        message = f"{file.crlf.count:,} {ends} with CRLF, {first}; a line feed alone is enough"
        yield Problem(message, line=file.crlf.first_line, severity=Severity.WARNING, fix=FIX)
