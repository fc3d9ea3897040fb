"""The example begins with more than one system message.

## What it does
Flags an example that begins with two or more system messages, or two or more developer messages. A system message
further down is a matter of `system-not-first`.

## Why
Most chat templates have room for one system message; others are dropped or run together.

## How to repair
Put the texts together into one system message.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
DEVELOPER = {"role": "developer", "content": "Be kind."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN003",
    at=Roles,
    severity="warning",
    repair="put the texts together into one system message",
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [SYSTEM, SYSTEM, QUESTION, ANSWER]}, at="/messages/1"),
        Case({"messages": [SYSTEM, SYSTEM, SYSTEM, QUESTION, ANSWER]}, at="/messages/1"),
        Case({"messages": [SYSTEM, DEVELOPER, SYSTEM, QUESTION], "answer": "Paris"}, at="/messages/2", method="rft"),
        Case({"messages": [DEVELOPER, DEVELOPER, QUESTION], "answer": "Paris"}, at="/messages/1", method="rft"),
    ],
    good=[
        Case({"messages": [SYSTEM, QUESTION, ANSWER]}),
        Case({"messages": [SYSTEM, DEVELOPER, QUESTION], "answer": "Paris"}, method="rft"),
    ],
)
def several_system(roles: Roles, facts: Facts) -> Iterator[Problem]:
    if roles.purpose == "output":
        return
    leading = list(takewhile(lambda role: role in ("system", "developer"), roles.order))
    for role in ("system", "developer"):
        if leading.count(role) > 1:
            second = leading.index(role, leading.index(role) + 1)
            yield Problem(f"{leading.count(role)} {role} messages; there must be no more than one", (second,))
