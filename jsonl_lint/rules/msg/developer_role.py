"""A message has the role developer.

## What it does
Flags messages of the role `developer` where the target documents it for reinforcement fine-tuning only.

## Why
The documents of supervised fine-tuning know `system` alone. Whether `developer` is taken there is not documented.

## How to repair
Write `system` instead.

## Fix safety
Safe: `developer` is the newer name of `system`, and models treat both alike. There is no fix where the example has a
system message too, because then there would be two.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, Repair, Replace, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
DEVELOPER = {"role": "developer", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "MSG010",
    at=Message,
    severity="warning",
    repair="write system instead",
    fixable="safe",
    gated=True,
    bad=[
        Case(
            {"messages": [DEVELOPER, QUESTION, ANSWER]},
            at="/messages/0/role",
            fixed={"messages": [SYSTEM, QUESTION, ANSWER]},
        ),
        Case({"messages": [SYSTEM, DEVELOPER, QUESTION, ANSWER]}, at="/messages/1/role"),
    ],
    good=[Case({"messages": [SYSTEM, QUESTION, ANSWER]}), Case({"messages": [QUESTION, ANSWER]})],
)
def developer_role(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role != "developer":
        return
    repair = None
    if "system" in facts.roles and "system" not in message.conversation.roles.order:
        repair = Repair("change the role to system", True, (Replace(("role",), "system"),))
    what = "the role developer is documented for reinforcement fine-tuning only; it must be system"
    yield Problem(what, ("role",), repair=repair)
