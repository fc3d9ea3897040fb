"""An image can't be read.

## What it does
Flags an image that is cut off or corrupt by the structure of its file: chunks and their checksums (PNG), segments and end
mark (JPEG), sizes (WEBP). And one whose header promises more pixels than is safe to open. Pixels are decoded only where
the structure does not tell.

## Why
The service can't open the image, and skips it or refuses the file. An image of billions of pixels in a few hundred bytes
is an attack on whoever opens it.

## How to repair
Encode the image anew from its source.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import JPEG_RGB, PNG_RGB, WEBP_RGB, example, uri
from jsonl_lint.targets import Facts

AT = "/messages/0/content/0/image_url/url"


def changed(payload: str, at: int, new: bytes) -> str:
    """An image with some of its bytes changed."""
    data = base64.b64decode(payload)
    return base64.b64encode(data[:at] + new + data[at + len(new) :]).decode()


def cut(payload: str, count: int) -> str:
    """An image without its last bytes."""
    return base64.b64encode(base64.b64decode(payload)[:-count]).decode()


@rule(
    "IMG008",
    at=Image,
    severity="error",
    repair="encode the image anew from its source",
    gated=True,
    bad=[
        Case(example(uri(cut(PNG_RGB, 5))), at=AT),
        Case(example(uri(cut(PNG_RGB, 30))), at=AT),
        Case(example(uri(cut(PNG_RGB, 40))), at=AT),
        Case(example(uri(changed(PNG_RGB, 45, b"\x00"))), at=AT),
        Case(example(uri(changed(PNG_RGB, 16, b"\x00\x00\xea\x60\x00\x00\xea\x60"))), at=AT),
        Case(example(uri(cut(WEBP_RGB, 2), "image/webp")), at=AT),
        Case(example(uri(changed(WEBP_RGB, 12, b"VP9X"), "image/webp")), at=AT),
        Case(example(uri(cut(JPEG_RGB, 20), "image/jpeg")), at=AT),
        Case(example(uri(cut(JPEG_RGB, 200), "image/jpeg")), at=AT),
        Case(example(uri("/9j/4AAQ", "image/jpeg")), at=AT),
    ],
    good=[
        Case(example(uri(PNG_RGB))),
        Case(example(uri(JPEG_RGB, "image/jpeg"))),
        Case(example(uri(WEBP_RGB, "image/webp"))),
    ],
)
def image_unreadable(image: Image, facts: Facts) -> Iterator[Problem]:
    if image.picture is not None and image.picture.damage is not None:
        yield Problem(f"the image can't be read: {image.picture.damage}", ("image_url", "url"))
