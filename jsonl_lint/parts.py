"""The parts of an example that rules look at beside its messages: what is declared beside them, calls of tools, images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from jsonl_lint.finding import Path
from jsonl_lint.images import Picture, picture_of
from jsonl_lint.rule import Conversation, Row

__all__ = [
    "Fetched",
    "Holder",
    "Image",
    "Tool",
    "ToolCall",
    "Tools",
    "conversations",
    "declared_tools",
    "function_of",
    "holder_of",
    "image_of",
    "name_of",
    "tools_of",
]


class Holder(msgspec.Struct, frozen=True):
    """The object that holds `tools` and the like beside messages, and where it stands: a chat line, a preference's input."""

    fields: dict[str, Any]
    path: Path = ()


class Tools(msgspec.Struct, frozen=True):
    """The functions that an example declares, by name; the first of those that share one.

    `is_complete` says that the name of every tool can be told, `are_given` that there is a key `tools` at all.
    """

    functions: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    is_complete: bool = True
    are_given: bool = False


class Tool(msgspec.Struct, frozen=True):
    """One tool that an example declares; `twin` is the index of an earlier one with the same name."""

    value: Any
    twin: int | None = None


class ToolCall(msgspec.Struct, frozen=True):
    """One call in a message, and the tools that it may call."""

    value: Any
    tools: Tools = Tools()

    @property
    def function(self) -> dict[str, Any]:
        """The function that is called, with its arguments; empty when that can't be told."""
        function = self.value.get("function") if isinstance(self.value, dict) else None
        return function if isinstance(function, dict) else {}


class Image(msgspec.Struct, frozen=True):
    """One image part of a message: its URL, detail and role as they stand there, and what the bytes in a data URI say.

    `picture` is None where the URL is none of an image's data.
    """

    url: str
    detail: Any = UNSET
    role: Any = None
    picture: Picture | None = None

    @property
    def scheme(self) -> str | None:
        """The scheme of the URL, in lower case; None if it has none."""
        match = re.match(SCHEME, self.url)
        return match[1].lower() if match else None

    @property
    def is_remote(self) -> bool:
        """Whether the image has to be fetched to know anything of it."""
        return self.scheme in ("http", "https")


class Fetched(msgspec.Struct, frozen=True):
    """What came back from the URL of an image: why there is none, or what its bytes say."""

    url: str
    why: str | None = None
    picture: Picture | None = None


SCHEME = r"([a-zA-Z][a-zA-Z0-9+.-]*):"


def image_of(part: Any, role: Any) -> Image | None:
    """The image of a content part; None if the part is none, or not of the shape that it should be."""
    if not isinstance(part, dict) or part.get("type") != "image_url":
        return None
    image = part.get("image_url")
    if not isinstance(image, dict) or not isinstance(image.get("url"), str) or not image["url"]:
        return None
    return Image(image["url"], image.get("detail", UNSET), role, picture_of(image["url"]))


def holder_of(row: Row) -> Holder:
    """The object of a row that holds tools beside messages; an empty one where it is missing."""
    fields: Any = row.value
    path: Path = ()
    if row.method == "dpo":
        fields, path = fields.get("input") if isinstance(fields, dict) else None, ("input",)
    return Holder(fields if isinstance(fields, dict) else {}, path)


def conversations(row: Row) -> Iterator[tuple[Path, Conversation]]:
    """The conversations of a row and where they stand: those that are lists with something in them."""
    if not isinstance(row.value, dict) or row.method == "completion":
        return
    if row.method != "dpo":
        yield from listed(row.value, ("messages",), "train" if row.method == "sft" else "prompt", row.value)
        return
    source = holder_of(row).fields
    yield from listed(source, ("input", "messages"), "input", source)
    yield from listed(row.value, ("preferred_output",), "output", source)
    yield from listed(row.value, ("non_preferred_output",), "output", source)


def listed(
    holder: dict[str, Any], path: tuple[str, ...], purpose: str, row: dict[str, Any]
) -> Iterator[tuple[Path, Conversation]]:
    """The conversation that stands under the last key of a path, if it is a list with something in it."""
    items = holder.get(path[-1])
    if isinstance(items, list) and items:
        yield path, Conversation(items, purpose, row)


def declared_tools(holder: Holder) -> Tools:
    """The tools that an example declares, also those of a wrong shape whose names can be told."""
    items = holder.fields.get("tools")
    if not isinstance(items, list):
        return Tools(is_complete=items is None, are_given="tools" in holder.fields)
    functions: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    names = [name_of(item) for item in items]
    for index, name in enumerate(names):
        if name is not None and name not in first:
            first[name] = index
            functions[name] = function_of(items[index])
    return Tools(functions, first, None not in names, True)


def tools_of(items: Sequence[Any], tools: Tools) -> Iterator[Tool]:
    """Each tool of a list, with the earlier one of the same name."""
    for index, item in enumerate(items):
        first = tools.first.get(name_of(item) or "", index)
        yield Tool(item, None if first == index else first)


def function_of(item: Any) -> dict[str, Any]:
    """The function that a tool declares, also where its fields stand beside `type`; empty when there is none."""
    function = item.get("function", item) if isinstance(item, dict) else None
    return function if isinstance(function, dict) else {}


def name_of(item: Any) -> str | None:
    """The name of a tool's function; None if it has none."""
    name = function_of(item).get("name")
    return name if isinstance(name, str) else None
