"""More images in one example than the target takes.

## What it does
Counts the images of all messages of an example, and flags the first one over the target's limit (Azure OpenAI: 64).

## Why
The service refuses or skips an example with more.

## How to repair
Split the example, or leave images out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from jsonl_lint.finding import Path
from jsonl_lint.parts import conversations
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ANSWER = {"role": "assistant", "content": "Cats."}
PART = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}


def row(*counts: int) -> dict[str, Any]:
    """An example with as many images in each of its questions."""
    return {"messages": [item for count in counts for item in ({"role": "user", "content": [PART] * count}, ANSWER)]}


@rule(
    "IMG002",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair="split the example, or leave images out",
    methods=["sft", "dpo", "rft"],
    gated=True,
    bad=[
        Case(row(65), at="/messages/0/content/64"),
        Case(row(40, 30), at="/messages/2/content/24"),
        Case(row(2, 1), at="/messages/2/content/0", facts={"max_images_per_example": 2}),
    ],
    good=[Case(row(64)), Case(row(32, 32)), Case(row(65), facts={"max_images_per_example": None})],
)
def images_per_example(row: Row, facts: Facts) -> Iterator[Problem]:
    limit = facts.max_images_per_example
    if limit is None:
        return
    over = list(islice(image_paths(row), limit, None))
    if over:
        count = limit + len(over)
        yield Problem(f"{plural(count, 'image')} in the example; the target takes {limit:,} at most", over[0])


def image_paths(row: Row) -> Iterator[Path]:
    """Where the images of a row stand."""
    for base, conversation in conversations(row):
        for index, item in enumerate(conversation.items):
            content = item.get("content") if isinstance(item, dict) else None
            for place, part in enumerate(content if isinstance(content, list) else ()):
                if isinstance(part, dict) and part.get("type") == "image_url":
                    yield (*base, index, "content", place)
