"""An image's URL is of a kind that the target does not take.

## What it does
Flags a URL that is neither http, https nor a data URI: a path, `file:`, `ftp:`, `s3:`, base64 without its `data:` part.

## Why
The service has no access to files and stores of yours; it can't load the image.

## How to repair
Put the image where it can be fetched by https, or into a data URI.
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
    "IMG009",
    at=Image,
    severity="error",
    repair="put the image where it can be fetched by https, or into a data URI",
    gated=True,
    bad=[
        Case(example("file:///home/ann/cat.png"), at=AT),
        Case(example("ftp://example.com/cat.png"), at=AT),
        Case(example("images/cat.png"), at=AT),
        Case(example("C:\\images\\cat.png"), at=AT),
        Case(example("//example.com/cat.png"), at=AT),
        Case(example("https:/cat.png"), at=AT),
        Case(example("http://"), at=AT),
        Case(example(PNG_RGB), at=AT),
        Case(example("https://example.com/cat.png"), at=AT, facts={"image_url_schemes": ["data"]}),
    ],
    good=[
        Case(example("https://example.com/cat.png")),
        Case(example("HTTP://example.com/cat.png?size=2")),
        Case(example(uri(PNG_RGB))),
    ],
)
def image_url(image: Image, facts: Facts) -> Iterator[Problem]:
    taken = facts.image_url_schemes
    if taken and image.scheme not in taken:
        yield Problem(f"the URL {shown(image)}; it must be of {' or '.join(taken)}", ("image_url", "url"))
    elif image.is_remote and not has_host(image.url):
        yield Problem(f"the URL {quoted(image.url)} names no host", ("image_url", "url"))


def shown(image: Image) -> str:
    """What is wrong with a URL's beginning."""
    if image.scheme is not None and len(image.scheme) > 1:
        return f"begins with {image.scheme}:"
    return f"{quoted(image.url)} is a path, or no URL at all"


def has_host(url: str) -> bool:
    """Whether a URL of http or https names a host."""
    _, slashes, rest = url.partition("://")
    return bool(slashes) and rest[:1] not in ("", "/", "?", "#", ":")
