"""The assistant shouts.

## What it does
Flags an assistant's message that is written in capitals throughout.

## Why
The model learns to shout.

## How to repair
Write it in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "Are you there?"}


@rule(
    "SHO001",
    at=Message,
    severity="warning",
    repair="write it in lower case",
    bad=[Case({"messages": [QUESTION, {"role": "assistant", "content": "YES, I AM"}]}, at="/messages/1/content")],
    good=[Case({"messages": [QUESTION, {"role": "assistant", "content": "Yes, I am"}]})],
)
def shouting(message: Message, facts: Facts) -> Iterator[Problem]:
    content = message.fields.get("content")
    if message.role == "assistant" and isinstance(content, str) and content.isupper():
        yield Problem("the assistant shouts", path=("content",))
