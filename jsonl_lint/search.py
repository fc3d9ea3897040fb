"""Searching a block of lines for many short texts and patterns at once.

One pass of Hyperscan over the block takes less than a nanosecond for a byte, however many texts there are. Until there has
been enough to make loading the library worth it, blocks are searched for one text after the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from hyperscan import Database

__all__ = ["FEW_BYTES", "Search", "Wanted", "spellings"]

Wanted = bytes | re.Pattern[bytes]
"""What is searched for: bytes as they stand in a file, or a pattern of bytes without look-around and back-references."""

# Below this, searching text by text costs less than loading the library.
FEW_BYTES = 32 * 1024

# In one line that is longer, each text is found once and not at each of its places.
LONG_LINE = 1 << 20

# The library counts the bytes of a block in 32 bits.
TOO_LONG = 1 << 31


class Search:
    """The search for some texts, each of which has owners: the numbers of those that asked for it."""

    def __init__(self, wanted: Mapping[Wanted, frozenset[int]]) -> None:
        self.texts = list(wanted)
        self.owners = list(wanted.values())
        self.everyone = frozenset().union(*self.owners)
        self.bytes_seen = 0

    def hits(self, block: bytes) -> list[tuple[int, frozenset[int]]]:
        """Where texts are found, and their owners: one place at least for each text in each line that holds it."""
        self.bytes_seen += len(block)
        if self.bytes_seen < FEW_BYTES:
            return list(self.one_by_one(block))
        if len(block) >= TOO_LONG:
            return [(0, self.everyone)]
        places: list[tuple[int, frozenset[int]]] = []
        owners = self.owners

        def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            places.append((end - 1, owners[number]))

        is_one_long_line = len(block) > LONG_LINE and block.find(b"\n", 0, -1) < 0
        database = self.first_of_each if is_one_long_line else self.database
        database.scan([block], match_event_handler=note)  # type: ignore[type-var] # it takes several buffers
        return places

    def load(self) -> None:
        """Load the library now."""
        self.bytes_seen += FEW_BYTES
        _ = self.database

    def one_by_one(self, block: bytes) -> Iterator[tuple[int, frozenset[int]]]:
        """The same without the library."""
        has_escapes = b"\\u" in block
        for text, owners in zip(self.texts, self.owners, strict=True):
            if isinstance(text, re.Pattern):
                yield from ((match.start(), owners) for match in text.finditer(block))
            elif has_escapes or b"\\u" not in text:
                yield from ((offset, owners) for offset in one_in_each_line(block, text))

    @cached_property
    def database(self) -> Database:
        """The texts as the library wants them, found at all their places."""
        return self.compiled(0)

    @cached_property
    def first_of_each(self) -> Database:
        """The same, each text found at its first place alone."""
        from hyperscan import HS_FLAG_SINGLEMATCH

        return self.compiled(HS_FLAG_SINGLEMATCH)

    def compiled(self, flags: int) -> Database:
        """A database of the texts."""
        from hyperscan import HS_MODE_VECTORED, Database

        # For a single buffer it would make an automaton for very short ones, too, which takes three times as long.
        database = Database(mode=HS_MODE_VECTORED)
        database.compile(
            expressions=[expression(text) for text in self.texts],
            ids=list(range(len(self.texts))),
            elements=len(self.texts),
            flags=[flags | caseless_flag(text) for text in self.texts],
        )
        return database


def expression(text: Wanted) -> bytes:
    """What is searched for as a regular expression of the library."""
    return text.pattern if isinstance(text, re.Pattern) else b"".join(b"\\x%02x" % byte for byte in text)


def caseless_flag(text: Wanted) -> int:
    """The library's flag for a pattern in which capital and small letters are the same."""
    from hyperscan import HS_FLAG_CASELESS

    return HS_FLAG_CASELESS if isinstance(text, re.Pattern) and text.flags & re.IGNORECASE else 0


def one_in_each_line(block: bytes, text: bytes) -> Iterator[int]:
    """One place of a text in each line that holds it."""
    offset = block.find(text)
    while offset >= 0:
        yield offset
        end = block.find(b"\n", offset)
        offset = block.find(text, end) if end >= 0 else -1


def spellings(text: str) -> list[bytes]:
    """The ways in which writers of JSON spell a text: as it is, with its slashes escaped, with all beyond ASCII escaped."""
    plain = orjson.dumps(text)[1:-1]
    found = [plain, plain.replace(b"/", rb"\/")]
    if not text.isascii():
        lower = "".join(char if char.isascii() else escaped(char) for char in text)
        found += [lower.encode(), upper_hex(text).encode()]
    return list(dict.fromkeys(found))


def escaped(char: str) -> str:
    """A character beyond ASCII as JSON escapes it."""
    return json.dumps(char)[1:-1]


def upper_hex(text: str) -> str:
    """A text whose characters beyond ASCII are escaped with capital digits."""
    return "".join(char if char.isascii() else escaped(char).upper().replace("\\U", "\\u") for char in text)
