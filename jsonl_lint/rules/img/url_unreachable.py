"""An image's URL does not lead to an image that the target takes.

## What it does
With `--check-urls` alone: fetches each image that is elsewhere, once, and flags a URL where nothing comes back (an error,
no answer in time, too many redirects), one that is not public, and an image of which the rules on size, format, mode and
wholeness find something. Without the option such images are counted as unchecked.

## Why
The service fetches the image when it trains. Where it can't, it skips it, and the example is trained on without.

## How to repair
Correct the URL, make the image public, or put it into a data URI.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import Fetched, Image
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.rules.img.image_format import image_format
from jsonl_lint.rules.img.image_mode import image_mode
from jsonl_lint.rules.img.image_size import image_size
from jsonl_lint.rules.img.image_unreadable import image_unreadable
from jsonl_lint.rules.img.samples import PNG_RGB, example, uri
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

AT = "/messages/0/content/0/image_url/url"
CHECKS = (image_size, image_format, image_mode, image_unreadable)


@rule(
    "IMG012",
    at=Fetched,
    severity="error",
    repair="correct the URL, make the image public, or put it into a data URI",
    gated=True,
    bad=[
        Case(example("http://127.0.0.1/cat.png"), at=AT, check_urls=True),
        Case(example("http://[::ffff:10.0.0.1]/cat.png"), at=AT, check_urls=True),
        Case(example("http://169.254.169.254/latest/meta-data"), at=AT, check_urls=True),
    ],
    good=[
        Case(example("http://127.0.0.1/cat.png")),
        Case(example(uri(PNG_RGB)), check_urls=True),
    ],
)
def url_unreachable(fetched: Fetched, facts: Facts) -> Iterator[Problem]:
    if fetched.why is not None:
        yield Problem(f"the image at {quoted(fetched.url, 80)} can't be fetched: {fetched.why}")
        return
    image = Image(fetched.url, picture=fetched.picture)
    problems = [problem for check in CHECKS for problem in check(image, facts)]
    if problems:
        what = "; ".join(problem.message for problem in problems)
        yield Problem(f"what comes back from {quoted(fetched.url, 80)}: {what}")
