"""An image's colours are of a mode that the target does not take.

## What it does
Flags images of another mode than the target takes (Azure OpenAI: RGB and RGBA): palettes, grey, CMYK, 16-bit grey. Modes
are named as in Pillow, which is what the service reads images with.

## Why
The service skips the image, and the example is trained on without it.

## How to repair
Convert the image: `Image.open(path).convert("RGB")` with Pillow.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import (
    JPEG_CMYK,
    JPEG_GREY,
    JPEG_RGB,
    PNG_16_BIT,
    PNG_GREY,
    PNG_PALETTE,
    PNG_RGB,
    PNG_RGBA,
    WEBP_RGBA,
    example,
    uri,
)
from jsonl_lint.targets import Facts

AT = "/messages/0/content/0/image_url/url"
WORDS = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey with transparency",
    "P": "a palette",
    "CMYK": "CMYK",
    "I;16": "16-bit grey",
}


@rule(
    "IMG006",
    at=Image,
    severity="error",
    repair="convert the image to RGB or RGBA",
    gated=True,
    bad=[
        Case(example(uri(PNG_PALETTE)), at=AT),
        Case(example(uri(PNG_GREY)), at=AT),
        Case(example(uri(PNG_16_BIT)), at=AT),
        Case(example(uri(JPEG_GREY, "image/jpeg")), at=AT),
        Case(example(uri(JPEG_CMYK, "image/jpeg")), at=AT),
    ],
    good=[
        Case(example(uri(PNG_RGB))),
        Case(example(uri(PNG_RGBA))),
        Case(example(uri(WEBP_RGBA, "image/webp"))),
        Case(example(uri(JPEG_RGB, "image/jpeg"))),
    ],
)
def image_mode(image: Image, facts: Facts) -> Iterator[Problem]:
    picture = image.picture
    if picture is None or picture.mode is None or picture.damage is not None or not facts.image_modes:
        return
    if picture.mode not in facts.image_modes:
        words = f"{WORDS[picture.mode]} (mode {picture.mode})" if picture.mode in WORDS else f"of mode {picture.mode}"
        what = f"the image is {words}; the target takes {' and '.join(facts.image_modes)}"
        yield Problem(what, ("image_url", "url"))
