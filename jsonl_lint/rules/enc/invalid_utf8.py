"""The line is not UTF-8.

## What it does
Flags a line with bytes that are not UTF-8, at the first of them: a character that is cut off, a byte that stands alone,
an overlong form, a surrogate (CESU-8), a code beyond U+10FFFF. Says how many more such places the line has, and names
the encoding that the bytes were likely written in, where their neighbours leave little doubt.

## Why
JSON Lines is UTF-8. Services refuse the file, or put U+FFFD in the place of each bad byte and train on that.

## How to repair
Find the program that wrote the text in another encoding, and let it write UTF-8: in Python, `open(..., encoding="utf-8")`
for reading the source as well as for writing the file.

## Fix safety
Unsafe: the bytes are read in the encoding that is likely. It is offered only where every bad place of the line reads
well in one encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsonl_lint.finding import Edit, Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import is_utf8, plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'

# Table 3-7 of the Unicode Standard: every well-formed sequence of more than one byte, or else one bad byte.
HIGH = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|([\x80-\xff])"
)
SURROGATES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])+")

# Letters that Windows-1252 shares with Latin-1 and with the Central European and Turkish code pages.
UPPER = rb"\xc1\xc2\xc4\xc7\xc9\xcb\xcd\xce\xd3\xd4\xd6\xda\xdc"
LOWER = rb"\xdf\xe1\xe2\xe4\xe7\xe9\xeb\xed\xee\xf3\xf4\xf6\xfa\xfc"
# What stands beside each byte makes it improbable that it means another thing in the code pages of DOS and Macintosh.
WINDOWS = re.compile(
    rb"(?:(?<=[A-Za-z" + UPPER + LOWER + rb"])[" + LOWER + rb"]{1,2}|[" + LOWER + rb"](?=[a-z])"
    rb"|(?<![a-z" + LOWER + rb"])[" + UPPER + rb"](?=[A-Za-z" + LOWER + rb"])"
    rb"|(?<=[a-z])\x85(?![A-Za-z])"
    rb"|(?<![A-Za-z])[\x91\x93](?=[A-Za-z])|(?<=[A-Za-z.,!?" + UPPER + LOWER + rb"])\x94(?![A-Za-z])"
    rb"|(?<=[A-Za-z])\x92(?=(?:[stdm]|re|ve|ll)(?![A-Za-z]))"
    rb"|(?<= )[\x96\x97](?= )|(?<=[0-9])\x96(?=[0-9]))+"
)

SHOWN_BYTES = 6


@rule(
    "ENC003",
    at=Line,
    severity="error",
    repair="write the file as UTF-8, and read its sources in the encoding that they have",
    fixable="unsafe",
    gated=True,
    bad=[
        Case(ROW.replace(b"Hi", b"Caf\xe9"), fixed=ROW.replace(b"Hi", "Café".encode())),
        Case(ROW.replace(b"Hi", b"\x93I don\x92t\x94 \x96 na\xefve")),
        Case(ROW.replace(b"Hi", b"\x93I don\x92t\x94"), fixed=ROW.replace(b"Hi", "“I don’t”".encode())),
        Case(ROW.replace(b"Hi", b"\xed\xa0\xbd\xed\xb8\x80"), fixed=ROW.replace(b"Hi", "😀".encode())),
        Case(ROW.replace(b"Hi", b"\xe2\x82")),
        Case(ROW.replace(b"Hi", b"\xc0\xafetc")),
        Case(ROW.replace(b"Hi", b"\xf4\x90\x80\x80")),
        Case(ROW.replace(b"role", b"r\xf4le", 1)),
    ],
    good=[Case(ROW), Case(ROW.replace(b"Hi", "Café “😀” \u0800\ud7ff\ue000\U0010ffff".encode()))],
)
def invalid_utf8(line: Line, facts: Facts) -> Iterator[Problem]:
    if is_utf8(line.text):
        return
    places = bad_places(line.text)
    start, end = places[0]
    message = f"{bytes_in_words(line.text[start:end])} not UTF-8: {defect(line.text, start)}"
    if len(places) > 1:
        message += f"; {plural(len(places) - 1, 'more such place')} on the line"
    name, fix = likely(line.text, places)
    if name is not None:
        message += f"; probably written as {name}"
    yield Problem(message, span=(start, end), fix=fix)


def bad_places(text: bytes) -> list[tuple[int, int]]:
    """The runs of bytes that are not UTF-8."""
    places: list[tuple[int, int]] = []
    for match in HIGH.finditer(text):
        if match[1] is None:
            continue
        start, end = match.span()
        if places and places[-1][1] == start:
            start = places.pop()[0]
        places.append((start, end))
    return places


def bytes_in_words(bad: bytes) -> str:
    """The bytes in hexadecimal, the first of many, and the verb."""
    shown = bad[:SHOWN_BYTES].hex(" ").upper() + (" …" if len(bad) > SHOWN_BYTES else "")
    return f"byte {shown} is" if len(bad) == 1 else f"bytes {shown} are"


def defect(text: bytes, start: int) -> str:
    """In what way the bytes at a place break UTF-8."""
    first = text[start]
    length = sequence_length(first)
    found = continuations(text, start, length)
    second = text[start + 1] if found else 0
    if first < 0xC0:
        return "a continuation byte without the byte that begins its character"
    if found and (first < 0xC2 or (first == 0xE0 and second < 0xA0) or (first == 0xF0 and second < 0x90)):
        return "an overlong form"
    if found == 2 and first == 0xED and second >= 0xA0:
        return "a surrogate (CESU-8)"
    if found and (first > 0xF4 or (first == 0xF4 and second >= 0x90)):
        return "a code beyond U+10FFFF"
    if length == 0 or first in (0xC0, 0xC1):
        return "a byte that never stands in UTF-8"
    return f"a character of {length} bytes that is cut off after {found + 1}"


def sequence_length(first: int) -> int:
    """How many bytes a character has that begins with this byte; 0 if none does."""
    if first >= 0xF8:
        return 0
    return 4 if first >= 0xF0 else 3 if first >= 0xE0 else 2 if first >= 0xC0 else 1


def continuations(text: bytes, start: int, length: int) -> int:
    """How many of the continuation bytes follow that a character of `length` bytes needs."""
    following = text[start + 1 : start + max(length, 1)]
    return next((index for index, byte in enumerate(following) if not 0x80 <= byte < 0xC0), len(following))


def likely(text: bytes, places: list[tuple[int, int]]) -> tuple[str | None, Fix | None]:
    """The encoding in which every bad place reads well, and the fix that reads them so; None where there is none."""
    if all(SURROGATES.fullmatch(text, start, end) for start, end in places):
        edits = tuple(Edit(start, end, joined_surrogates(text[start:end])) for start, end in places)
        return "CESU-8", Fix("write the surrogate pairs as UTF-8", safe=False, edits=edits)
    if all((found := WINDOWS.match(text, start)) and found.end() == end for start, end in places):
        edits = tuple(Edit(start, end, text[start:end].decode("cp1252").encode()) for start, end in places)
        return "Windows-1252", Fix("read the bytes as Windows-1252 and write them as UTF-8", safe=False, edits=edits)
    return None, None


def joined_surrogates(bad: bytes) -> bytes:
    """Surrogate pairs, each written in two times three bytes, as the characters that they stand for."""
    return bad.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()
