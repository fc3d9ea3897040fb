r"""Where texts are cut into words whose tokens add up to those of the texts; most words come again and again.

A word is a few characters like ` house`, `(x` or `\n`. A text is cut only where no piece of its encoding's pattern can hold
the characters on both sides, and where the end of what stands before does not change how that is taken to pieces, for which
white space alone matters:

* before a space that follows anything but white space: no piece has a space after anything else;
* after a letter or digit of ASCII: a piece goes on with its like alone, but for an apostrophe, which may begin a contraction;
* in o200k and cl100k, after a line feed before what is neither white space nor `/`. A piece goes on after a line feed with
  white space alone, or after punctuation with `/`. White space that ends in a line feed is one piece, at the end of a text
  too; in the older encodings `\s+(?!\S)` leaves the line feed to the next piece;
* in o200k, before the last of several spaces if something follows that is no white space: `\s+(?!\S)` leaves that space out.
  In cl100k `\s++$` would take line feeds together with the spaces that are left before it.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

__all__ = ["Cut", "blank_ends", "classes_of_bytes", "cuts_of_pairs", "cutting_rules"]


class Begin(IntEnum):
    """How a word may begin behind another one."""

    ALONE = 0
    WITH_SPACE = 1
    AFTER_LETTER = 2
    AFTER_LINE_FEED = 3


class End(IntEnum):
    """How a word may end before another one."""

    ALONE = 0
    VISIBLE = 1
    IN_SPACE = 2
    IN_LINE_FEED = 3


class Cut(IntEnum):
    """Whether a text is cut between two classes of bytes."""

    NEVER = 0
    ALWAYS = 1
    UNLESS_BLANK = 2
    """Unless the bytes before may end white space beyond ASCII."""
    IF_VISIBLE = 3
    """If a byte follows that is ASCII and no white space."""


# The classes of bytes. Those from APOSTROPHE on are ASCII that is no white space; WIDE may begin wide white space.
WIDE, LEAD, TAIL, SPACE, LINE_FEED, BLANK, APOSTROPHE, SLASH, SIGN, LETTER, DIGIT, CONTROL = range(12)
MEMBERS = {
    TAIL: bytes(range(0x80, 0xC0)),
    SPACE: b" ",
    LINE_FEED: b"\n",
    BLANK: b"\t\v\f\r",
    APOSTROPHE: b"'",
    SLASH: b"/",
    SIGN: b'!"#$%&()*+,-.:;<=>?@[\\]^_`{|}~',
    LETTER: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    DIGIT: b"0123456789",
}

# White space beyond ASCII, as the patterns have it.
WIDE_BLANKS = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

CUTS = {
    (TAIL, SPACE): Cut.UNLESS_BLANK,
    **{(before, SPACE): Cut.ALWAYS for before in (APOSTROPHE, SLASH, SIGN, LETTER, DIGIT, CONTROL)},
    **{(LETTER, after): Cut.ALWAYS for after in (LINE_FEED, BLANK, SLASH, SIGN, DIGIT)},
    **{(DIGIT, after): Cut.ALWAYS for after in (LINE_FEED, BLANK, SLASH, SIGN, LETTER)},
}
AFTER_LINE_FEED = {(LINE_FEED, after): Cut.ALWAYS for after in (LEAD, APOSTROPHE, SIGN, LETTER, DIGIT, CONTROL)}
CUTS_OF = {
    "o200k_base": {**CUTS, **AFTER_LINE_FEED, (SPACE, SPACE): Cut.IF_VISIBLE},
    "cl100k_base": {**CUTS, **AFTER_LINE_FEED},
    "p50k_base": CUTS,
    "r50k_base": CUTS,
}


@lru_cache(maxsize=1)
def classes_of_bytes() -> bytes:
    """The class of each byte."""
    table = bytearray([CONTROL] * 128 + [LEAD] * 128)
    for kind, members in MEMBERS.items():
        for byte in members:
            table[byte] = kind
    for blank in WIDE_BLANKS:
        table[blank.encode()[0]] = WIDE
    return bytes(table)


@lru_cache(maxsize=len(CUTS_OF))
def cuts_of_pairs(encoding: str) -> bytes:
    """For each pair of classes, sixteen times the first and the second, whether a text is cut between them."""
    return bytes(CUTS_OF[encoding].get((pair >> 4, pair & 15), Cut.NEVER) for pair in range(256))


@lru_cache(maxsize=1)
def blank_ends() -> bytes:
    """For each two bytes, as a little-endian number, whether white space beyond ASCII, and maybe more, ends with them."""
    table = bytearray(1 << 16)
    for blank in WIDE_BLANKS:
        table[int.from_bytes(blank.encode()[-2:], "little")] = True
    return bytes(table)


def begins(encoding: str) -> bytes:
    """How words that begin with each class of bytes may stand behind others: where a text is cut between them."""
    cuts = CUTS_OF[encoding]
    table = bytearray(16)
    for kind in range(CONTROL + 1):
        if kind == SPACE:
            table[kind] = Begin.WITH_SPACE
        elif (LETTER, kind) in cuts:
            table[kind] = Begin.AFTER_LETTER
        elif (LINE_FEED, kind) in cuts:
            table[kind] = Begin.AFTER_LINE_FEED
    return bytes(table)


def ends(encoding: str) -> bytes:
    """How words that end with each class of bytes may stand before others."""
    cuts = CUTS_OF[encoding]
    table = bytearray(16)
    for kind in range(CONTROL + 1):
        if kind == SPACE and (SPACE, SPACE) in cuts:
            table[kind] = End.IN_SPACE
        elif kind == LINE_FEED and (LINE_FEED, LETTER) in cuts:
            table[kind] = End.IN_LINE_FEED
        elif (kind, SPACE) in cuts:
            table[kind] = End.VISIBLE
    return bytes(table)


def cutting_rules(encoding: str) -> bytes:
    """All of these rules for bytes, as the part in C has them in one table."""
    classes, pairs = classes_of_bytes(), cuts_of_pairs(encoding)
    visible = bytes(kind >= APOSTROPHE for kind in classes)
    before = {kind: classes.translate(pairs[kind::16] * 16) for kind in range(CONTROL + 1)}
    cuts = b"".join(before[kind] for kind in classes)
    sides = classes.translate(begins(encoding) * 16) + classes.translate(ends(encoding) * 16)
    return cuts + blank_ends() + visible + sides
