"""Searching a block of lines for many short texts and patterns at once.

One pass of Hyperscan over the block takes less than a nanosecond for a byte, however many texts there are. Until there has
been enough to make loading the library worth it, blocks are searched for one text after the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

import msgspec
import orjson

if TYPE_CHECKING:
    from hyperscan import Database

__all__ = ["FEW_BYTES", "Pattern", "Search", "Wanted", "spellings"]


class Pattern(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pattern of bytes as they stand in a file, without look-around and back-references, made when it is first needed.

    `source` and `holds` are in Latin-1, a character for each byte. `holds` are texts of which one at least stands in whatever
    the pattern matches (in small letters, if `flags` has `re.IGNORECASE`): without any of them a block is not searched.
    """

    source: str
    holds: tuple[str, ...] = ()
    flags: int = 0

    @property
    def ignores_case(self) -> bool:
        """Whether capital and small letters are the same."""
        return bool(self.flags & re.IGNORECASE)

    def may_occur(self, block: bytes) -> bool:
        """Whether there may be a match in a block."""
        here = block.lower() if self.ignores_case else block
        return not self.holds or any(text.encode("latin-1") in here for text in self.holds)


Wanted = bytes | Pattern
"""What is searched for: bytes as they stand in a file, or a pattern of them."""

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
        # Most texts hold some byte that no text of a small block does, which is seen sooner.
        occurring = frozenset(block)
        for text, owners in zip(self.texts, self.owners, strict=True):
            if isinstance(text, Pattern):
                found = compiled(text).finditer(block) if text.may_occur(block) else ()
                yield from ((match.start(), owners) for match in found)
            elif occurring.issuperset(text):
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


@cache
def compiled(pattern: Pattern) -> re.Pattern[bytes]:
    """A pattern as the standard library searches for it."""
    return re.compile(pattern.source.encode("latin-1"), pattern.flags)


def expression(text: Wanted) -> bytes:
    """What is searched for as a regular expression of the library."""
    if isinstance(text, Pattern):
        return text.source.encode("latin-1")
    return b"".join(b"\\x%02x" % byte for byte in text)


def caseless_flag(text: Wanted) -> int:
    """The library's flag for a pattern in which capital and small letters are the same."""
    from hyperscan import HS_FLAG_CASELESS

    return HS_FLAG_CASELESS if isinstance(text, Pattern) and text.ignores_case else 0


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
