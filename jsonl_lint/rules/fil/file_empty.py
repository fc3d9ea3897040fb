"""The file holds no examples.

## What it does
Flags a file without bytes, or with blank lines only.

## Why
There is nothing to train on; the service answers "no valid json line found in file".

## How to repair
Look whether the program that writes the file has failed, or is still at work.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import BOM

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "FIL003",
    at=FileSummary,
    severity="error",
    repair="look whether the program that writes the file has failed, or is still at work",
    gated=True,
    replaces=["FIL005"],
    needs=["is_empty"],
    bad=[Case(b""), Case(BOM), Case(b"\n \t\r\n")],
    good=[Case(ROW), Case(b"\xff\xfe{\x00}\x00")],
)
def file_empty(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if not file.is_jsonl or not file.is_empty:
        return
    what = "holds only blank lines" if file.lines else "is empty"
    yield Problem(f"the file {what}; it must hold one example on each line")
