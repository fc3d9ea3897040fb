"""Content is of a wrong type.

## What it does
Flags `content` that is neither a string nor an array of parts: null where nothing else says anything, a number, an
object; an array where the role takes text only; and an assistant's `refusal` that is neither a string nor null.

## Why
The service refuses any other type. Null often comes from an empty cell of a table.

## How to repair
Write the content as a string, or as an array of parts: `[{"type": "text", "text": "..."}]`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.msg.content_missing import has_substitute
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}


@rule(
    "MSG005",
    at=Message,
    severity="error",
    repair="write the content as a string, or as an array of parts",
    gated=True,
    bad=[
        Case({"messages": [{"role": "user", "content": 42}, ANSWER]}, at="/messages/0/content"),
        Case({"messages": [{"role": "user", "content": None}, ANSWER]}, at="/messages/0/content"),
        Case({"messages": [QUESTION, {"role": "assistant", "content": None}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {**ANSWER, "content": {"text": "Paris"}}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {**ANSWER, "content": True}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {**ANSWER, "content": None, "tool_calls": []}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {**ANSWER, "refusal": ["No."]}]}, at="/messages/1/refusal"),
        Case(
            {
                "messages": [
                    QUESTION,
                    {"role": "function", "name": "f", "content": [{"type": "text", "text": "1"}]},
                    ANSWER,
                ]
            },
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}, ANSWER]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": None, "refusal": "I can't say."}]}),
        Case({"messages": [QUESTION, {**ANSWER, "refusal": None}]}),
    ],
)
def content_type(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role is None:
        return
    parts = facts.roles[message.role].parts
    if "content" in message.fields:
        content = message.fields["content"]
        if not is_content(content, message, takes_parts=bool(parts)):
            wanted = "a string or an array of parts" if parts else "a string"
            yield Problem(f"content is {kind(content)}; it must be {wanted}", ("content",))
    refusal = message.fields.get("refusal")
    if "refusal" in facts.roles[message.role].keys and not isinstance(refusal, (str, type(None))):
        yield Problem(f"refusal is {kind(refusal)}; it must be a string or null", ("refusal",))


def is_content(content: Any, message: Message, takes_parts: bool) -> bool:
    """Whether a content is of a type that the message takes."""
    if isinstance(content, str):
        return True
    if isinstance(content, list):
        return takes_parts
    if content is None:
        # A function's result may be null; an assistant's content may if the message says something otherwise.
        return message.role == "function" or (message.role == "assistant" and has_substitute(message.fields))
    # NaN is no JSON at all, which JSN004 says.
    return isinstance(content, float) and math.isnan(content)
