"""Counting with splintr-rs (the extra `fast`), where it is proven to give what tiktoken gives.

Proven by differential tests on the versions in `PROVEN`: every code point, random and adversarial texts. What differs goes
another way: a long s (U+017F) in a contraction belongs to tiktoken, and since batches take the text of a special token for
the token itself, texts with `<|` are counted one by one.
"""

from __future__ import annotations

import importlib
import os
import struct
from functools import lru_cache
from itertools import compress
from operator import sub
from typing import Any

__all__ = ["PROVEN", "FastCounter", "load_fast"]

PROVEN = frozenset({"0.22.0"})
_ENCODINGS = frozenset({"cl100k_base", "o200k_base"})


class FastCounter:
    """Counts tokens with a splintr tokenizer; knows by `takes` which texts it may be given."""

    def __init__(self, tokenizer: Any, version: str) -> None:
        self.tokenizer = tokenizer
        self.version = version
        self.process = os.getpid()

    def takes(self, text: str) -> bool:
        """Whether a text is counted as tiktoken counts it."""
        return "\u017f" not in text

    def count(self, text: str) -> int:
        """The number of tokens of one text; `UnicodeEncodeError` for half of a surrogate pair."""
        return len(self.tokenizer.encode_ordinary(text))

    def count_batch(self, texts: list[str]) -> list[int]:
        """The number of tokens of each text; `UnicodeEncodeError` for half of a surrogate pair in any."""
        if os.getpid() != self.process:
            # The threads that a batch is shared among do not survive a fork: it would wait for them for ever.
            return [self.count(text) for text in texts]
        is_plain = ["<|" not in text for text in texts]
        batch = list(compress(texts, is_plain))
        _, offsets = self.tokenizer.encode_batch_flat(batch)
        starts = struct.unpack(f"<{len(batch) + 1}Q", offsets)
        counted = map(sub, starts[1:], starts)
        return [next(counted) if plain else self.count(text) for text, plain in zip(texts, is_plain, strict=True)]


@lru_cache(maxsize=4)
def load_fast(encoding: str) -> FastCounter | None:
    """The fast counter of an encoding, or None if it has none or splintr-rs is not installed in a proven version."""
    if encoding not in _ENCODINGS:
        return None
    try:
        splintr = importlib.import_module("splintr")
    except ImportError:
        return None
    version = str(getattr(splintr, "__version__", ""))
    if version not in PROVEN:
        return None
    return FastCounter(splintr.Tokenizer.from_pretrained(encoding), version)
