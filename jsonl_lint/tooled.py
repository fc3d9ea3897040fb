"""The proof for lines with tools whose messages are texts, calls and results: one pass over them, nothing looked at twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct

from jsonl_lint.parts import ToolCall
from jsonl_lint.plan import Plan
from jsonl_lint.text import has_visible
from jsonl_lint.toolbox import Toolbox, is_clean_call

__all__ = ["Tooled"]

# The keys of a message that are asked for by name.
COMMON = ("content", "tool_calls", "tool_call_id")

# How many strings a call is written with: the keys id, type, function, name, arguments, and the values of all but one.
CALL_STRINGS = 9


class Kind(Struct, frozen=True):
    """A type of message: which further keys it may have, and whether it may call tools or answer a call."""

    further: tuple[str, ...]
    calls: bool
    answers: bool


class Tooled:
    """Counts the strings of conversations in which the calls are clean."""

    def __init__(self, plan: Plan) -> None:
        self.is_open = plan.facts.call_id_pattern is None
        self.takes_null = not plan.facts.refuses_null_content
        self.judges_calls = plan.calls(ToolCall)
        self.kinds: dict[type[Struct], Kind] = {}

    def strings(self, messages: Sequence[Any], box: Toolbox | None) -> int | None:
        """How many strings the messages are written with if no key stands twice; None if a message or call is in doubt.

        Weights and the order of roles are not looked at.
        """
        total = 0
        seen: set[str] = set()
        waiting: set[str] = set()
        last = len(messages) - 1
        for index, message in enumerate(messages):
            kind = self.kinds.get(message.__class__) or self.learn(message.__class__)
            written = self.text_strings(message, kind)
            if written is None:
                return None
            total += written
            if kind.answers:
                total += 2
                if message.tool_call_id not in waiting:
                    return None
                waiting.remove(message.tool_call_id)
                continue
            if waiting:
                return None
            calls = message.tool_calls if kind.calls else UNSET
            if calls is UNSET:
                continue
            waiting = {call.id for call in calls}
            if len(waiting) < len(calls) or not waiting.isdisjoint(seen) or not self.are_clean(calls, box):
                return None
            seen |= waiting
            total += 1 + CALL_STRINGS * len(calls)
            if index == last:
                return total
        return None if waiting else total

    def are_clean(self, calls: Sequence[Any], box: Toolbox | None) -> bool:
        """Whether calls are of declared functions, with arguments that conform, if any rule looks at that."""
        if not self.is_open or box is None:
            return False
        return not self.judges_calls or all(is_clean_call(call, box) for call in calls)

    def text_strings(self, message: Any, kind: Kind) -> int | None:
        """How many strings a message is written with, its calls and what it answers aside; None if it is in doubt."""
        content = message.content
        if content.__class__ is str:
            if not has_visible(content):
                return None
            written = 4
        elif content is UNSET or (content is None and self.takes_null):
            if not kind.calls or message.tool_calls is UNSET:
                return None
            written = 2 if content is UNSET else 3
        else:
            return None
        for key in kind.further:
            value = getattr(message, key)
            if isinstance(value, Struct):
                return None
            if value is not UNSET:
                written += 2 if isinstance(value, str) else 1
        return written

    def learn(self, message_type: type[Struct]) -> Kind:
        """What is to be known of a type of message."""
        fields = message_type.__struct_fields__
        further = tuple(field for field in fields if field not in COMMON)
        kind = self.kinds[message_type] = Kind(further, "tool_calls" in fields, "tool_call_id" in fields)
        return kind
