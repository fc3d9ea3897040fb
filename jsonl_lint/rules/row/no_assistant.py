"""The example has no assistant message.

## What it does
Flags an example of supervised fine-tuning in which no message is the assistant's.

## Why
The model is trained on the assistant's messages. Without one there is nothing to learn, and the service refuses the
line.

## How to repair
Add the assistant's answer, or delete the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "ROW005",
    at=Roles,
    severity="error",
    repair="add the assistant's answer, or delete the line",
    methods=["sft"],
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [QUESTION]}, at="/messages"),
        Case({"messages": [SYSTEM, QUESTION, QUESTION]}, at="/messages"),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [QUESTION], "answer": "Paris"}, method="rft"),
    ],
)
def no_assistant(roles: Roles, facts: Facts) -> Iterator[Problem]:
    if roles.is_known and "assistant" not in roles.order:
        yield Problem("no assistant message; an example must have one to learn from")
