"""A call's id is not of the form that the target demands.

## What it does
Flags the `id` of a tool call that does not match the target's pattern (Mistral: nine letters and digits).

## Why
The target refuses other ids, as those that OpenAI's models make (`call_...`).

## How to repair
Write ids of the demanded form, the same in the call and in its result.

## Fix safety
Safe: an id says nothing but which result belongs to which call. The fix changes both alike, and the same id to the same
one everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonl_lint.round_trips import calls_of, id_of
from jsonl_lint.rule import Case, Conversation, Problem, Repair, Replace, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]
NINE = {"call_id_pattern": "^[a-zA-Z0-9]{9}$"}


def row(name: str) -> dict[str, Any]:
    """An example with a call of this id, and its result."""
    call = {"id": name, "type": "function", "function": {"name": "capital", "arguments": "{}"}}
    result = {"role": "tool", "tool_call_id": name, "content": "Paris"}
    return {"messages": [QUESTION, {"role": "assistant", "tool_calls": [call]}, result, ANSWER], "tools": TOOLS}


@rule(
    "TUL016",
    at=Conversation,
    beyond_talk=True,
    severity="error",
    repair="write ids of the demanded form, the same in the call and in its result",
    fixable="safe",
    default=False,
    gated=True,
    bad=[
        Case(row("call_1"), at="/messages/1/tool_calls/0/id", facts=NINE, fixed=row("74196fe72")),
        Case(row("call_abcdefghij"), at="/messages/1/tool_calls/0/id", facts=NINE),
        Case(row("abc"), at="/messages/1/tool_calls/0/id", facts={"call_id_pattern": "^never-[0-9]+x$"}),
    ],
    good=[Case(row("abcDEF123"), facts=NINE), Case(row("call_1"))],
)
def call_id_format(conversation: Conversation, facts: Facts) -> Iterator[Problem]:
    pattern = facts.call_id_pattern
    if pattern is None:
        return
    for index, item in enumerate(conversation.items):
        for place, call in enumerate(calls_of(item) if isinstance(item, dict) else ()):
            name = id_of(call)
            if name is not None and not re.search(pattern, name):
                what = f"the id {quoted(name)} does not match {pattern}, which the target demands"
                path = (index, "tool_calls", place, "id")
                yield Problem(what, path, repair=renamed(conversation, index, place, pattern))


def renamed(conversation: Conversation, index: int, place: int, pattern: str) -> Repair | None:
    """The repair that gives a call and its result another id; None if no id of ours has the demanded form."""
    name = conversation.items[index]["tool_calls"][place]["id"]
    from hashlib import sha256

    fresh = sha256(name.encode("utf-8", "replace")).hexdigest()[:9]
    if not re.search(pattern, fresh):
        return None
    steps = [Replace((index, "tool_calls", place, "id"), fresh)]
    for number, item in enumerate(conversation.items[index + 1 :], index + 1):
        if not isinstance(item, dict) or item.get("role") != "tool":
            break
        if item.get("tool_call_id") == name:
            steps.append(Replace((number, "tool_call_id"), fresh))
    return Repair(f"change the id to {fresh}", True, tuple(steps))
