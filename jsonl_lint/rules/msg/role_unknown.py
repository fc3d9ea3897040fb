"""A message has a role that the target does not know.

## What it does
Flags a `role` that is not one of the target's roles: another spelling (`User`), the name that other formats give it
(`human`, `gpt`), or anything else.

## Why
The service refuses roles that it does not know, exactly as they are spelled.

## How to repair
Write one of the target's roles, in lower case.

## Fix safety
Safe: the fix only changes the spelling of a role, or a well-known other name of it, to the one that the target knows.
There is no fix for what could mean something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.errors import nearest
from jsonl_lint.rule import Case, Message, Problem, Repair, Replace, intended_role, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
GOOD = {"messages": [QUESTION, ANSWER]}


@rule(
    "MSG003",
    at=Message,
    severity="error",
    repair="write one of the target's roles, in lower case",
    fixable="safe",
    gated=True,
    blocks=True,
    bad=[
        Case({"messages": [{**QUESTION, "role": "User"}, ANSWER]}, at="/messages/0/role", fixed=GOOD),
        Case({"messages": [{**QUESTION, "role": "human"}, ANSWER]}, at="/messages/0/role", fixed=GOOD),
        Case({"messages": [QUESTION, {**ANSWER, "role": "gpt"}]}, at="/messages/1/role", fixed=GOOD),
        Case({"messages": [QUESTION, {**ANSWER, "role": " assistant"}]}, at="/messages/1/role", fixed=GOOD),
        Case({"messages": [{**QUESTION, "role": "narrator"}, ANSWER]}, at="/messages/0/role"),
        Case({"messages": [QUESTION, {**ANSWER, "role": "asistant"}]}, at="/messages/1/role"),
        Case({"messages": [QUESTION, {**ANSWER, "role": None}]}, at="/messages/1/role"),
        Case({"messages": [{**QUESTION, "role": ["user"]}, {**ANSWER, "role": 1}]}, count=2),
        Case({"messages": [{**QUESTION, "role": ""}, ANSWER]}, at="/messages/0/role"),
    ],
    good=[Case(GOOD), Case({"messages": [{"role": "system", "content": "Be brief."}, QUESTION, ANSWER]})],
)
def role_unknown(message: Message, facts: Facts) -> Iterator[Problem]:
    if "role" not in message.fields:
        return
    role = message.fields["role"]
    if not isinstance(role, str):
        yield Problem(f"role is {kind(role)}; it must be one of {', '.join(facts.roles)}", ("role",))
        return
    if role in facts.roles:
        return
    meant = intended_role(role)
    if meant in facts.roles:
        repair = Repair(f"change the role to {meant}", True, (Replace(("role",), meant),))
        yield Problem(f"unknown role {quoted(role)}; it must be {meant}", ("role",), repair=repair)
        return
    hint = nearest(role, facts.roles) or f"; it must be one of {', '.join(facts.roles)}"
    yield Problem(f"unknown role {quoted(role)}{hint}", ("role",))
