"""Counts of words that were met before: a table that is asked for many words at once, and a dictionary behind it.

A word of up to 15 bytes is two numbers, which hold its bytes and its length; the table has one place for it, in which the
last such word stays. What the table does not know is looked up in the dictionary, and counted if it is new there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from jsonl_lint.tokens.words import Offsets, word_starts

__all__ = ["Lexicon"]

Keys = npt.NDArray[np.uint64]

LONGEST = 15
LENGTHS = range(LONGEST + 1)

# The table takes 4.5 MB, the dictionary up to 20 MB.
PLACE_BITS = 18
MOST_WORDS = 1 << 17

# A new word costs as much as some twenty known ones. Where too many are new the lexicon takes a rest, and tries again later.
TRIAL_BYTES = 1 << 23
NEW_SHARE = 0.2
REST_BYTES = 1 << 26


class Lexicon:
    """Counts the tokens of texts word by word; `count_new` gives the number of tokens of each word that is not known."""

    def __init__(self, encoding: str, count_new: Callable[[list[bytes]], list[int]]) -> None:
        self.encoding = encoding
        self.count_new = count_new
        self.keys: Keys = np.zeros((2, 1 << PLACE_BITS), np.uint64)
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
        is_known = (
            (self.keys[0].take(places) == keys[0]) & (self.keys[1].take(places) == keys[1]) & (lengths <= LONGEST)
        )
        counts = self.counts.take(places).astype(np.intp)
        asked = np.flatnonzero(~is_known)
        begins = starts[asked]
        spans = zip(begins.tolist(), (begins + lengths[asked]).tolist(), strict=True)
        counts[asked] = self.looked_up([joined[begin:end] for begin, end in spans])
        kept = asked[lengths[asked] <= LONGEST]
        self.keys[:, places[kept]] = keys[:, kept]
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
        return [known[word] for word in words]


# Bytes 0 to 7 and 8 to 14 of a word, with its length where the last byte would be.
MASKS = [
    np.array([(1 << 8 * max(min(length - skipped, 8), 0)) - 1 for length in LENGTHS], np.uint64) for skipped in (0, 8)
]
LENGTH_BYTE = np.array([length << 56 for length in LENGTHS], np.uint64)


def keys_of(joined: bytes, starts: Offsets, lengths: Offsets) -> Keys:
    """Two numbers for each word, which no other word of up to 15 bytes has."""
    shown = np.minimum(lengths, LONGEST)
    padded = joined + bytes(16)
    words = [np.ndarray((len(joined),), "<u8", padded, skipped, (1,))[starts] for skipped in (0, 8)]
    return np.stack([words[0] & MASKS[0].take(shown), words[1] & MASKS[1].take(shown) | LENGTH_BYTE.take(shown)])


def places_of(keys: Keys) -> Offsets:
    """The place of each word in the table."""
    mixed = keys[0] * np.uint64(0x9E3779B97F4A7C15) ^ keys[1] * np.uint64(0xC2B2AE3D27D4EB4F)
    places: Offsets = (mixed >> np.uint64(64 - PLACE_BITS)).astype(np.intp)
    return places
