r"""Texts cut into words whose tokens add up to those of the texts; most words come again and again.

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

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["Offsets", "word_starts"]

Offsets = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

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

# The classes of bytes between which a text is cut; after TAIL only if it ends no white space.
CUTS = {
    *((before, SPACE) for before in (TAIL, APOSTROPHE, SLASH, SIGN, LETTER, DIGIT, CONTROL)),
    *((LETTER, after) for after in (LINE_FEED, BLANK, SLASH, SIGN, DIGIT)),
    *((DIGIT, after) for after in (LINE_FEED, BLANK, SLASH, SIGN, LETTER)),
}
NEWER_CUTS = CUTS | {(LINE_FEED, after) for after in (LEAD, APOSTROPHE, SIGN, LETTER, DIGIT, CONTROL)}
CUTS_OF = {"o200k_base": NEWER_CUTS, "cl100k_base": NEWER_CUTS, "p50k_base": CUTS, "r50k_base": CUTS}


def word_starts(texts: bytes, first: Offsets, encoding: str) -> Offsets:
    """Where the words of texts begin. The texts, none of them empty, stand end to end; at `first` each of them begins."""
    classes = np.frombuffer(texts.translate(classes_of_bytes()), np.uint8)
    pairs = classes[:-1] << 4 | classes[1:]
    cuts = np.zeros(len(texts), np.bool_)
    cuts[1:] = np.frombuffer(pairs.tobytes().translate(cuts_of_pairs(encoding)), np.bool_)
    if encoding == "o200k_base":
        is_visible = classes >= APOSTROPHE
        is_visible[first] = False
        cuts[1:-1] |= (pairs[:-1] == (SPACE << 4 | SPACE)) & is_visible[2:]
    if not texts.isascii():
        spaces = np.flatnonzero(pairs == (TAIL << 4 | SPACE)) + 1
        cuts[spaces] = ~may_end_wide_blank()[neighbours(texts)[spaces - 2]]
    cuts[first] = True
    return np.flatnonzero(cuts)


def neighbours(texts: bytes) -> npt.NDArray[np.uint16]:
    """Each two neighbouring bytes as one number."""
    pairs: npt.NDArray[np.uint16] = np.ndarray((len(texts) - 1,), "<u2", texts, strides=(1,))
    return pairs


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
    """For each pair of classes, whether a text is cut between them."""
    return bytes((pair >> 4, pair & 15) in CUTS_OF[encoding] for pair in range(256))


@lru_cache(maxsize=1)
def may_end_wide_blank() -> Flags:
    """For each two bytes, whether white space beyond ASCII ends with them; other characters may do so, too."""
    table = np.zeros(1 << 16, np.bool_)
    table[[int.from_bytes(blank.encode()[-2:], "little") for blank in WIDE_BLANKS]] = True
    return table
