"""One spelling for each JSON value, so that values can be compared by their bytes.

Order of keys, spaces, escapes and the spelling of numbers make no difference. A typed row and the object that the same
line decodes into give the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from jsonl_lint.fingerprint import blake2b
from jsonl_lint.text import is_unicode

__all__ = ["canonical", "digest"]

DOUBLE = b"\xcb"
"""What begins a floating-point number in MessagePack; other things may hold the byte too."""

MAX_INTEGER = 2**63


def canonical(value: Any) -> bytes:
    """The bytes that all spellings of a value have in common."""
    try:
        data = encoder().encode(value)
        if DOUBLE not in data:
            return data
    except (OverflowError, UnicodeEncodeError):
        pass
    return encoder().encode(normal(msgspec.to_builtins(value)))


def digest(value: Any) -> bytes:
    """Sixteen bytes that no two different values have in common, by all that is known of BLAKE2."""
    return blake2b(canonical(value), digest_size=16).digest()


@lru_cache(maxsize=1)
def encoder() -> msgspec.msgpack.Encoder:
    """The encoder, made when it is first needed; it keeps no state."""
    return msgspec.msgpack.Encoder(order="sorted")


def normal(value: Any) -> Any:
    """The same value with each number in one spelling, and texts that are no Unicode as bytes."""
    if isinstance(value, dict):
        return {key if is_unicode(key) else ascii(key): normal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, str):
        return value if is_unicode(value) else value.encode("utf-8", "surrogatepass")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < MAX_INTEGER else float(value) if abs(value) < 2**1023 else float("inf")
    return int(value) if value.is_integer() and abs(value) < MAX_INTEGER else value
