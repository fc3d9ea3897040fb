"""The last message is not the assistant's.

## What it does
Flags an example of supervised fine-tuning that ends with a message of another role.

## Why
An example teaches the answer that stands at its end. One that ends with a question has no answer there, and the service
refuses it or trains on less than was meant.

## How to repair
Add the assistant's answer, or delete the messages after the last one.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN001",
    at=Roles,
    severity="error",
    repair="add the assistant's answer, or delete the messages after the last one",
    methods=["sft"],
    gated=True,
    bad=[
        Case({"messages": [QUESTION, ANSWER, QUESTION]}, at="/messages/2"),
        Case({"messages": [QUESTION, ANSWER, QUESTION, QUESTION]}, at="/messages/3"),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]})],
)
def last_not_assistant(roles: Roles, facts: Facts) -> Iterator[Problem]:
    last = roles.order[-1]
    # Without any assistant ROW005 says what is wrong, and of a role that can't be told the message's own rule does.
    if last in (facts.last_role, None) or facts.last_role not in roles.order:
        return
    yield Problem(f"the last message is the {last}'s; an example ends with the assistant's", (len(roles.order) - 1,))
