"""A message has no content.

## What it does
Flags a message without the key `content`, and names the key that seems to be meant by it: a misspelling, or the name
that other formats give it (`text`, `value`, ...). An assistant's message needs no content if it calls tools or refuses.

## Why
The content is what is said, and in an assistant's message what is learnt. The service refuses a message without it.

## How to repair
Add `content`, or delete the message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.row.messages_missing import stand_in
from jsonl_lint.targets import Facts
from jsonl_lint.text import has_visible, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}
TOOLS = [{"type": "function", "function": {"name": "capital", "parameters": {"type": "object", "properties": {}}}}]

OTHER_NAMES = ("text", "value", "message", "body", "parts")
SUBSTITUTES = ("tool_calls", "function_call", "refusal")


@rule(
    "MSG004",
    at=Message,
    severity="error",
    repair="add the content, or delete the message",
    gated=True,
    bad=[
        Case({"messages": [{"role": "user"}, ANSWER]}, at="/messages/0"),
        Case({"messages": [QUESTION, {"role": "assistant"}]}, at="/messages/1"),
        Case({"messages": [QUESTION, {"role": "assistant", "contents": "Paris"}]}, at="/messages/1"),
        Case({"messages": [{"role": "user", "text": "Hi"}, ANSWER]}, at="/messages/0"),
        Case({"messages": [{"role": "system", "name": "a"}, QUESTION, ANSWER]}, at="/messages/0"),
        Case({"messages": [QUESTION, {"role": "assistant", "tool_calls": []}], "tools": TOOLS}, at="/messages/1"),
        Case({"messages": [QUESTION, {"role": "assistant", "refusal": None, "weight": 1}]}, at="/messages/1"),
        Case(
            {
                "messages": [
                    QUESTION,
                    {"role": "assistant", "tool_calls": [CALL]},
                    {"role": "tool", "tool_call_id": "call_1"},
                    ANSWER,
                ],
                "tools": TOOLS,
            },
            at="/messages/2",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, {"role": "assistant", "tool_calls": [CALL]}], "tools": TOOLS}),
        Case({"messages": [QUESTION, {"role": "assistant", "refusal": "I can't say."}]}),
    ],
)
def content_missing(message: Message, facts: Facts) -> Iterator[Problem]:
    if not lacks_content(message, facts):
        return
    meant = content_stand_in(message, facts)
    hint = f" (is {quoted(meant)} meant?)" if meant is not None else ""
    yield Problem(f"no content in the {message.role} message{hint}")


def lacks_content(message: Message, facts: Facts) -> bool:
    """Whether a message has no key `content` and needs one."""
    if message.role is None or "content" in message.fields:
        return False
    if message.role != "assistant":
        return True
    keys = facts.roles["assistant"].keys
    misspelled = any(key in keys and stand_in(message.fields, key, keys) for key in SUBSTITUTES)
    return not misspelled and not has_substitute(message.fields)


def has_substitute(fields: dict[str, Any]) -> bool:
    """Whether an assistant's message says something without content: it calls, or refuses.

    A call of a wrong type counts, because the rules on tools speak of it.
    """
    refusal = fields.get("refusal")
    if isinstance(refusal, str) and has_visible(refusal):
        return True
    return "function_call" in fields or fields.get("tool_calls", []) != []


def content_stand_in(message: Message, facts: Facts) -> str | None:
    """The key of a message that lacks content which seems to be meant as it."""
    keys = ("role", *facts.roles[str(message.role)].keys)
    return stand_in(message.fields, "content", keys, OTHER_NAMES)
