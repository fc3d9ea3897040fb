"""The last line has no line end.

## What it does
Flags a file whose last byte is no line feed.

## Why
Readers take such a last line, but when another file is appended to this one its first example lands on the same line.

## How to repair
End every line with a line feed, the last one too.

## Fix safety
Safe: a line feed is no part of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Edit, Fix
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "FIL009",
    at=FileSummary,
    severity="info",
    repair="end the last line with a line feed; `jsonl-lint fix` does",
    fixable="safe",
    gated=True,
    bad=[Case(ROW.strip(), fixed=ROW), Case(ROW + ROW.strip(), fixed=ROW * 2)],
    good=[Case(ROW), Case(b"")],
)
def no_final_newline(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    # In a file that is parted by carriage returns FIL006 names the line ends, the last one among them.
    if file.final_newline or file.is_empty or not file.is_jsonl or file.cr is not None:
        return
    fix = Fix("add a line feed at the end", safe=True, edits=(Edit(file.size, file.size, b"\n"),))
    yield Problem("no line feed at the end of the last line", line=file.lines, fix=fix)
