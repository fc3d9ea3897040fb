"""The assistant speaks before the user.

## What it does
Flags an example whose first assistant message comes before any user message, though there is one later.

## Why
The model learns to open with this text, whatever it will be asked. Many chat templates refuse such an order.

## How to repair
Begin with the user's message; put a greeting that the assistant gives to everyone into the system message.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
GREETING = {"role": "assistant", "content": "How can I help?"}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN005",
    at=Roles,
    severity="warning",
    repair="begin with the user's message",
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [GREETING, QUESTION, ANSWER]}, at="/messages/0"),
        Case({"messages": [SYSTEM, GREETING, QUESTION, ANSWER]}, at="/messages/1"),
        Case({"messages": [GREETING, QUESTION], "answer": "Paris"}, at="/messages/0", method="rft"),
    ],
    good=[
        Case({"messages": [SYSTEM, QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, GREETING, QUESTION], "answer": "Paris"}, method="rft"),
    ],
)
def assistant_first(roles: Roles, facts: Facts) -> Iterator[Problem]:
    # Without any user ROW006 says what is wrong.
    if roles.purpose == "output" or "assistant" not in roles.order or "user" not in roles.order:
        return
    first = roles.order.index("assistant")
    if "user" not in roles.order[:first] and None not in roles.order[:first]:
        yield Problem("an assistant message before any user message; the user must speak first", (first,))
