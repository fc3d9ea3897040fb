"""The typed shape of a chat line: an object with messages, each tagged by its role, and with tools."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from jsonl_lint.targets import Facts
from jsonl_lint.targets.model import RoleFacts

__all__ = [
    "DOUBTFUL_ROLES",
    "LITERAL",
    "NAME_PATTERN",
    "FunctionCall",
    "Name",
    "RefusalPart",
    "Text",
    "TextPart",
    "Tool",
    "ToolCall",
    "chat_fields",
    "chat_row",
    "clean_message_type",
    "filled_list",
    "message_types",
    "tools_type",
    "union",
]

# `$` also matches before a final line feed; the look-ahead means the end in Python and in JSON Schema's dialect alike.
NAME_PATTERN = "^[a-zA-Z0-9_-]{1,64}(?![\\s\\S])"

# Types that are made from facts can't be checked before the program runs.
UNION: Any = Union
LITERAL: Any = Literal
LIST: Any = list

# These are documented for reinforcement only, or deprecated: the rules have a word to say on each.
DOUBTFUL_ROLES = frozenset({"developer", "function"})

Name = Annotated[str, Meta(pattern=NAME_PATTERN, description="1 to 64 of a-z, A-Z, 0-9, _ and -")]
Text = Annotated[str, Meta(min_length=1)]


class FunctionCall(Struct, frozen=True, forbid_unknown_fields=True):
    """The function that is called, and its arguments as a string of JSON."""

    name: Text
    arguments: str


class ToolCall(Struct, frozen=True, forbid_unknown_fields=True):
    """One call of a tool by the assistant."""

    id: Text
    type: Literal["function"]
    function: FunctionCall


class TextPart(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="text"):
    """A part of a message's content that is text."""

    text: str


class RefusalPart(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="refusal"):
    """A part of an assistant's content that is a refusal."""

    refusal: str


class Function(Struct, frozen=True, forbid_unknown_fields=True):
    """A function that the model may call; `parameters` is a JSON Schema."""

    name: Name
    description: str | UnsetType = UNSET
    parameters: dict[str, Any] | UnsetType = UNSET
    strict: bool | UnsetType | None = UNSET


class Tool(Struct, frozen=True, forbid_unknown_fields=True):
    """One tool that an example declares."""

    type: Literal["function"]
    function: Function


def image_part(facts: Facts) -> type[Struct]:
    """The type of a part `{"type": "image_url", "image_url": {"url": ..., "detail": ...}}`."""
    fields: list[Any] = [("url", Text), ("detail", union(LITERAL[facts.image_details], UnsetType), UNSET)]
    image = msgspec.defstruct("ImageUrl", fields, frozen=True, forbid_unknown_fields=True)
    return msgspec.defstruct(
        "ImagePart", [("image_url", image)], frozen=True, forbid_unknown_fields=True, tag_field="type", tag="image_url"
    )


def chat_row(facts: Facts, raw_tools: bool = False) -> type[Struct]:
    """The type of a chat line. Keys of a grader (rft) are any, so that such a line forbids none."""
    fields = chat_fields(facts, facts.row_keys, message_types(facts), raw_tools)
    return msgspec.defstruct("ChatRow", fields, frozen=True, forbid_unknown_fields=not facts.extra_row_keys)


def chat_fields(
    facts: Facts, keys: tuple[str, ...], messages: dict[str, type[Struct]], raw_tools: bool = False
) -> list[Any]:
    """The fields of an object that holds a conversation: `messages` and those of `keys` that are taken beside it.

    With `raw_tools` the tools are left as bytes: lines repeat them, so that they are best judged by these.
    """
    message = union(*messages.values())
    optional: dict[str, Any] = {
        "tools": tools_type(facts),
        "parallel_tool_calls": bool,
        "functions": Annotated[list[Function], Meta(min_length=1, max_length=128)],
    }
    types = {key: union(item, UnsetType) for key, item in optional.items()}
    if raw_tools:
        types["tools"] = Raw
    beside = [(key, types[key], UNSET) for key in keys if key in types]
    return [("messages", filled_list(message)), *beside]


def tools_type(facts: Facts) -> Any:
    """The type of `tools`."""
    return Annotated[list[Tool], Meta(max_length=facts.max_tools)] if facts.max_tools else list[Tool]


def clean_message_type(facts: Facts) -> Any:
    """The type of a message whose role no rule has a word to say on; None for a target of fewer than two such roles.

    Of a type that stands alone, not in a union, objects without their tag are taken too.
    """
    types = [kind for role, kind in message_types(facts).items() if role not in DOUBTFUL_ROLES]
    return union(*types) if len(types) > 1 else None


def message_types(facts: Facts) -> dict[str, type[Struct]]:
    """The type of a message for each role that the target knows."""
    return {role: message_type(role, facts) for role in facts.roles}


def message_type(role: str, facts: Facts) -> type[Struct]:
    """The type of a message of this role, which it says as `ROLE`."""
    allowed = facts.roles[role]
    content = content_type(allowed, facts)
    known: dict[str, tuple[Any, ...]] = {
        "content": (union(content, None, UnsetType), UNSET) if role in ("assistant", "function") else (content,),
        "name": (Name,) if role == "function" else (Union[Name, UnsetType], UNSET),
        "refusal": (Union[str, None, UnsetType], UNSET),
        "weight": (union(LITERAL[facts.weight_values], UnsetType), UNSET),
        "tool_calls": (union(filled_list(ToolCall), UnsetType), UNSET),
        "function_call": (Union[FunctionCall, UnsetType], UNSET),
        "tool_call_id": (Text,),
    }
    fields = sorted(((key, *known[key]) for key in allowed.keys if key in known), key=len)
    return msgspec.defstruct(
        f"{role.capitalize()}Message",
        fields,
        namespace={"ROLE": role},
        frozen=True,
        forbid_unknown_fields=True,
        tag_field="role",
        tag=role,
    )


def content_type(allowed: RoleFacts, facts: Facts) -> Any:
    """A text of at least one character, or an array of the kinds of parts that the role takes."""
    makers: dict[str, Any] = {"text": TextPart, "refusal": RefusalPart, "image_url": image_part(facts)}
    parts = tuple(makers[kind] for kind in allowed.parts if kind in makers)
    if not parts:
        return Text
    return union(Text, filled_list(union(*parts)))


def union(*types: Any) -> Any:
    """The union of types that are known when the program runs."""
    return UNION[types]


def filled_list(item: Any) -> Any:
    """A list of at least one item of a type."""
    return Annotated[LIST[item], Meta(min_length=1)]
