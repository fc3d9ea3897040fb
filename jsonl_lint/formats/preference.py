"""The typed shape of a preference (dpo) line: an input, and two outputs of which one is preferred."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from jsonl_lint.formats.chat import chat_fields, filled_list, message_types, union
from jsonl_lint.targets import Facts

__all__ = ["INPUT_KEYS", "preference_row"]

# Source: OAI-SPEC-OLD (FineTunePreferenceRequestInput), 2025-04-29.
INPUT_KEYS = ("messages", "tools", "parallel_tool_calls")


def preference_row(facts: Facts, raw_tools: bool = False) -> type[Struct]:
    """The type of a preference line."""
    messages = message_types(facts)
    source = msgspec.defstruct(
        "PreferenceInput",
        chat_fields(facts, INPUT_KEYS, messages, raw_tools),
        frozen=True,
        forbid_unknown_fields=True,
    )
    output = filled_list(union(*(messages[role] for role in facts.output_roles)))
    return msgspec.defstruct(
        "PreferenceRow",
        [("input", source), ("preferred_output", output), ("non_preferred_output", output)],
        frozen=True,
        forbid_unknown_fields=True,
    )
