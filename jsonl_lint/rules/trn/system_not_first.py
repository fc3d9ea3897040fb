"""A system message stands after another role.

## What it does
Flags each system (or developer) message that comes after a message of another role.

## Why
Models are trained and used with the system message at the start. In the middle of a conversation it is taken for part
of it, or is dropped.

## How to repair
Move the system message to the start, or put its text into the user's message.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
DEVELOPER = {"role": "developer", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN002",
    at=Roles,
    severity="warning",
    repair="move the system message to the start",
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [QUESTION, SYSTEM, ANSWER]}, at="/messages/1"),
        Case({"messages": [SYSTEM, QUESTION, SYSTEM, ANSWER]}, at="/messages/2"),
        Case({"messages": [QUESTION, ANSWER, DEVELOPER, QUESTION], "answer": "Madrid"}, at="/messages/2", method="rft"),
        Case({"messages": [QUESTION, SYSTEM, SYSTEM, ANSWER]}, count=2),
    ],
    good=[
        Case({"messages": [SYSTEM, QUESTION, ANSWER]}),
        Case({"messages": [SYSTEM, DEVELOPER, QUESTION]}, method="rft"),
    ],
)
def system_not_first(roles: Roles, facts: Facts) -> Iterator[Problem]:
    if roles.purpose == "output":
        return
    has_begun = False
    for index, role in enumerate(roles.order):
        if role in ("system", "developer"):
            if has_begun:
                yield Problem(f"a {role} message after another role; it must stand first", (index,))
        # A role that can't be told may be meant as system.
        elif role is not None:
            has_begun = True
