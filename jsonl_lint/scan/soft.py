"""The faults that do not stop a scan: the syntax is JSON's, or nearly, but the value is not safe."""

from __future__ import annotations

import math

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit, Path
from jsonl_lint.scan.characters import shown
from jsonl_lint.scan.tokens import text_of

__all__ = ["duplicate_key", "lone_surrogate", "non_finite", "out_of_range"]

_LARGEST = str(2**53 - 1).encode()


def duplicate_key(key: bytes, start: int, end: int, first: int, path: Path) -> Fault:
    """A key named again in its object; `first` is the column of its first occurrence."""
    message = f'the key "{shown(text_of(key))}" again; the first one stands at column {first}'
    return Fault("duplicate-key", start, end, message, path)


def lone_surrogate(text: bytes, at: int, path: Path) -> Fault:
    """An escape of half a surrogate pair."""
    end = at + 6
    message = f"{text[at:end].decode()} without its partner (half of a surrogate pair, no character)"
    return Fault("lone-surrogate", at, end, message, path, (Edit(at, end, rb"\ufffd"),))


def non_finite(text: bytes, start: int, end: int, path: Path) -> Fault:
    """NaN, Infinity or -Infinity."""
    return Fault("non-finite", start, end, f"{text[start:end].decode()}; JSON has no such number", path)


def out_of_range(token: bytes) -> str | None:
    """What readers do to a number that they can't take as it stands; None for one that they can."""
    digits = token.lstrip(b"-")
    if digits.isdigit():
        # int() refuses thousands of digits and is quadratic in them; equally long digits compare as text.
        if (len(digits), digits) > (len(_LARGEST), _LARGEST):
            return "an integer beyond ±(2^53-1); many readers round it"
    elif math.isinf(float(token)):
        return "a number too large for a float; readers take it for infinity"
    return None
