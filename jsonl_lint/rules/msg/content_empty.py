"""Message content is empty.

## What it does
Flags a message whose `content` is empty, holds only white space or characters that do not show (zero-width spaces,
controls), or is an array without parts. In an assistant's message this is an error, elsewhere a warning. An assistant's
message that calls tools or refuses may have empty text beside.

## Why
The service trains on what stands there: from an empty answer the model learns to answer with nothing.

## How to repair
Write the missing text, or delete the turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Severity
from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.msg.content_missing import has_substitute
from jsonl_lint.targets import Facts
from jsonl_lint.text import has_visible

QUESTION = {"role": "user", "content": "What is the capital of France?"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}
TOOLS = [{"type": "function", "function": {"name": "capital", "parameters": {"type": "object", "properties": {}}}}]


@rule(
    "MSG006",
    at=Message,
    severity="error",
    repair="write the missing text, or delete the turn",
    gated=True,
    bad=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": ""}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {"role": "assistant", "content": " \n\u200b"}]}, at="/messages/1/content"),
        Case({"messages": [QUESTION, {"role": "assistant", "content": []}]}, at="/messages/1/content"),
        Case(
            {"messages": [{"role": "user", "content": "\u2060"}, {"role": "assistant", "content": "Paris"}]},
            at="/messages/0/content",
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": [{"type": "text", "text": " "}]}]},
            at="/messages/1/content",
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": [{"type": "refusal", "refusal": ""}]}]},
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "."}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "\u200bParis"}]}),
        Case({"messages": [{"role": "user", "content": [IMAGE]}, {"role": "assistant", "content": "A cat."}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "", "tool_calls": [CALL]}], "tools": TOOLS}),
    ],
)
def content_empty(message: Message, facts: Facts) -> Iterator[Problem]:
    content = message.fields.get("content")
    what = emptiness(content)
    if what is None:
        return
    # What such a message teaches is the call; writers of chat logs leave the empty string beside it.
    if isinstance(content, str) and message.role == "assistant" and has_substitute(message.fields):
        return
    severity = Severity.ERROR if message.role == "assistant" else Severity.WARNING
    yield Problem(f"content {what}", path=("content",), severity=severity)


def emptiness(content: Any) -> str | None:
    """In what way content is empty, or None if it is not."""
    if content == "":
        return "is empty"
    if content == []:
        return "is an array without parts"
    if isinstance(content, str) and not has_visible(content):
        return "holds only white space or characters that do not show"
    if isinstance(content, list) and all(is_blank(part) for part in content):
        return "has only parts of white space or characters that do not show"
    return None


def is_blank(part: Any) -> bool:
    """Whether a content part is text, or a refusal, without anything to see."""
    if not isinstance(part, dict) or part.get("type") not in ("text", "refusal"):
        return False
    return not has_visible(str(part.get(part["type"], "x")))
