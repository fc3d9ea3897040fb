"""Lines of different methods in one file.

## What it does
Flags a file in which lines are made for another method of training than the one that the file is read for: chat
(`messages`), preference (`preferred_output`), prompt and completion. One finding for each other method, at its first
line. Such lines are not looked at any further.

## Why
A job trains by one method, and every line must have its format: the service refuses the rest, or the whole file.

## How to repair
Put the lines of each method into a file of their own, or bring them into one format. If all lines are of another
method than expected, say which with `--method`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, Tally, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
COMPLETION = b'{"prompt": "Hi", "completion": "Hello"}\n'
NAMES = {
    "sft": "sft (chat)",
    "rft": "rft (reinforcement)",
    "dpo": "dpo (preference)",
    "completion": "completion (prompt and completion)",
}


@rule(
    "FIL008",
    at=FileSummary,
    severity="error",
    repair="put the lines of each method into a file of their own",
    gated=True,
    blocks=True,
    needs=["other_methods"],
    bad=[
        Case(ROW + COMPLETION),
        Case(ROW + b'{"input": {}, "preferred_output": []}\n' + COMPLETION, count=2),
        Case(ROW * 2, method="completion"),
    ],
    good=[Case(ROW * 2), Case(COMPLETION * 2, method="completion")],
)
def mixed_formats(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    others = sum(tally.count for tally in file.other_methods.values())
    for method, tally in sorted(file.other_methods.items()):
        name = NAMES.get(method, method)
        message = f"{which(tally)} in the format of {name}, {rest(file.examples - others)}"
        yield Problem(message, line=tally.first_line, lines=tally.count)


def which(tally: Tally) -> str:
    """The lines of a tally in words, with the verb."""
    if tally.count == 1:
        return f"line {tally.first_line} is"
    return f"{tally.count:,} lines, from line {tally.first_line} on, are"


def rest(count: int) -> str:
    """What is to be said of the lines that have the format which the file is read for."""
    return "the rest is not" if count else "and none in that of the method which the file is read for"
