"""Texts cut into words whose tokens are added up: the part in C, which counts new words many at a time.

Words that are new are put together so that a text is cut between them, and counted in one call, which takes much less than
a call for each. The sizes of the tokens tell which of them belong to which word; where they do not meet the words' ends,
each word is counted by itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from ctypes import CDLL, c_int, c_size_t, c_void_p
from functools import cached_property
from typing import Protocol
from weakref import finalize

import msgspec

from jsonl_lint.tokens.cuts import cutting_rules

__all__ = ["NativeTally", "Tally", "WordCounter"]

# How many words are asked for at once; those that are put together have so many bytes each at most, with what is between.
ROOM = 1 << 11
LONGEST = 204

NUMBER = "Q"
NUMBER_BYTES = 8
TOKEN_BYTES = 4


class WordCounter(msgspec.Struct, frozen=True):
    """How words are counted in an encoding, of whose tokens `sizes` gives the lengths in bytes.

    `encode` gives the tokens of a text as numbers of four bytes each, `count` how many they are. `sharers` are how many
    counters of different encodings there are, which have the memory for words among them.
    """

    encoding: str
    sizes: Callable[[], bytes]
    encode: Callable[[str], bytes]
    count: Callable[[str], int]
    sharers: int = 1


class Tally(Protocol):
    """Adds up the tokens of texts, and remembers those of words. `new_bytes` counts the bytes of words that were new."""

    new_bytes: int

    def sums(self, together: bytes, ends: array[int]) -> list[int]:
        """The number of tokens of each text. They stand end to end, in UTF-8; none may be empty."""


class NativeTally:
    """Adds up the tokens of texts by words, those that were met before from a table of 10 MB at most, or of its share."""

    def __init__(self, native: CDLL, counter: WordCounter) -> None:
        declare(native)
        self.native = native
        self.counter = counter
        self.rules = cutting_rules(counter.encoding)
        self.sizes = counter.sizes()
        self.new_bytes = 0
        self.unknown, self.tokens, self.ends, self.leads = (numbers(ROOM * each) for each in (3, 1, 1, 1))
        self.joined = array("B", bytes(ROOM * LONGEST))

    @cached_property
    def table(self) -> int:
        """The table of words, made when it is first asked for: a copy of this process would hold another beside it."""
        # Beside several tables there is much else more than once: together they take half of what one takes alone.
        table: int | None = self.native.words_table(2 * (self.counter.sharers - 1).bit_length())
        if table is None:
            raise MemoryError
        finalize(self, self.native.words_free, table)
        return table

    def sums(self, together: bytes, ends: array[int]) -> list[int]:
        """The number of tokens of each text."""
        sums, place = numbers(len(ends)), numbers(2)
        given = (self.table, self.rules, together, at(ends), len(ends), at(place), at(sums), at(self.unknown), ROOM)
        while found := self.native.words_count(*given):
            self.count_new(together, found)
            learnt = at(self.unknown), at(self.tokens), found, at(sums)
            self.new_bytes += self.native.words_learn(self.table, together, *learnt)
        return sums.tolist()

    def count_new(self, texts: bytes, found: int) -> None:
        """Count so many words that are not known."""
        is_told = self.count_joined(texts, found)
        tokens = self.tokens
        alone = [index for index in range(found) if not is_told or not tokens[index]]
        for index in alone:
            start, end = self.unknown[3 * index + 1], self.unknown[3 * index + 2]
            tokens[index] = self.counter.count(texts[start:end].decode())

    def count_joined(self, texts: bytes, found: int) -> bool:
        """Count all of these words together that can be; those that can't have no tokens. False if it can't be told."""
        places = at(self.ends), at(self.leads)
        joined = at(self.joined), len(self.joined)
        size = self.native.words_join(self.rules, texts, at(self.unknown), found, *joined, *places)
        if not size:
            return False
        tokens = self.counter.encode(str(memoryview(self.joined)[:size], "utf-8"))
        shared = len(tokens) // TOKEN_BYTES, self.sizes, len(self.sizes), *places, found, at(self.tokens)
        return bool(self.native.words_share(tokens, *shared))


def declare(native: CDLL) -> None:
    """Say what the functions take and give."""
    pointer, size = c_void_p, c_size_t
    native.words_table.argtypes = [c_int]
    native.words_table.restype = pointer
    native.words_free.argtypes = [pointer]
    native.words_free.restype = None
    native.words_count.argtypes = [*[pointer] * 4, size, *[pointer] * 3, size]
    native.words_count.restype = size
    native.words_learn.argtypes = [*[pointer] * 4, size, pointer]
    native.words_learn.restype = size
    native.words_join.argtypes = [*[pointer] * 3, size, pointer, size, pointer, pointer]
    native.words_join.restype = size
    native.words_share.argtypes = [pointer, size, pointer, size, pointer, pointer, size, pointer]
    native.words_share.restype = c_int


def numbers(count: int) -> array[int]:
    """So many zeros."""
    return array(NUMBER, bytes(count * NUMBER_BYTES))


def at(values: array[int]) -> int:
    """Where the values stand, as long as there are as many of them."""
    return values.buffer_info()[0]
