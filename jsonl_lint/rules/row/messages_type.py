"""The messages are no array.

## What it does
Flags a line whose `messages` is anything but an array, and says so if it is a string that holds JSON.

## Why
The service reads `messages` as an array of objects. A string of JSON comes from encoding the messages twice.

## How to repair
Write the messages as an array: `"messages": [...]`, not `"messages": "[...]"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "ROW002",
    at=Row,
    severity="error",
    repair="write the messages as an array",
    methods=["sft", "rft"],
    gated=True,
    blocks=True,
    bad=[
        Case({"messages": None}, at="/messages"),
        Case({"messages": "Hi"}, at="/messages"),
        Case({"messages": '[{"role": "user", "content": "Hi"}]'}, at="/messages"),
        Case({"messages": QUESTION}, at="/messages"),
        Case({"messages": {"0": QUESTION, "1": ANSWER}}, at="/messages"),
        Case({"messages": 2}, at="/messages"),
        Case({"messages": False}, at="/messages", method="rft"),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]})],
)
def messages_type(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict) or "messages" not in row.value:
        return
    messages = row.value["messages"]
    if isinstance(messages, list):
        return
    what = "a string of JSON" if holds_json(messages) else kind(messages)
    yield Problem(f"messages is {what}; it must be an array", ("messages",))


def holds_json(value: Any) -> bool:
    """Whether a value is a string in which an array or object is written as JSON."""
    if not isinstance(value, str) or not value.strip().startswith(("[", "{")):
        return False
    try:
        orjson.loads(value)
    except ValueError:
        return False
    return True
