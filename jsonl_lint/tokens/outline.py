"""What is to be counted of an example, in the order in which a model reads it.

A value may be malformed in any way: what is text is counted, what is not is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import msgspec

from jsonl_lint.targets.model import ImageTokens
from jsonl_lint.tokens.pictures import image_tokens, is_documented
from jsonl_lint.tokens.reading import EXAMPLE_OVERHEAD, MESSAGE_OVERHEAD, NAME_OVERHEAD
from jsonl_lint.tokens.tools import CALL_OVERHEAD, call_texts, definitions

__all__ = [
    "CALLS",
    "DETAIL",
    "IMAGES",
    "PAIRS",
    "ROLES",
    "TOOLS",
    "ImageSize",
    "Outline",
    "Share",
    "Step",
    "outline",
]

ImageSize = Callable[[str], "tuple[int, int] | None"]
"""Gives the width and height of the image at a URL, or None."""

Share = Literal["", "trained", "untrained"]
"""Whether tokens are learnt: answers are, but for those with weight 0; all else is neither."""

Step = tuple[str, "str | int", Share]
"""The role that tokens belong to, their text or their number, and their share."""

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
"""The roles that are told apart; tokens of any other are counted as `other`, those of no message as `""`."""

TOOLS = "tool definitions: estimated by the OpenAI cookbook's constants; how models are shown them is not documented"
CALLS = "tool calls: name and arguments and 3 tokens each; how models are shown them is not documented"
PAIRS = "preference pairs: the input once and both outputs; how they are billed is not documented"
DETAIL = "images without a documented cost for their detail (auto, or low with patches): counted as high"
IMAGES = "images whose size or rule is not known: not counted"


class Outline(msgspec.Struct):
    """The steps of an example: those that every sequence begins with, and those of each sequence's end, if it has several."""

    steps: list[Step] = msgspec.field(default_factory=list)
    ends: list[list[Step]] = msgspec.field(default_factory=list)
    images: int = 0
    image_tokens: int = 0
    uncounted_images: int = 0
    estimates: set[str] = msgspec.field(default_factory=set)


class _Images(msgspec.Struct, frozen=True):
    rule: ImageTokens | None
    size: ImageSize | None

    def tokens(self, image: dict[str, Any]) -> int | None:
        """The tokens of an image part's `image_url`."""
        url = image.get("url")
        size = self.size(url) if self.size and isinstance(url, str) else None
        return image_tokens(*size, image.get("detail"), self.rule) if size else None


def outline(
    value: dict[str, Any],
    method: str,
    encoding: str,
    rule: ImageTokens | None = None,
    size: ImageSize | None = None,
) -> Outline:
    """The outline of an example for a training method."""
    made = Outline()
    images = _Images(rule, size)
    if method == "completion":
        _add_text(made.steps, "", value.get("prompt"), "")
        _add_text(made.steps, "assistant", value.get("completion"), "trained")
    elif method == "dpo":
        given = value.get("input")
        _add_conversation(made, given if isinstance(given, dict) else {}, encoding, images, learns=False)
        for key in ("preferred_output", "non_preferred_output"):
            made.ends.append([])
            _add_messages(made, made.ends[-1], value.get(key), images, learns=True)
        made.estimates.add(PAIRS)
    else:
        _add_conversation(made, value, encoding, images, learns=method == "sft")
    return made


def _add_conversation(made: Outline, value: dict[str, Any], encoding: str, images: _Images, *, learns: bool) -> None:
    for key in ("tools", "functions"):
        fixed, texts = definitions(value.get(key), encoding)
        if fixed:
            made.estimates.add(TOOLS)
            made.steps.append(("", fixed, ""))
            made.steps += [("", text, "") for text in texts]
    _add_messages(made, made.steps, value.get("messages"), images, learns=learns)
    made.steps.append(("", EXAMPLE_OVERHEAD, ""))


def _add_messages(made: Outline, steps: list[Step], messages: Any, images: _Images, *, learns: bool) -> None:
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict):
            _add_message(made, steps, message, images, learns=learns)


def _add_message(made: Outline, steps: list[Step], message: dict[str, Any], images: _Images, *, learns: bool) -> None:
    named = message.get("role")
    role = named if isinstance(named, str) and named in ROLES else "other"
    share: Share = ""
    if learns and role == "assistant":
        share = "untrained" if _is_zero(message.get("weight")) else "trained"
    text = message.get("content")
    if len(message) == 2 and isinstance(named, str) and isinstance(text, str):
        # Most messages have nothing else; the rest of the way would find that out at length.
        steps += ((role, MESSAGE_OVERHEAD, ""), (role, named, ""), (role, text, share))
        return
    steps.append((role, MESSAGE_OVERHEAD, ""))
    _add_text(steps, role, named, "")
    if isinstance(message.get("name"), str):
        steps.append((role, NAME_OVERHEAD, ""))
        _add_text(steps, role, message["name"], "")
    for text_or_image in _contents(message):
        if isinstance(text_or_image, str):
            steps.append((role, text_or_image, share))
        else:
            _add_image(made, steps, role, text_or_image, images)
    has_calls = "tool_calls" in message or "function_call" in message
    for texts in call_texts(message) if has_calls else ():
        made.estimates.add(CALLS)
        steps.append((role, CALL_OVERHEAD, ""))
        steps += [(role, text, share) for text in texts]


def _contents(message: dict[str, Any]) -> Iterator[str | dict[str, Any]]:
    """The texts of a message, and of its images what says where they are."""
    content = message.get("content")
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from (part[key] for key in ("text", "refusal") if isinstance(part.get(key), str))
            if "image_url" in part:
                image = part["image_url"]
                yield image if isinstance(image, dict) else {"url": image}
    if isinstance(message.get("refusal"), str):
        yield message["refusal"]


def _add_image(made: Outline, steps: list[Step], role: str, image: dict[str, Any], images: _Images) -> None:
    tokens = images.tokens(image)
    made.images += 1
    if tokens is None or images.rule is None:
        made.uncounted_images += 1
        made.estimates.add(IMAGES)
        return
    if not is_documented(image.get("detail"), images.rule):
        made.estimates.add(DETAIL)
    made.image_tokens += tokens
    steps.append((role, tokens, ""))


def _add_text(steps: list[Step], role: str, text: Any, share: Share) -> None:
    if isinstance(text, str):
        steps.append((role, text, share))


def _is_zero(weight: Any) -> bool:
    return weight == 0 and isinstance(weight, (int, float)) and not isinstance(weight, bool)
