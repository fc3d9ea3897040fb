"""The typed shape of the most common line: messages that are text, and nothing beside them.

Whatever it takes, the whole type of a chat line takes too. It is faster to decode, and the number of strings in such a line
follows from the order of its roles, but for names and weights.
"""

from __future__ import annotations

from typing import Any, Union

import msgspec
from msgspec import UNSET, Struct, UnsetType

from jsonl_lint.formats.chat import LITERAL, Name, Text, filled_list, union
from jsonl_lint.targets import Facts

__all__ = ["PlainLine", "plain_message_type", "plain_roles", "plain_row"]

ROLES = ("system", "user", "assistant")


class PlainLine(Struct, frozen=True, gc=False):
    """Marks the rows of plain lines: nothing but text stands in them."""


def plain_row(facts: Facts) -> type[Struct] | None:
    """The type of a plain chat line; None for a target of fewer than two such roles.

    Of a type that stands alone, not in a union, the decoder takes objects without their tag too.
    """
    message = plain_message_type(facts)
    if message is None:
        return None
    fields = [("messages", filled_list(message))]
    return msgspec.defstruct("PlainRow", fields, bases=(PlainLine,), frozen=True, forbid_unknown_fields=True, gc=False)


def plain_message_type(facts: Facts) -> Any:
    """The type of a message of a plain line, or None as above."""
    roles = plain_roles(facts)
    return union(*(plain_message(role, facts) for role in roles)) if len(roles) > 1 else None


def plain_roles(facts: Facts) -> tuple[str, ...]:
    """The roles whose messages may be a text and nothing else."""
    return tuple(role for role in ROLES if role in facts.roles and "content" in facts.roles[role].keys)


def plain_message(role: str, facts: Facts) -> type[Struct]:
    """The type of a plain message of this role. It holds no containers, so that the garbage collector may pass it over."""
    optional: dict[str, Any] = {
        "name": Union[Name, UnsetType],
        "weight": union(LITERAL[facts.weight_values], UnsetType),
    }
    keys = facts.roles[role].keys
    beside = [(key, kind, UNSET) for key, kind in optional.items() if key in keys]
    return msgspec.defstruct(
        f"Plain{role.capitalize()}Message",
        [("content", Text), *beside],
        namespace={"ROLE": role},
        frozen=True,
        forbid_unknown_fields=True,
        tag_field="role",
        tag=role,
        gc=False,
    )
