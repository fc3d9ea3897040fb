"""The tokens of texts, counted word by word: most words were met before, and what they have is remembered."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

from jsonl_lint.native import library
from jsonl_lint.tokens.tally import NativeTally, Tally, WordCounter

__all__ = ["Lexicon", "tally_for"]

# Where too many of the bytes are in new words the lexicon takes a rest, and tries again later.
NEW_SHARE = 0.3
TRIAL_BYTES = 1 << 23
REST_BYTES = 1 << 26


class Lexicon:
    """Counts the tokens of texts word by word, and rests where too many words are new."""

    def __init__(self, counter: WordCounter) -> None:
        self.tally = tally_for(counter)
        self.met_bytes = self.rest = 0

    def is_worthwhile(self, size: int) -> bool:
        """Whether to give it texts of so many bytes: whether few enough of the words were new of late."""
        if self.met_bytes > TRIAL_BYTES:
            self.rest = REST_BYTES if self.tally.new_bytes > NEW_SHARE * self.met_bytes else 0
            self.met_bytes = self.tally.new_bytes = 0
        self.rest -= size
        return self.rest < 0

    def count(self, texts: Sequence[bytes]) -> list[int]:
        """The number of tokens of each text, given in UTF-8; none may be empty."""
        return self.count_together(b"".join(texts), array("Q", accumulate(map(len, texts))))

    def count_together(self, together: bytes, ends: array[int]) -> list[int]:
        """The same for texts that stand end to end."""
        self.met_bytes += len(together)
        return self.tally.sums(together, ends)


def tally_for(counter: WordCounter) -> Tally:
    """What adds up words: the part in C, or where there is none what gives the same in Python."""
    native = library()
    if native is not None:
        return NativeTally(native, counter)
    from jsonl_lint.tokens.words import WordTally

    return WordTally(counter)
