"""Counts of words that were met before: a table that is asked for many words at once, and a dictionary behind it.

A word of up to 23 bytes is three numbers, which hold its bytes and its length; the table has one place for it, in which the
last such word stays. What the table does not know is looked up in the dictionary, and counted if it is new there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from jsonl_lint.tokens.words import Offsets, word_starts

__all__ = ["Lexicon"]

Keys = list[npt.NDArray[np.uint64]]

# The table takes 6.5 MB, the dictionary up to 20 MB.
PLACE_BITS = 18
MOST_WORDS = 1 << 17

# A new word costs as much as some twenty known ones. Where too many are new the lexicon takes a rest, and tries again later.
TRIAL_BYTES = 1 << 23
NEW_SHARE = 0.2
REST_BYTES = 1 << 26

# Where the numbers of a word begin; the last byte of the last one is the word's length.
STEPS = (0, 8, 16)
LONGEST = 23
LENGTHS = np.arange(LONGEST + 1, dtype=np.uint64)
MASKS = [np.array([(1 << 8 * max(min(length - step, 8), 0)) - 1 for length in range(24)], np.uint64) for step in STEPS]
FACTORS = [np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)]


class Lexicon:
    """Counts the tokens of texts word by word; `count_new` gives the number of tokens of each word that is not known."""

    def __init__(self, encoding: str, count_new: Callable[[list[bytes]], list[int]]) -> None:
        self.encoding = encoding
        self.count_new = count_new
        self.keys: Keys = [np.zeros(1 << PLACE_BITS, np.uint64) for _ in STEPS]
        self.counts = np.zeros(1 << PLACE_BITS, np.uint8)
        self.known: dict[bytes, int] = {}
        self.met_bytes = self.new_bytes = self.rest = 0

    def is_worthwhile(self, size: int) -> bool:
        """Whether to give it texts of so many bytes: whether few enough of the words were new of late."""
        if self.met_bytes > TRIAL_BYTES:
            self.rest = REST_BYTES if self.new_bytes > NEW_SHARE * self.met_bytes else 0
            self.met_bytes = self.new_bytes = 0
        self.rest -= size
        return self.rest < 0

    def count(self, texts: Sequence[bytes]) -> list[int]:
        """The number of tokens of each text, given in UTF-8; none may be empty."""
        ends = np.fromiter(map(len, texts), np.intp, len(texts)).cumsum()
        first = np.concatenate(([0], ends[:-1]))
        joined = b"".join(texts)
        self.met_bytes += len(joined)
        starts = word_starts(joined, first, self.encoding)
        counts = self.counts_of(joined, starts)
        sums: list[int] = np.add.reduceat(counts, np.searchsorted(starts, first)).tolist()
        return sums

    def counts_of(self, joined: bytes, starts: Offsets) -> Offsets:
        """The number of tokens of each word, by the table where it knows the word."""
        lengths = np.diff(starts, append=len(joined))
        keys = keys_of(joined, starts, lengths)
        places = places_of(keys)
        is_short = lengths <= LONGEST
        is_known = is_short.copy()
        for column, key in zip(self.keys, keys, strict=True):
            is_known &= column.take(places) == key
        counts = self.counts.take(places).astype(np.intp)
        asked = np.flatnonzero(~is_known)
        begins = starts[asked]
        spans = zip(begins.tolist(), (begins + lengths[asked]).tolist(), strict=True)
        counts[asked] = self.looked_up([joined[begin:end] for begin, end in spans])
        kept = asked[is_short[asked]]
        for column, key in zip(self.keys, keys, strict=True):
            column[places[kept]] = key[kept]
        self.counts[places[kept]] = counts[kept]
        return counts

    def looked_up(self, words: list[bytes]) -> list[int]:
        """The number of tokens of each word, by the dictionary."""
        if len(self.known) > MOST_WORDS:
            self.known = {}
        known = self.known
        new = list(dict.fromkeys([word for word in words if word not in known]))
        known.update(zip(new, self.count_new(new), strict=True))
        self.new_bytes += sum(map(len, new))
        return list(map(known.__getitem__, words))


def keys_of(joined: bytes, starts: Offsets, lengths: Offsets) -> Keys:
    """The numbers of each word; no other word of up to 23 bytes has the same."""
    shown = np.minimum(lengths, LONGEST)
    padded = joined + bytes(LONGEST + 1)
    numbers = [np.ndarray((len(joined),), "<u8", padded, step, (1,))[starts] for step in STEPS]
    keys = [number & mask.take(shown) for number, mask in zip(numbers, MASKS, strict=True)]
    keys[-1] |= LENGTHS.take(shown) << np.uint64(56)
    return keys


def places_of(keys: Keys) -> Offsets:
    """The place of each word in the table."""
    mixed = keys[0] * FACTORS[0]
    for key, factor in zip(keys[1:], FACTORS[1:], strict=True):
        mixed ^= key * factor
    places: Offsets = (mixed >> np.uint64(64 - PLACE_BITS)).astype(np.intp)
    return places
