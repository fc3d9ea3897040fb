r"""Half of a surrogate pair stands alone.

## What it does
Flags an escape from `\ud800` to `\udfff` without the partner that makes it a character.

## Why
It stands for no character, and can't be written as UTF-8. Such text comes from cutting a string in the middle of an emoji.
Readers refuse the line or put U+FFFD in its place.

## How to repair
Delete the escape, or write the whole character. Cut strings by characters, not by UTF-16 units.

## Fix safety
Unsafe: the character that was meant can't be known any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN005",
    at=Line,
    severity="error",
    repair="delete the escape, or write the whole character",
    fixable="unsafe",
    gated=True,
    bad=[
        Case(ROW.replace(b"Hi", b"Hi \\ud83d"), at="/messages/0/content", fixed=ROW.replace(b"Hi", b"Hi \\ufffd")),
        Case(ROW.replace(b"Hi", b"\\udE00 Hi"), at="/messages/0/content"),
        Case(ROW.replace(b"Hi", b"\\ude00\\ud83d"), count=2),
    ],
    good=[
        Case(ROW.replace(b"Hi", b"\\ud83d\\uDE00")),
        Case(ROW.replace(b"Hi", b"\\\\ud83d")),
    ],
)
def lone_surrogate(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "lone-surrogate":
            fix = Fix("put U+FFFD in its place", False, fault.edits) if fault.edits else None
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end), fix=fix)
