"""Null content beside tool calls.

## What it does
Flags an assistant's message that calls tools and has `"content": null` beside, for targets known to refuse that.

## Why
The documents allow it, but users report files that were refused ("contains invalid schema") until the key was gone.

## How to repair
Remove `content` from messages that only call tools.

## Fix safety
Safe: null content says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, Remove, Repair, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": "{}"}}
CALLING = {"role": "assistant", "tool_calls": [CALL]}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]
GOOD = {"messages": [QUESTION, CALLING], "tools": TOOLS}


@rule(
    "TUL015",
    at=Message,
    severity="warning",
    repair="remove content from messages that only call tools",
    fixable="safe",
    gated=True,
    bad=[
        Case(
            {"messages": [QUESTION, {"content": None, **CALLING}], "tools": TOOLS},
            at="/messages/1/content",
            fixed=GOOD,
        ),
    ],
    good=[
        Case(GOOD),
        Case({"messages": [QUESTION, {**CALLING, "content": "Let me see."}], "tools": TOOLS}),
        Case(
            {"messages": [QUESTION, {**CALLING, "content": None}], "tools": TOOLS},
            facts={"refuses_null_content": False},
        ),
    ],
)
def null_content(message: Message, facts: Facts) -> Iterator[Problem]:
    fields = message.fields
    if not facts.refuses_null_content or message.role != "assistant":
        return
    calls = fields.get("tool_calls")
    if "content" in fields and fields["content"] is None and isinstance(calls, list) and calls:
        repair = Repair("remove content", True, (Remove(("content",)),))
        yield Problem("content is null beside tool calls, which is known to be refused", ("content",), repair=repair)
