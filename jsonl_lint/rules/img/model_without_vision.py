"""Images, and the chosen model does not take them.

## What it does
Flags a file with images if a model was chosen (`--model`) that can't be trained with images by what the target documents.
One finding per file.

## Why
The job is refused, or the images are skipped.

## How to repair
Choose a model that takes images, or leave them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

IMAGE = b'{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}'
ROW = b'{"messages": [{"role": "user", "content": [%s]}, {"role": "assistant", "content": "A cat."}]}\n'
WITH = ROW % IMAGE
WITHOUT = ROW % b'{"type": "text", "text": "Hi"}'


@rule(
    "IMG013",
    at=FileSummary,
    severity="error",
    repair="choose a model that takes images, or leave them out",
    gated=True,
    needs=["image_examples"],
    bad=[Case(WITHOUT + WITH * 2, facts={"model_takes_images": False})],
    good=[Case(WITH), Case(WITHOUT, facts={"model_takes_images": False})],
)
def model_without_vision(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    tally = file.image_examples
    if tally is not None and not facts.model_takes_images:
        what = f"{plural(tally.count, 'example')} with images, and the chosen model does not take them"
        yield Problem(what, line=tally.first_line, lines=tally.count)
