"""A message's name is not valid.

## What it does
Flags a `name` that is not a string of 1 to 64 letters (a to z, A to Z), digits, underscores and hyphens, and a message
of the role `function` without a `name`.

## Why
The service refuses other names, also those with a space, a full stop or an accented letter.

## How to repair
Write the name with the characters that are taken, or remove it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}

ALLOWED = "1 to 64 of a-z, A-Z, 0-9, _ and -"
NAME = re.compile("[a-zA-Z0-9_-]{1,64}")


@rule(
    "MSG008",
    at=Message,
    severity="error",
    repair="write the name with letters, digits, _ and -, or remove it",
    gated=True,
    bad=[
        Case({"messages": [{**QUESTION, "name": "Ann Lee"}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [{**QUESTION, "name": ""}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [{**QUESTION, "name": "a" * 65}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [{**QUESTION, "name": "Ann\n"}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [{**QUESTION, "name": "Zo\u00eb"}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [{**QUESTION, "name": "\u0663"}, ANSWER]}, at="/messages/0/name"),
        Case({"messages": [QUESTION, {**ANSWER, "name": None}]}, at="/messages/1/name"),
        Case({"messages": [QUESTION, {**ANSWER, "name": 7}]}, at="/messages/1/name"),
        Case({"messages": [QUESTION, {"role": "function", "content": "{}"}, ANSWER]}, at="/messages/1"),
    ],
    good=[
        Case({"messages": [{**QUESTION, "name": "Ann_Lee-7"}, ANSWER]}),
        Case({"messages": [{**QUESTION, "name": "a" * 64}, ANSWER]}),
    ],
)
def name_invalid(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role is None or "name" not in facts.roles[message.role].keys:
        return
    if "name" not in message.fields:
        if message.role == "function":
            yield Problem("no name in the function message; it must name the function")
        return
    name = message.fields["name"]
    if not isinstance(name, str):
        yield Problem(f"name is {kind(name)}; it must be a string of {ALLOWED}", ("name",))
    elif not NAME.fullmatch(name):
        what = f"has {len(name)} characters" if len(name) > 64 else f"is {quoted(name)}"
        yield Problem(f"name {what}; it must be {ALLOWED}", ("name",))
