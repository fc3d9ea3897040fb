"""Counting with splintr-rs (the extra `fast`), where it is proven to give what tiktoken gives.

Proven by differential tests on the versions in `PROVEN`: every code point, random and adversarial texts. What differs goes
another way: a long s (U+017F) after an apostrophe (in o200k one behind a letter), which tiktoken takes for a contraction,
belongs to tiktoken, and since the quick call takes the text of a special token for the token itself, texts with `<|` go by a
slower one.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import Any

__all__ = ["PROVEN", "FastCounter", "load_fast"]

PROVEN = frozenset({"0.22.0"})
# What a text must not hold, by encoding. What is ASCII and no letter is no letter in any language.
_CONTRACTION = {"cl100k_base": "'\u017f", "o200k_base": "[^\0-@\\[-`{-\x7f]'\u017f"}
_TOKEN_BYTES = 4


class FastCounter:
    """Counts tokens with a splintr tokenizer; knows by `takes` which texts it may be given."""

    def __init__(self, tokenizer: Any, version: str, encoding: str) -> None:
        self.tokenizer = tokenizer
        self.version = version
        self.contraction = re.compile(_CONTRACTION[encoding])

    def takes(self, text: str) -> bool:
        """Whether a text is counted as tiktoken counts it."""
        return "\u017f" not in text or self.contraction.search(text) is None

    def count(self, text: str) -> int:
        """The number of tokens of a text; `UnicodeEncodeError` for half of a surrogate pair."""
        if "<|" in text:
            return len(self.tokenizer.encode_ordinary(text))
        return len(self.encode(text)) // _TOKEN_BYTES

    def encode(self, text: str) -> bytes:
        """The tokens of a text without `<|`, as numbers of four bytes each."""
        # No list of tokens is made; nor are threads, which a fork would not survive.
        tokens: bytes = self.tokenizer.encode_flat(text)
        return tokens


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
