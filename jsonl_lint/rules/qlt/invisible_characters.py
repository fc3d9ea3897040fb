"""A text holds characters that do not show, or that stand for nothing.

## What it does
Flags zero-width spaces, word joiners and byte order marks inside a text, controls of the writing direction without a
script that needs them, tag characters and characters of private use, and U+FFFD, which stands for what could not be
decoded. Joiners between letters that they belong to (Persian, Indic scripts, emoji) and flags of regions are left alone.

## Why
Such characters come from web pages, chat programs and broken decoding, or hide text from the reader. The model learns to
write them.

## How to repair
Remove them; for U+FFFD, read the source in its real encoding again, or write what was lost.

## Fix safety
Unsafe: the characters are removed. A text with U+FFFD is left as it is, because something was lost there that only its
author knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from jsonl_lint.rule import Case, Problem, Repair, Replace, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}

RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
ALWAYS = "\u200b\u2060-\u2064\ufeff\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\u206a-\u206f"
DIRECTION = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
TAGS = "\U000e0000-\U000e007f"
FLAG = "\U0001f3f4"
# Vendors put their logo there; people who write it mean it.
APPLE = "\uf8ff"
LOST = "\ufffd"


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """The characters that may be out of place."""
    return re.compile(f"[{ALWAYS}{DIRECTION}]|(?<=[!-~])[\u200c\u200d](?=[!-~])|(?<!{FLAG})(?<![{TAGS}])[{TAGS}]+")


@rule(
    "QLT004",
    at=Text,
    severity="warning",
    repair="remove the characters; for U+FFFD, read the source in its real encoding again",
    fixable="unsafe",
    triggers=[
        *(b"\xe2\x80" + bytes([last]) for last in (0x8B, 0x8C, 0x8D, 0x8E, 0x8F, *range(0xAA, 0xAF))),
        *(b"\xe2\x81" + bytes([last]) for last in (*range(0xA0, 0xA5), *range(0xA6, 0xB0))),
        b"\xef\xbb\xbf",
        b"\xef\xbf\xbd",
        *(b"\xef" + bytes([second]) for second in range(0x80, 0xA4)),
        b"\xee",
        b"\xf3",
        b"\xf4",
        rb"\u200",
        rb"\u202",
        rb"\u206",
        rb"\ufeff",
        rb"\uFEFF",
        rb"\ufffd",
        rb"\uFFFD",
        rb"\ue",
        rb"\uE",
        rb"\uf",
        rb"\uF",
        rb"\udb",
        rb"\uDB",
    ],
    bad=[
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "Pa\u200bris"}]},
            at="/messages/1/content",
            fixed={"messages": [QUESTION, {"role": "assistant", "content": "Paris"}]},
        ),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Malm\ufffd"}]}, at="/messages/1/content"),
        Case(
            b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "P\\u202earis"}]}\n',
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "👩\u200d🔬 می\u200cخواهم"}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "שלום\u200f!"}]}),
    ],
)
def invisible_characters(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.text.isascii():
        return
    found = [match for match in pattern().finditer(text.text) if is_out_of_place(match, text.text)]
    if not found:
        return
    first = found[0]
    count = f" and {len(found) - 1} more" if len(found) > 1 else ""
    message = f"the text holds {described(first[0][0])}{count}"
    yield Problem(message, plain=message, text_range=first.span(), repair=removal(text.text, found))


def removal(text: str, found: Iterable[re.Match[str]]) -> Repair | None:
    """The repair that takes characters out of a text; none where some were lost, which nothing brings back."""
    if LOST in text:
        return None
    kept = list(text)
    for match in found:
        kept[match.start() : match.end()] = [""] * (match.end() - match.start())
    return Repair("remove the characters", False, (Replace((), "".join(kept)),))


def is_out_of_place(match: re.Match[str], text: str) -> bool:
    """Whether a character is none that the text's script needs."""
    char = match[0][0]
    if char == APPLE:
        return False
    return not (char in "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069" and re.search(RIGHT_TO_LEFT, text))


def described(char: str) -> str:
    """A character by its number and name."""
    import unicodedata

    name = unicodedata.name(char, "a character of private use").lower()
    return f"U+{ord(char):04X} ({name})"
