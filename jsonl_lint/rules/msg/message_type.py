"""A message is not an object.

## What it does
Flags each element of a list of messages that is anything but an object, and says so if it is a string of JSON.

## Why
The service reads each message as an object with a role and content. A bare string has no role.

## How to repair
Write `{"role": "user", "content": "..."}` instead of `"..."`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.row.messages_type import holds_json
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "MSG001",
    at=Message,
    severity="error",
    repair="write the message as an object with role and content",
    gated=True,
    blocks=True,
    bad=[
        Case({"messages": ["What is the capital of France?", ANSWER]}, at="/messages/0"),
        Case({"messages": [QUESTION, None, ANSWER]}, at="/messages/1"),
        Case({"messages": [[QUESTION, ANSWER], QUESTION, ANSWER]}, at="/messages/0"),
        Case({"messages": ['{"role": "user", "content": "Hi"}', ANSWER]}, at="/messages/0"),
        Case({"messages": [1, True]}, count=2),
        Case(
            {"input": {"messages": [QUESTION]}, "preferred_output": ["Paris"], "non_preferred_output": [ANSWER]},
            at="/preferred_output/0",
            method="dpo",
        ),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]})],
)
def message_type(message: Message, facts: Facts) -> Iterator[Problem]:
    if isinstance(message.value, dict):
        return
    what = "a string of JSON" if holds_json(message.value) else kind(message.value)
    yield Problem(f"the message is {what}; it must be an object with role and content")
