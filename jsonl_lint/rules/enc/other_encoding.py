"""The file is UTF-16 or UTF-32.

## What it does
Flags a file that is UTF-16 or UTF-32 as a whole, told by its byte order mark or by the zero bytes around its first
characters. Nothing else in such a file is looked at.

## Why
JSON Lines is UTF-8, and services read nothing else. Excel, Notepad ("Unicode") and PowerShell's `>` write UTF-16.

## How to repair
`jsonl-lint fix` writes the file as UTF-8; then check it again. In Python, read it with `encoding="utf-16"` and write it
with `encoding="utf-8"`.

## Fix safety
Safe: the characters stay the same, only their bytes change.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'

NAMES = {
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32-le": "UTF-32 (little-endian)",
    "utf-32-be": "UTF-32 (big-endian)",
}


def widened(before: int, after: int) -> bytes:
    """The row as an encoding of several bytes has it; the codecs themselves take a while to load."""
    return b"".join(bytes(before) + bytes([byte]) + bytes(after) for byte in ROW)


@rule(
    "ENC004",
    at=FileSummary,
    severity="error",
    repair="`jsonl-lint fix` writes the file as UTF-8",
    fixable="safe",
    gated=True,
    blocks=True,
    needs=["encoding"],
    bad=[
        Case(b"\xff\xfe" + widened(0, 1), fixed=ROW),
        Case(widened(1, 0), fixed=ROW),
        Case(b"\xff\xfe\x00\x00" + widened(0, 3), fixed=ROW),
        Case(widened(3, 0), fixed=ROW),
    ],
    good=[Case(ROW), Case(ROW.replace(b"Hi", "Grüße, 世界".encode()))],
)
def other_encoding(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if file.encoding is None:
        return
    name = NAMES.get(file.encoding, file.encoding)
    yield Problem(f"the file is {name}; it must be UTF-8", span=(0, 0), fix=Fix("write the file as UTF-8", safe=True))
