"""An image is larger than the target takes.

## What it does
Flags an image whose bytes, decoded from base64, are more than the target's limit (Azure OpenAI: 10 MB, taken as
10,485,760 bytes).

## Why
The service skips the image, and the example is trained on without it.

## How to repair
Scale the image down, or save it with stronger compression.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import PNG_RGB, example, uri
from jsonl_lint.targets import Facts

AT = "/messages/0/content/0/image_url/url"


@rule(
    "IMG004",
    at=Image,
    severity="error",
    repair="scale the image down, or save it with stronger compression",
    gated=True,
    bad=[
        Case(example(uri(PNG_RGB)), at=AT, facts={"max_image_bytes": 67}),
    ],
    good=[
        Case(example(uri(PNG_RGB)), facts={"max_image_bytes": 68}),
        Case(example(uri(PNG_RGB)), facts={"max_image_bytes": None}),
    ],
)
def image_size(image: Image, facts: Facts) -> Iterator[Problem]:
    limit, picture = facts.max_image_bytes, image.picture
    if limit is not None and picture is not None and picture.size > limit:
        what = f"the image has {picture.size:,} bytes; the target takes {limit:,} at most"
        yield Problem(what, ("image_url", "url"))
