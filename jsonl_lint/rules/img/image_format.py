"""An image is of a format that the target does not take.

## What it does
Looks at the first bytes of an image, whatever its media type says, and flags formats that the target does not take
(Azure OpenAI takes JPEG, PNG and WEBP), and bytes that are no known image at all.

## Why
The service skips the image, and the example is trained on without it.

## How to repair
Convert the image to PNG, JPEG or WEBP.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import BMP, GIF, JPEG_RGB, PNG_RGB, WEBP_RGB, example, uri
from jsonl_lint.targets import Facts

AT = "/messages/0/content/0/image_url/url"


@rule(
    "IMG005",
    at=Image,
    severity="error",
    repair="convert the image to PNG, JPEG or WEBP",
    gated=True,
    bad=[
        Case(example(uri(GIF, "image/gif")), at=AT),
        Case(example(uri(GIF)), at=AT),
        Case(example(uri(BMP, "image/bmp")), at=AT),
        Case(example(uri("aGVsbG8h")), at=AT),
        Case(example(uri(WEBP_RGB, "image/webp")), at=AT, facts={"image_formats": ["jpeg", "png"]}),
    ],
    good=[
        Case(example(uri(PNG_RGB))),
        Case(example(uri(JPEG_RGB, "image/jpeg"))),
        Case(example(uri(WEBP_RGB, "image/webp"))),
        Case(example(uri(GIF, "image/gif")), facts={"image_formats": ["gif"]}),
    ],
)
def image_format(image: Image, facts: Facts) -> Iterator[Problem]:
    picture = image.picture
    if picture is None or picture.broken is not None or not facts.image_formats:
        return
    if picture.format not in facts.image_formats:
        what = f"the image is {picture.format.upper()}" if picture.format else "the bytes are no known image"
        taken = ", ".join(name.upper() for name in facts.image_formats)
        yield Problem(f"{what}; the target takes {taken}", ("image_url", "url"))
