"""More examples with images than the target takes.

## What it does
Counts the examples of a file that have images, and flags the file if they are more than the target takes (Azure OpenAI:
50,000). Examples without images do not count.

## Why
The service refuses the file.

## How to repair
Train with fewer of them, or in several jobs.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

IMAGE = b'{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}'
ROW = b'{"messages": [{"role": "user", "content": [%s]}, {"role": "assistant", "content": "A cat."}]}\n'
WITH = ROW % IMAGE
WITHOUT = ROW % b'{"type": "text", "text": "Hi"}'


@rule(
    "IMG003",
    at=FileSummary,
    severity="error",
    repair="train with fewer examples with images, or in several jobs",
    gated=True,
    needs=["image_examples"],
    bad=[
        Case(WITH * 3, facts={"max_image_examples": 2}),
        Case(WITHOUT + WITH * 2 + WITHOUT + WITH, facts={"max_image_examples": 2}),
    ],
    good=[
        Case(WITH * 2 + WITHOUT * 5, facts={"max_image_examples": 2}),
        Case((ROW % b", ".join([IMAGE] * 3)) * 2, facts={"max_image_examples": 2}),
        Case(WITH * 3),
    ],
)
def image_examples(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    count = file.image_examples.count if file.image_examples is not None else 0
    if facts.max_image_examples is not None and count > facts.max_image_examples:
        yield Problem(f"{count:,} examples with images; the target takes {facts.max_image_examples:,} at most")
