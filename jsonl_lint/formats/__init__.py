"""The typed shape of a good line, for each training method and a target's facts."""

from __future__ import annotations

from typing import Any

import msgspec

from jsonl_lint.formats.chat import DOUBTFUL_ROLES, chat_row, clean_message_type, tools_type
from jsonl_lint.formats.plain import PlainLine, plain_roles, plain_row
from jsonl_lint.targets import Facts, Method

__all__ = [
    "DOUBTFUL_ROLES",
    "PlainLine",
    "clean_message_type",
    "line_type",
    "method_of",
    "plain_roles",
    "plain_type",
    "tools_type",
]

CHAT_METHODS = ("sft", "rft")


def line_type(facts: Facts, method: Method, raw_tools: bool = False) -> type[msgspec.Struct]:
    """The type that a good line of this method decodes into; with `raw_tools` the tools stay bytes."""
    if method in CHAT_METHODS:
        return chat_row(facts, raw_tools)
    if method == "dpo":
        from jsonl_lint.formats.preference import preference_row

        return preference_row(facts, raw_tools)
    from jsonl_lint.formats.completion import completion_row

    return completion_row(facts, raw_tools)


def plain_type(facts: Facts, method: Method) -> type[msgspec.Struct] | None:
    """The type of this method's most common lines, which is faster to decode; None where there is none."""
    return plain_row(facts) if method in CHAT_METHODS else None


def method_of(value: Any) -> Method | None:
    """The method whose lines look like this value, by its keys alone; None where none does.

    A chat line is `rft` if it ends with the user and carries further keys for a grader, else `sft`. Preferences are told by
    the names that other trainers have for them, too, so that the right rules say what is wrong.
    """
    if not isinstance(value, dict):
        return None
    if "messages" in value:
        return "rft" if _is_reinforcement(value) else "sft"
    if _is_preference(value):
        return "dpo"
    if "prompt" in value or "completion" in value:
        return "completion"
    return None


OUTPUT_KEYS = frozenset(
    {"preferred_output", "non_preferred_output", "preferred_completion", "non_preferred_completion"}
)
CHAT_KEYS = frozenset({"messages", "tools", "functions", "parallel_tool_calls"})


def _is_preference(value: dict[str, Any]) -> bool:
    source = value.get("input")
    return (
        not OUTPUT_KEYS.isdisjoint(value)
        or ("chosen" in value and "rejected" in value)
        or (isinstance(source, dict) and "messages" in source)
    )


def _is_reinforcement(value: dict[str, Any]) -> bool:
    messages = value["messages"]
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        return False
    return messages[-1].get("role") == "user" and not CHAT_KEYS.issuperset(value)
