"""A part of a message's content is not valid.

## What it does
Flags a part of a content array that is no object, has no type or one that the role does not take, lacks what its type
needs (`text`, `refusal`, or `image_url` with its `url`), or has keys besides.

## Why
The service refuses the message. Often a part is a bare string, or `image_url` a string instead of an object.

## How to repair
Write text as `{"type": "text", "text": "..."}`, images as `{"type": "image_url", "image_url": {"url": "..."}}`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from jsonl_lint.errors import nearest
from jsonl_lint.finding import Path
from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.row.messages_missing import stand_in
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

ANSWER = {"role": "assistant", "content": "Paris"}
TEXT = {"type": "text", "text": "What is this?"}
URL = {"url": "https://example.com/a.png"}


def row(*parts: Any) -> dict[str, Any]:
    """An example whose question has these parts."""
    return {"messages": [{"role": "user", "content": list(parts)}, ANSWER]}


@rule(
    "MSG009",
    at=Message,
    severity="error",
    repair='write text as {"type": "text", "text": ...}, images as {"type": "image_url", "image_url": {"url": ...}}',
    gated=True,
    bad=[
        Case(row("What is this?"), at="/messages/0/content/0"),
        Case(row(TEXT, None), at="/messages/0/content/1"),
        Case(row({"text": "Hi"}), at="/messages/0/content/0"),
        Case(row({"type": "txt", "text": "Hi"}), at="/messages/0/content/0/type"),
        Case(row({"type": ["text"], "text": "Hi"}), at="/messages/0/content/0/type"),
        Case(row({"type": "refusal", "refusal": "No."}), at="/messages/0/content/0/type"),
        Case(row({"type": "text"}), at="/messages/0/content/0"),
        Case(row({"type": "text", "content": "Hi"}), at="/messages/0/content/0"),
        Case(row({"type": "text", "text": None}), at="/messages/0/content/0/text"),
        Case(row({**TEXT, "cache": True}), at="/messages/0/content/0/cache"),
        Case(row(TEXT, {"type": "image_url"}), at="/messages/0/content/1"),
        Case(row(TEXT, {"type": "image_url", "url": URL["url"]}), at="/messages/0/content/1"),
        Case(row(TEXT, {"type": "image_url", "image_url": URL["url"]}), at="/messages/0/content/1/image_url"),
        Case(row(TEXT, {"type": "image_url", "image_url": {}}), at="/messages/0/content/1/image_url"),
        Case(row(TEXT, {"type": "image_url", "image_url": {"url": ""}}), at="/messages/0/content/1/image_url/url"),
        Case(row(TEXT, {"type": "image_url", "image_url": {"url": None}}), at="/messages/0/content/1/image_url/url"),
        Case(
            row(TEXT, {"type": "image_url", "image_url": {**URL, "size": 1}}),
            at="/messages/0/content/1/image_url/size",
        ),
        Case(
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "refusal"}]}]},
            at="/messages/1/content/0",
        ),
    ],
    good=[
        Case(row(TEXT)),
        Case(row(TEXT, {"type": "text", "text": ""})),
        Case(row(TEXT, {"type": "image_url", "image_url": {**URL, "detail": "low"}})),
        Case(row({"type": "image_url", "image_url": URL})),
        Case(
            {
                "messages": [
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
                ]
            }
        ),
    ],
)
def part_invalid(message: Message, facts: Facts) -> Iterator[Problem]:
    content = message.fields.get("content")
    if message.role is None or not isinstance(content, list) or not facts.roles[message.role].parts:
        return
    for index, part in enumerate(content):
        yield from part_problems(part, ("content", index), message.role, facts)


def part_problems(part: Any, path: Path, role: str, facts: Facts) -> Iterator[Problem]:
    """What is wrong with one part."""
    taken = facts.roles[role].parts
    if not isinstance(part, dict):
        yield Problem(f"the part is {kind(part)}; it must be an object with a type", path)
        return
    if "type" not in part:
        yield Problem(f"the part has no type; it must be {' or '.join(taken)}", path)
        return
    name = part["type"]
    # An image in a role that takes none is named by IMG001.
    if name == "image_url" and role not in facts.image_roles:
        return
    if not isinstance(name, str):
        yield Problem(f"the type of the part is {kind(name)}; it must be {' or '.join(taken)}", (*path, "type"))
    elif name not in taken:
        wanted = f"{nearest(name, taken)}; a part of the {role} message must be {' or '.join(taken)}"
        yield Problem(f"the type of the part is {quoted(name)}{wanted}", (*path, "type"))
    elif name == "image_url":
        yield from image_problems(part, path)
    else:
        yield from field_problems(part, path, name, ("type", name))


def image_problems(part: dict[str, Any], path: Path) -> Iterator[Problem]:
    """What is wrong with an image part, but for the image itself and its detail."""
    image = part.get("image_url")
    if "image_url" in part and not isinstance(image, dict):
        yield Problem(f'image_url is {kind(image)}; it must be an object {{"url": ...}}', (*path, "image_url"))
    yield from field_problems(part, path, "image_url", ("type", "image_url"), of=dict)
    if isinstance(image, dict):
        inner = (*path, "image_url")
        yield from field_problems(image, inner, "url", ("url", "detail"))
        if image.get("url") == "":
            yield Problem("url is empty; it must be an https URL or a data URI", (*inner, "url"))


def field_problems(
    fields: dict[str, Any], path: Path, needed: str, known: Collection[str], of: type[Any] = str
) -> Iterator[Problem]:
    """What is wrong with the keys of a part: the needed one is missing or no string, or there are others."""
    unknown = [key for key in fields if key not in known]
    if needed not in fields:
        meant = unknown[0] if len(unknown) == 1 else stand_in(fields, needed, known)
        yield Problem(f"no {needed} in the part" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""), path)
        unknown = [key for key in unknown if key != meant]
    elif of is str and not isinstance(fields[needed], str):
        yield Problem(f"{needed} is {kind(fields[needed])}; it must be a string", (*path, needed))
    for key in unknown:
        what = f"unknown key {quoted(key)}; beside {needed} the part takes only {listed(known, needed)}"
        yield Problem(what, (*path, key), on_key=True)


def listed(known: Collection[str], needed: str) -> str:
    """The other known keys, as words."""
    return " and ".join(key for key in known if key != needed)
