"""The fast way: a typed decoder that takes good lines only, and two proofs of what no decoder shows.

A line is admitted when it decodes into the types of its target's facts, no key in it stands twice, and nothing that the
types can't say is in doubt. The gate may doubt a good line, which costs time; it never admits a line in which a rule on
structure would find something.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from jsonl_lint.formats import line_type
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Roles
from jsonl_lint.text import has_visible

__all__ = ["Gate", "delimiters", "strings"]

# RFC 7493: integers beyond this are not the same in every reader.
MAX_INTEGER = 2**53 - 1

# Well under the 200 that the rules allow, because the brackets around `tools` are not counted here.
MAX_DEPTH = 150

# These are documented for reinforcement only, or deprecated: the rules have a word to say on each.
DOUBTFUL_ROLES = frozenset({"developer", "function"})
DOUBTFUL_FIELDS = ("functions", "function_call")


class Gate:
    """Admits the lines of one plan that are structurally clean."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        # Keys for a grader may be anything, which no type proves: such lines all go the exact way.
        self.is_open = not plan.facts.extra_row_keys and not has_lone_role(plan)
        self.lone_parts = frozenset(role for role, known in plan.facts.roles.items() if len(known.parts) == 1)
        self.decode = msgspec.json.Decoder(line_type(plan.facts, plan.method)).decode
        self.orders: dict[tuple[str | None, ...], bool] = {}

    def admit(self, line: bytes) -> Struct | None:
        """The typed row of a line that is clean; None if there is any doubt."""
        if not self.is_open:
            return None
        try:
            row: Struct = self.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        if strings(row) * 2 != delimiters(line):
            return None
        return row if self.is_clean(row) else None

    def is_clean(self, row: Any) -> bool:
        """Whether a row has none of the defects that its types can't exclude."""
        if self.plan.method == "completion":
            return has_visible(row.prompt) and has_visible(row.completion)
        if self.plan.method == "dpo":
            return self.is_clean_preference(row)
        purpose = "train" if self.plan.method == "sft" else "prompt"
        return self.is_clean_holder(row) and self.is_clean_conversation(row.messages, purpose)

    def is_clean_preference(self, row: Any) -> bool:
        """Whether the three conversations of a preference are clean."""
        return (
            self.is_clean_holder(row.input)
            and self.is_clean_conversation(row.input.messages, "input")
            and self.is_clean_conversation(row.preferred_output, "output")
            and self.is_clean_conversation(row.non_preferred_output, "output")
        )

    def is_clean_holder(self, row: Any) -> bool:
        """Whether the fields beside the messages are clean."""
        return is_unset(row, DOUBTFUL_FIELDS) and (row.tools is UNSET or are_plain(row.tools))

    def is_clean_conversation(self, messages: list[Any], purpose: str) -> bool:
        """Whether the messages, the order of their roles and their weights are clean."""
        roles = tuple([message.__struct_config__.tag for message in messages])
        return (
            self.is_clean_order(roles, purpose)
            and all(self.is_clean_message(message) for message in messages)
            and (purpose != "train" or is_trained(messages))
        )

    def is_clean_order(self, roles: tuple[str, ...], purpose: str) -> bool:
        """Whether the rules on the order of roles find nothing; asked once for each order."""
        key = (purpose, *roles)
        verdict = self.orders.get(key)
        if verdict is None:
            verdict = DOUBTFUL_ROLES.isdisjoint(roles) and not self.finds_in_order(Roles(roles, purpose))
            if len(self.orders) < MAX_ORDERS:
                self.orders[key] = verdict
        return verdict

    def finds_in_order(self, roles: Roles) -> bool:
        """Whether any rule on the order of roles finds something."""
        return any(True for rule in self.plan.rules(Roles) for _ in rule.check(roles, self.plan.facts))

    def is_clean_message(self, message: Any) -> bool:
        """Whether a message has something to read, or calls tools."""
        content = getattr(message, "content", UNSET)
        if content is None or content is UNSET:
            return self.is_clean_call(message)
        if isinstance(content, str):
            return has_visible(content) and is_unset(message, DOUBTFUL_FIELDS)
        if message.__struct_config__.tag in self.lone_parts:
            return False
        return all(map(is_clean_part, content)) and is_unset(message, DOUBTFUL_FIELDS)

    def is_clean_call(self, message: Any) -> bool:
        """Whether a message without content may have none: it calls tools."""
        has_calls = getattr(message, "tool_calls", UNSET) is not UNSET
        has_null = message.content is None
        return has_calls and not (has_null and self.plan.facts.refuses_null_content)


MAX_ORDERS = 4096


def has_lone_role(plan: Plan) -> bool:
    """Whether some conversation of the plan's lines takes messages of one role only.

    Of a type that stands alone, not in a union, the decoder takes objects without their tag too. Such a lack would make up
    for a key that stands twice elsewhere when strings are counted. The same holds for parts of which a role takes one kind.
    """
    return len(plan.facts.roles) == 1 or (plan.method == "dpo" and len(plan.facts.output_roles) == 1)


def is_clean_part(part: Any) -> bool:
    """Whether the text or refusal of a content part can be seen; other parts have neither."""
    return has_visible(getattr(part, "text", "x")) and has_visible(getattr(part, "refusal", "x"))


def is_unset(row: Any, fields: Iterable[str]) -> bool:
    """Whether none of these fields stands in a row."""
    return all(getattr(row, field, UNSET) is UNSET for field in fields)


def is_trained(messages: Iterable[Any]) -> bool:
    """Whether some message is trained on: an assistant's whose weight is not 0."""
    return any(getattr(message, "weight", 0) != 0 for message in messages)


def are_plain(value: Any, depth: int = 0) -> bool:
    """Whether no number in a value is out of range and no text empty of meaning to the types is nested too deep."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, Struct):
        return all(are_plain(getattr(value, field), depth + 1) for field in value.__struct_fields__)
    if isinstance(value, dict):
        return all(are_plain(item, depth + 1) for item in value.values())
    if isinstance(value, list):
        return all(are_plain(item, depth + 1) for item in value)
    return not isinstance(value, int) or abs(value) <= MAX_INTEGER


def strings(value: Any) -> int:
    """How many strings a line holds, keys included, if every key in it stands once."""
    if isinstance(value, str):
        return 1
    if isinstance(value, list):
        return sum(map(strings, value))
    if isinstance(value, dict):
        return len(value) + sum(map(strings, value.values()))
    if isinstance(value, Struct):
        fields = [getattr(value, field) for field in value.__struct_fields__]
        given = [field for field in fields if field is not UNSET]
        return len(given) + sum(map(strings, given)) + (2 if value.__struct_config__.tag else 0)
    return 0


def delimiters(line: bytes) -> int:
    """How many double quotes begin or end a string in a line of valid JSON: those without a backslash before them."""
    if b"\\" not in line:
        return line.count(b'"')
    plain = line.replace(b"\\\\", b"")
    return plain.count(b'"') - plain.count(b'\\"')
