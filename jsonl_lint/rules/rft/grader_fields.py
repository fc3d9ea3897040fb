"""Lines do not all carry the same keys for the grader.

## What it does
Compares the keys beside `messages` and `tools` of all lines of a reinforcement file, and flags the first line that has
others than the first line. One finding per file.

## Why
The grader reads these keys by name (`item.answer`). Where one is missing it fails or gives no reward, and the line
teaches nothing.

## How to repair
Give every line the same keys, with null or an empty value where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Example, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ROW = {"messages": [QUESTION]}


@rule(
    "RFT002",
    at=Example,
    severity="warning",
    repair="give every line the same keys",
    methods=["rft"],
    gated=True,
    bad=[
        Case([{**ROW, "answer": "Paris"}, {**ROW, "answer": "Lyon"}, {**ROW, "target": "Rome"}], method="rft"),
        Case([{**ROW, "answer": "Paris"}, ROW], method="rft"),
        Case([ROW, {**ROW, "answer": "Paris", "level": 2}], method="rft"),
    ],
    good=[
        Case([{**ROW, "answer": "Paris", "level": 1}, {"level": 2, "answer": None, **ROW}], method="rft"),
        Case([ROW, {**ROW, "tools": []}], method="rft"),
    ],
)
class GraderFields:
    """The grader's keys of the first example, and the first example with others."""

    def __init__(self, facts: Facts) -> None:
        self.own = frozenset(facts.row_keys)
        self.first: tuple[int, frozenset[str]] | None = None
        self.other: tuple[int, frozenset[str]] | None = None

    def add(self, example: Example) -> None:
        """Take in one example."""
        self.take(example.line, self.own.symmetric_difference(example.value) - self.own)

    def take(self, line: int, keys: frozenset[str]) -> None:
        """Take in the keys of a line."""
        if self.first is None:
            self.first = (line, keys)
        elif self.other is None and keys != self.first[1]:
            self.other = (line, keys)

    def merge(self, other: GraderFields, lines: int) -> None:
        """Take in the state of the range that follows; its line numbers begin after `lines` lines."""
        for found in (other.first, other.other):
            if found is not None:
                self.take(found[0] + lines, found[1])

    def finish(self, file: FileSummary) -> Iterator[Problem]:
        """The problem of the whole file."""
        if self.first is None or self.other is None:
            return
        (first_line, first), (line, keys) = self.first, self.other
        differences = []
        if first - keys:
            differences.append(f"lacks {named(first - keys)}")
        if keys - first:
            differences.append(f"has {named(keys - first)} besides")
        what = f"line {line} {' and '.join(differences)}, unlike line {first_line}"
        yield Problem(f"the keys for the grader are not the same on all lines: {what}", line=line)


def named(keys: frozenset[str]) -> str:
    """Some keys as words, in an order that is always the same."""
    return ", ".join(quoted(key) for key in sorted(keys)[:5])
