"""Part of the data was not gone into.

## What it does
Says how much of the data was not looked at any further, because it has a defect whose rule is ignored: a line that is
not JSON can't be judged as an example, whether or not the rule that would have said so is switched on.

## Why
A clean verdict is a promise. Without this finding, ignoring one rule would silently switch off all those behind it.

## How to repair
Repair the lines, or remove them, or switch the named rule on to see them. This rule can't be ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, Tally, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "JLT001",
    at=FileSummary,
    severity="warning",
    repair="repair the lines, or remove them, or switch the named rule on to see them",
    needs=["blocked_by"],
    bad=[
        Case(ROW + b"{\n" + ROW, ignore=("JSN001",)),
        Case(b"[]\n" + ROW + b"{\n", count=2, ignore=("JSN",)),
        Case(b"[" + ROW.strip() + b"]", ignore=("FIL007",)),
        Case(ROW.decode().encode("utf-16"), ignore=("ENC004",)),
        Case(ROW + b'{"prompt": "Hi"}\n', ignore=("FIL008",)),
        Case(ROW.replace(b"\n", b"\r") * 2, ignore=("FIL006",)),
    ],
    good=[
        Case(ROW, ignore=("JSN001", "FIL007", "ENC004")),
        Case(ROW.replace(b"\n", b"\r\n"), ignore=("FIL006",)),
    ],
)
def unchecked(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    for rule_label, tally in sorted(file.blocked_by.items()):
        what = lines_of(tally) if file.is_jsonl else "the file was"
        message = f"{what} not gone into any further, because {rule_label}, which names the defect, is ignored"
        yield Problem(message, line=tally.first_line)


def lines_of(tally: Tally) -> str:
    """The lines of a tally in words, with the verb."""
    if tally.count == 1:
        return f"line {tally.first_line} was"
    return f"{tally.count:,} lines, from line {tally.first_line} on, were"
