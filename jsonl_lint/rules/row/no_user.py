"""The example has no user message.

## What it does
Flags an example of supervised fine-tuning in which no message is the user's.

## Why
The assistant answers to nothing: the model learns to say this whatever it is asked.

## How to repair
Add the question that the assistant answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "ROW006",
    at=Roles,
    severity="warning",
    repair="add the question that the assistant answers",
    methods=["sft"],
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [SYSTEM, ANSWER]}, at="/messages"),
        Case({"messages": [ANSWER]}, at="/messages"),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [SYSTEM, QUESTION, ANSWER]}),
    ],
)
def no_user(roles: Roles, facts: Facts) -> Iterator[Problem]:
    if roles.is_known and "user" not in roles.order:
        yield Problem("no user message; an example must have one for the assistant to answer")
