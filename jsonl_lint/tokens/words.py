"""Texts cut into words in Python, for many bytes at once, and a dictionary of words: what the part in C does, more slowly."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

from jsonl_lint.tokens.cuts import APOSTROPHE, Cut, blank_ends, classes_of_bytes, cuts_of_pairs
from jsonl_lint.tokens.tally import WordCounter

__all__ = ["Offsets", "WordTally", "word_starts"]

Offsets = npt.NDArray[np.intp]

# The dictionary takes up to 20 MB.
MOST_WORDS = 1 << 17


class WordTally:
    """Adds up the tokens of texts by words, those that were met before from a dictionary of them."""

    def __init__(self, counter: WordCounter) -> None:
        self.counter = counter
        self.new_bytes = 0
        self.known: dict[bytes, int] = {}

    def sums(self, together: bytes, ends: array[int]) -> list[int]:
        """The number of tokens of each text."""
        first = np.array([0, *ends[:-1]], np.intp)
        starts = word_starts(together, first, self.counter.encoding)
        spans = zip(starts.tolist(), [*starts[1:].tolist(), len(together)], strict=True)
        counts = self.counts([together[start:end] for start, end in spans])
        sums: list[int] = np.add.reduceat(counts, np.searchsorted(starts, first)).tolist()
        return sums

    def counts(self, words: list[bytes]) -> list[int]:
        """The number of tokens of each word."""
        if len(self.known) > MOST_WORDS // self.counter.sharers:
            self.known = {}
        known = self.known
        for word in dict.fromkeys([word for word in words if word not in known]):
            known[word] = self.counter.count(word.decode())
            self.new_bytes += len(word)
        return list(map(known.__getitem__, words))


def word_starts(texts: bytes, first: Offsets, encoding: str) -> Offsets:
    """Where the words of texts begin. The texts, none of them empty, stand end to end; at `first` each of them begins."""
    classes = np.frombuffer(texts.translate(classes_of_bytes()), np.uint8)
    pairs = classes[:-1] << 4 | classes[1:]
    kinds = np.frombuffer(pairs.tobytes().translate(cuts_of_pairs(encoding)), np.uint8)
    cuts = np.zeros(len(texts), np.bool_)
    cuts[1:] = kinds == Cut.ALWAYS
    is_visible = classes >= APOSTROPHE
    is_visible[first] = False
    cuts[1:-1] |= (kinds[:-1] == Cut.IF_VISIBLE) & is_visible[2:]
    if not texts.isascii():
        spaces = np.flatnonzero(kinds == Cut.UNLESS_BLANK) + 1
        cuts[spaces] = np.frombuffer(blank_ends(), np.uint8)[neighbours(texts)[spaces - 2]] == 0
    cuts[first] = True
    return np.flatnonzero(cuts)


def neighbours(texts: bytes) -> npt.NDArray[np.uint16]:
    """Each two neighbouring bytes as one number."""
    pairs: npt.NDArray[np.uint16] = np.ndarray((len(texts) - 1,), "<u2", texts, strides=(1,))
    return pairs
