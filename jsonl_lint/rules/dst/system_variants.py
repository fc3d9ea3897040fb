"""The system messages differ.

## What it does
Says how many different system messages there are, and shows those that differ in case, spaces or punctuation alone side by
side. Looks at the first message of each example. Beyond 1,000 different ones (or 8 million
characters) it says only that there are many.

## Why
A model learns its behaviour under the system message that it sees. Several spellings of one message are mostly an accident,
and the one that is used later may be the one that was seen least.

## How to repair
Use one spelling of each system message, the one that is used later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsonl_lint.rule import Case, Dataset, Problem, Variant, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural, quoted

ANSWER = '{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
BRIEF = ('{"messages": [{"role": "system", "content": "Be brief."}, ' + ANSWER).encode()
LOUD = BRIEF.replace(b"Be brief.", b"be  BRIEF!")
KIND = BRIEF.replace(b"Be brief.", b"Be kind.")
SHOWN = 60


@rule(
    "DST007",
    at=Dataset,
    severity="info",
    repair="use one spelling of each system message, the one that is used later",
    bad=[
        Case(BRIEF + KIND, line=2),
        Case(BRIEF + LOUD, line=2),
        Case(BRIEF + KIND + LOUD + BRIEF, count=2, line=2),
    ],
    good=[Case(BRIEF + BRIEF.replace(b'", "', b'" ,"'))],
)
def system_variants(dataset: Dataset, facts: Facts) -> Iterator[Problem]:
    systems = dataset.systems
    if systems is None:
        message = "more different system messages than are compared (1,000)"
        yield Problem(message, plain=message, line=1)
        return
    by_meaning: dict[str, list[Variant]] = {}
    for variant in systems:
        by_meaning.setdefault(loose(variant.text), []).append(variant)
    if len(by_meaning) > 1:
        yield several([variants[0] for variants in by_meaning.values()])
    for first, *others in by_meaning.values():
        yield from (spelled_otherwise(first, other) for other in others)


def loose(text: str) -> str:
    """A text without what its variants differ in by accident: case, spaces, punctuation."""
    return "".join(char for char in text.casefold() if char.isalnum()) or text


def several(systems: Sequence[Variant]) -> Problem:
    """The problem of different system messages."""
    lines = ", ".join(f"{variant.line:,}" for variant in systems[:5])
    more = ", ..." if len(systems) > 5 else ""
    message = f"{plural(len(systems), 'different system message')}, first on lines {lines}{more}"
    return Problem(message, plain=message, line=systems[1].line)


def spelled_otherwise(first: Variant, other: Variant) -> Problem:
    """The problem of two spellings of one system message, shown side by side from where they differ."""
    where = f"the system message of line {first.line:,} ({plural(first.count, 'example')}) in another spelling"
    differ = next((i for i, pair in enumerate(zip(first.text, other.text, strict=False)) if pair[0] != pair[1]), 0)
    start = max(differ - SHOWN // 3, 0)
    shown = [("…" if start else "") + quoted(text.text[start : start + SHOWN], SHOWN + 2) for text in (other, first)]
    message = f"{where} ({plural(other.count, 'example')}): {shown[0]} for {shown[1]}"
    return Problem(message, plain=f"{where} ({plural(other.count, 'example')})", line=other.line)
