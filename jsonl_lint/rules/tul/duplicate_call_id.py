"""Two calls of one example have the same id.

## What it does
Flags the second of two tool calls with one id in the messages of an example.

## Why
A result names the call that it answers by its id. With two of them it can't be told which is meant.

## How to repair
Give each call an id of its own, and its result the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.round_trips import calls_of, id_of
from jsonl_lint.rule import Case, Conversation, Problem, rule
from jsonl_lint.rules.tul.orphan_result import calls, result, row
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted


@rule(
    "TUL010",
    at=Conversation,
    beyond_talk=True,
    severity="error",
    repair="give each call an id of its own, and its result the same",
    gated=True,
    bad=[
        Case(row(calls("a", "a"), result("a"), result("a")), at="/messages/1/tool_calls/1/id"),
        Case(row(calls("a"), result("a"), calls("a"), result("a")), at="/messages/3/tool_calls/0/id"),
    ],
    good=[Case(row(calls("a", "b"), result("a"), result("b")))],
)
def duplicate_call_id(conversation: Conversation, facts: Facts) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, item in enumerate(conversation.items):
        for place, call in enumerate(calls_of(item) if isinstance(item, dict) else ()):
            name = id_of(call)
            if name is None:
                continue
            if name in seen:
                what = f"the id {quoted(name)} is that of a call in message {seen[name] + 1}, too"
                yield Problem(what, (index, "tool_calls", place, "id"))
            seen.setdefault(name, index)
