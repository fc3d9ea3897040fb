"""A message has no role.

## What it does
Flags a message without the key `role`, and names the key that seems to be meant by it: a misspelling, or the name that
other formats give it (`from`, ...).

## Why
The role says who speaks, and so what is trained on. The service refuses a message without one.

## How to repair
Add `role`: `system`, `user`, `assistant` or `tool`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.row.messages_missing import stand_in
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}

OTHER_NAMES = ("from", "speaker", "author", "sender")


@rule(
    "MSG002",
    at=Message,
    severity="error",
    repair="add the role of the message",
    gated=True,
    blocks=True,
    bad=[
        Case({"messages": [QUESTION, {"content": "Paris"}]}, at="/messages/1"),
        Case({"messages": [{"from": "human", "value": "Hi"}, ANSWER]}, at="/messages/0"),
        Case({"messages": [{"Role": "user", "content": "Hi"}, ANSWER]}, at="/messages/0"),
        Case({"messages": [QUESTION, {"rol": "assistant", "content": "Hi"}]}, at="/messages/1"),
        Case({"messages": [{}, {}]}, count=2),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]})],
)
def role_missing(message: Message, facts: Facts) -> Iterator[Problem]:
    if not isinstance(message.value, dict) or "role" in message.value:
        return
    known = {key for role in facts.roles.values() for key in role.keys}
    meant = stand_in(message.value, "role", known, OTHER_NAMES)
    yield Problem("no role in the message" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""))
