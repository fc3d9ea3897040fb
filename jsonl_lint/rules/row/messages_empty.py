"""The example has an empty list of messages.

## What it does
Flags a line whose `messages` is an array without elements.

## Why
There is nothing to train on, and the service refuses the file.

## How to repair
Delete the line, or write its messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "ROW003",
    at=Row,
    severity="error",
    repair="delete the line, or write its messages",
    methods=["sft", "rft"],
    gated=True,
    bad=[
        Case({"messages": []}, at="/messages"),
        Case({"messages": [], "parallel_tool_calls": True}, at="/messages"),
        Case({"messages": []}, at="/messages", method="rft"),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]})],
)
def messages_empty(row: Row, facts: Facts) -> Iterator[Problem]:
    if isinstance(row.value, dict) and row.value.get("messages") == []:
        yield Problem("messages is empty; it must hold at least a question and its answer", ("messages",))
