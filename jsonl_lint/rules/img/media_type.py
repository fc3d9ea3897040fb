"""The media type of a data URI is not what the bytes are.

## What it does
Compares the media type of a data URI with the format of the image in it: `data:image/png` before the bytes of a JPEG.
`image/jpg` passes for `image/jpeg`.

## Why
Readers that believe the media type fail on the image.

## How to repair
Write the media type of what is there.

## Fix safety
Safe: the image stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.images import media_type as said_by
from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, Repair, ReplaceStart, rule
from jsonl_lint.rules.img.samples import JPEG_RGB, PNG_RGB, WEBP_RGB, example, uri
from jsonl_lint.targets import Facts

AT = "/messages/0/content/0/image_url/url"
ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}


@rule(
    "IMG011",
    at=Image,
    severity="warning",
    repair="write the media type of what is there",
    fixable="safe",
    gated=True,
    bad=[
        Case(example(uri(JPEG_RGB)), at=AT, fixed=example(uri(JPEG_RGB, "image/jpeg"))),
        Case(example(uri(PNG_RGB, "image/jpg")), at=AT, fixed=example(uri(PNG_RGB))),
        Case(example(uri(WEBP_RGB, "IMAGE/png")), at=AT, fixed=example(uri(WEBP_RGB, "image/webp"))),
    ],
    good=[
        Case(example(uri(PNG_RGB))),
        Case(example(uri(JPEG_RGB, "image/jpg"))),
        Case(example(uri(JPEG_RGB, "image/jpeg"))),
    ],
)
def media_type(image: Image, facts: Facts) -> Iterator[Problem]:
    said = said_by(image.url)
    if said is None or image.picture is None or image.picture.format not in facts.image_formats:
        return
    actual = f"image/{image.picture.format}"
    if ALIASES.get(said, said) != actual:
        written = image.url[: len("data:") + len(said)]
        step = ReplaceStart(("image_url", "url"), written, f"data:{actual}")
        what = f"the media type is {said}, and the bytes are {str(image.picture.format).upper()}"
        yield Problem(what, ("image_url", "url"), repair=Repair(f"write {actual}", True, (step,)))
