"""The line is JSON, and not an object.

## What it does
Flags a line whose value is an array, a string, a number, `true`, `false` or `null`.

## Why
An example is an object with keys. A line of another kind comes from writing a list of messages without the object around
it, or from writing a string of JSON where the object was meant.

## How to repair
Write the example as an object, such as `{"messages": [...]}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "JSN002",
    at=Row,
    severity="error",
    repair='write the example as an object, such as {"messages": [...]}',
    gated=True,
    blocks=True,
    bad=[
        Case(ROW + b'[{"role": "user", "content": "Hi"}]\n', at=""),
        Case(b"[]", at=""),
        Case("Hi", at=""),
        Case(1.5, at=""),
        Case(None, at=""),
        Case(True, at=""),
    ],
    good=[Case(ROW)],
)
def not_an_object(row: Row, facts: Facts) -> Iterator[Problem]:
    if isinstance(row.value, dict):
        return
    hint = "; it looks like JSON that was written as a string" if is_encoded(row.value) else ""
    yield Problem(f"the line is {kind(row.value)}; it must be an object{hint}")


def is_encoded(value: object) -> bool:
    """Whether a string holds an object as JSON, by its brackets."""
    return isinstance(value, str) and value.lstrip().startswith("{") and value.rstrip().endswith("}")
