"""Small questions about text that several rules and the gate ask alike."""

from __future__ import annotations

import json
from typing import Any

__all__ = [
    "BOM",
    "INVISIBLE",
    "capital",
    "has_visible",
    "is_unicode",
    "is_utf8",
    "kind",
    "plural",
    "printable",
    "quoted",
]

BOM = b"\xef\xbb\xbf"

# White space, controls, zero-width and bidi characters, fillers, variation selectors: nothing of them shows on a page.
INVISIBLE = "".join(
    map(
        chr,
        [
            *range(0x21),
            *range(0x7F, 0xA1),
            0xAD,
            0x034F,
            0x061C,
            0x115F,
            0x1160,
            0x1680,
            0x17B4,
            0x17B5,
            *range(0x180B, 0x1810),
            *range(0x2000, 0x2010),
            *range(0x2028, 0x2030),
            *range(0x205F, 0x2070),
            0x2800,
            0x3000,
            0x3164,
            *range(0xFE00, 0xFE10),
            0xFEFF,
            0xFFA0,
            *range(0xFFF9, 0xFFFC),
            *range(0xE0000, 0xE0080),
            *range(0xE0100, 0xE01F0),
        ],
    )
)


def has_visible(text: str) -> bool:
    """Whether a text has any character that a reader could see."""
    return "!" <= text[:1] <= "~" or bool(text.strip(INVISIBLE))


def kind(value: Any) -> str:
    """What a JSON value is, in words: `a string`, `an array`, `null`, ..."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {str: "a string", list: "an array", dict: "an object", int: "a number", float: "a number"}
    return names.get(type(value), type(value).__name__)


def quoted(value: Any, limit: int = 40) -> str:
    """A JSON value as it is written on a line, cut to `limit` characters, nothing in it that a terminal would obey."""
    shown = printable(json.dumps(value, ensure_ascii=False))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def printable(text: str) -> str:
    """A text in which characters that can't be seen, or written at all, are escaped."""
    return text if text.isprintable() else "".join(map(printable_character, text))


def printable_character(char: str) -> str:
    """A character as it can be shown."""
    return char if char.isprintable() else f"\\u{ord(char):04x}"


def capital(text: str) -> str:
    """A text with its first letter large, and the others as they are."""
    return text[:1].upper() + text[1:]


def plural(count: int, noun: str) -> str:
    """A count with its noun: `1 line`, `2 lines`, `1,200 examples`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_utf8(text: bytes) -> bool:
    """Whether bytes are well-formed UTF-8."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
