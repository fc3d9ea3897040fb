"""Counting with splintr-rs (the extra `fast`), where it is proven to give what tiktoken gives.

Proven by differential tests on the versions in `PROVEN`: every code point, random and adversarial texts. What differs goes
another way: texts with `<|` go by a slower call, since the quick one takes the text of a special token for the token itself;
and an apostrophe with a long s (U+017F), which tiktoken alone may take for a contraction, gets a stand-in. It may only behind
certain pieces: whether it does is seen from what becomes of a word in its place that begins like a contraction.

`'VE` stands in: it is a contraction to both, and no token of these encodings goes on with `V`, or with a long s, after an
apostrophe. So the tokens up to the apostrophe are the same, and what is behind it has tokens of its own.
"""

from __future__ import annotations

import importlib
import re
from functools import cached_property, lru_cache
from typing import Any

__all__ = ["PROVEN", "FastCounter", "load_fast"]

PROVEN = frozenset({"0.22.0"})
LONG_S = "\u017f"
# What may be a contraction, by encoding. What is ASCII and no letter is no letter in any language.
_CONTRACTION = {"cl100k_base": f"'{LONG_S}", "o200k_base": f"(?<=[^\0-@\\[-`{{-\x7f])'{LONG_S}"}
_TOKEN_BYTES = 4

# Texts may be cut here: no piece has a space after anything but white space.
WORD_END = re.compile(r"(?<=\S)(?= )")
# A word is gone through anew for each long s in it.
LONGEST_WORD = 256

STAND_IN = "VE"
# One token where nothing in it is a contraction.
PROBE = "VERSION"

# The tokenizer keeps the pieces of texts with their tokens, up to a number of pieces of any length: about three bytes for each
# character.
CACHED_CHARACTERS = 1 << 19


class FastCounter:
    """Counts tokens with a splintr tokenizer; knows by `takes` which texts it may be given."""

    def __init__(self, tokenizer: Any, version: str, encoding: str) -> None:
        self.tokenizer = tokenizer
        self.version = version
        self.contraction = re.compile(_CONTRACTION[encoding])
        self.cached = 0

    def load(self) -> None:
        """Make ready what the tokenizer needs for the first piece that is no token: 10 MB, and a tenth of a second."""
        self.count_alike("x" * 1000)

    def takes(self, text: str) -> bool:
        """Whether a text is counted as tiktoken counts it, in reasonable time."""
        if LONG_S not in text or self.contraction.search(text) is None:
            return True
        return all(len(word) <= LONGEST_WORD for word in WORD_END.split(text) if LONG_S in word)

    def count(self, text: str) -> int:
        """The number of tokens of a text; `UnicodeEncodeError` for half of a surrogate pair."""
        if LONG_S not in text or self.contraction.search(text) is None:
            return self.count_alike(text)
        words = WORD_END.split(text)
        replaced = [self.replaced(word) if LONG_S in word else (word, 0) for word in words]
        found = sum(each for _, each in replaced)
        return self.count_alike("".join(word for word, _ in replaced)) + found * self.longer

    def count_alike(self, text: str) -> int:
        """The number of tokens that splintr makes of a text."""
        if "<|" in text:
            return len(self.tokenizer.encode_ordinary(text))
        return len(self.encode(text)) // _TOKEN_BYTES

    def encode(self, text: str) -> bytes:
        """The tokens of a text without `<|`, as numbers of four bytes each."""
        self.cached += len(text)
        if self.cached > CACHED_CHARACTERS:
            self.tokenizer.clear_cache()
            self.cached = len(text)
        # No list of tokens is made; nor are threads, which a fork would not survive.
        tokens: bytes = self.tokenizer.encode_flat(text)
        return tokens

    def replaced(self, word: str) -> tuple[str, int]:
        """A word with a stand-in for each long s that is a contraction, and how many there are."""
        made = ""
        start = found = 0
        for match in self.contraction.finditer(word):
            made += word[start : match.start() + 1]
            start = match.start() + 1
            # What is before has its stand-ins already.
            if self.contracts(made):
                made += STAND_IN
                start = match.end()
                found += 1
        return made + word[start:], found

    def contracts(self, before: str) -> bool:
        """Whether there may be a contraction behind an apostrophe that ends a text."""
        tokens: list[int] = self.tokenizer.encode_ordinary(before + PROBE)
        return tokens[-1:] != self.probed

    @cached_property
    def probed(self) -> list[int]:
        """The token of a word that would not be one behind a contraction."""
        tokens: list[int] = self.tokenizer.encode_ordinary(PROBE)
        return tokens

    @cached_property
    def longer(self) -> int:
        """How many tokens a long s has more than what stands in for it."""
        return self.count_alike(LONG_S) - self.count_alike(STAND_IN)


@lru_cache(maxsize=4)
def load_fast(encoding: str) -> FastCounter | None:
    """The fast counter of an encoding, or None if it has none or splintr-rs is not installed in a proven version."""
    if encoding not in _CONTRACTION:
        return None
    try:
        splintr = importlib.import_module("splintr")
    except ImportError:
        return None
    version = str(getattr(splintr, "__version__", ""))
    if version not in PROVEN:
        return None
    return FastCounter(splintr.Tokenizer.from_pretrained(encoding), version, encoding)
