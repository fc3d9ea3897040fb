"""A data URI is not one of an image in base64.

## What it does
Flags a `data:` URL that does not begin with `data:image/...;base64,`, and one whose payload is not base64 to the last
character: a foreign character, the alphabet for URLs, missing or misplaced padding, a length that is cut off.

## Why
The service can't decode the image, and skips it or refuses the file.

## How to repair
Write `data:image/png;base64,` and the image's bytes in standard base64, with padding and without line breaks.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import PNG_RGB, example, uri
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

AT = "/messages/0/content/0/image_url/url"


@rule(
    "IMG007",
    at=Image,
    severity="error",
    repair="write data:image/png;base64, and the bytes in standard base64",
    gated=True,
    bad=[
        Case(example(f"data:text/plain;base64,{PNG_RGB}"), at=AT),
        Case(example(f"data:;base64,{PNG_RGB}"), at=AT),
        Case(example(f"data:image/png,{PNG_RGB}"), at=AT),
        Case(example("data:image/png;base64"), at=AT),
        Case(example(uri("")), at=AT),
        Case(example(uri(PNG_RGB[:-1])), at=AT),
        Case(example(uri(PNG_RGB[:-3])), at=AT),
        Case(example(uri(PNG_RGB + "\n")), at=AT),
        Case(example(uri(PNG_RGB[:40] + "\n" + PNG_RGB[41:])), at=AT),
        Case(example(uri(PNG_RGB[:40] + "-_" + PNG_RGB[42:])), at=AT),
        Case(example(uri(PNG_RGB[:40] + "=" + PNG_RGB[41:])), at=AT),
        Case(example(uri(PNG_RGB[:40] + "\u00e9" + PNG_RGB[41:])), at=AT),
        Case(example(uri("A===")), at=AT),
    ],
    good=[
        Case(example(uri(PNG_RGB))),
        Case(example(f"data:image/png;charset=utf-8;base64,{PNG_RGB}")),
        Case(example(f"DATA:image/PNG;base64,{PNG_RGB}")),
    ],
)
def data_uri(image: Image, facts: Facts) -> Iterator[Problem]:
    if image.scheme != "data":
        return
    if image.picture is None:
        what = f"the data URI begins with {quoted(image.url, 30)}; it must begin with data:image/...;base64,"
        yield Problem(what, ("image_url", "url"))
    elif image.picture.broken is not None:
        yield Problem(f"the data URI holds no base64: {image.picture.broken}", ("image_url", "url"))
