"""`detail` of an image is not low, high or auto.

## What it does
Flags a `detail` beside an image's URL that is none of the values that the target takes.

## Why
The service refuses other values.

## How to repair
Write low, high or auto, or remove `detail`: auto is what holds without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET

from jsonl_lint.errors import nearest
from jsonl_lint.parts import Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.samples import example
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

URL = "https://example.com/cat.png"
AT = "/messages/0/content/0/image_url/detail"


@rule(
    "IMG010",
    at=Image,
    severity="error",
    repair="write low, high or auto, or remove detail",
    gated=True,
    bad=[
        Case(example(URL, detail="medium"), at=AT),
        Case(example(URL, detail="High"), at=AT),
        Case(example(URL, detail=None), at=AT),
        Case(example(URL, detail=["low"]), at=AT),
    ],
    good=[Case(example(URL, detail="low")), Case(example(URL, detail="auto")), Case(example(URL))],
)
def image_detail(image: Image, facts: Facts) -> Iterator[Problem]:
    detail = image.detail
    if detail is UNSET or (isinstance(detail, str) and detail in facts.image_details):
        return
    shown = f"{quoted(detail)}{nearest(detail, facts.image_details)}" if isinstance(detail, str) else kind(detail)
    wanted = f"it must be {', '.join(facts.image_details[:-1])} or {facts.image_details[-1]}"
    yield Problem(f"detail is {shown}; {wanted}", ("image_url", "detail"))
