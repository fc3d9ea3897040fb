"""An image in a message of a role that takes none.

## What it does
Flags an image in a message of another role than those that may have images: the user's alone.

## Why
Images from the assistant are not allowed in training data, and none of the other roles takes any. The service refuses
the file.

## How to repair
Move the image into the user's message, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "Draw a cat."}
PART = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}


def row(*messages: Any) -> dict[str, Any]:
    """An example with these messages."""
    return {"messages": list(messages)}


@rule(
    "IMG001",
    at=Image,
    severity="error",
    repair="move the image into the user's message, or remove it",
    gated=True,
    bad=[
        Case(row(QUESTION, {"role": "assistant", "content": [PART]}), at="/messages/1/content/0"),
        Case(
            row({"role": "system", "content": [{"type": "text", "text": "Be brief."}, PART]}, QUESTION),
            at="/messages/0/content/1",
        ),
        Case(row(QUESTION, {"role": "assistant", "content": [PART, PART]}), count=2),
    ],
    good=[Case(row({"role": "user", "content": [PART]}, {"role": "assistant", "content": "A cat."}))],
)
def image_role(image: Image, facts: Facts) -> Iterator[Problem]:
    if image.role is not None and image.role not in facts.image_roles:
        allowed = " or ".join(facts.image_roles) or "no role"
        role = image.role if image.role in facts.roles else quoted(image.role)
        yield Problem(f"an image in a message of the {role}; images may stand in those of the {allowed} only")
