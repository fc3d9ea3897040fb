"""The checksum of PNG chunks: that of zlib, many times as fast where the part in C is there and the processor helps."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache

from jsonl_lint.native import function

__all__ = ["Checksum", "checksum_of", "plain_checksum"]

Checksum = Callable[[bytes, int, int, int], int]
"""The checksum of the bytes from one place up to another, continued from that of the bytes before them."""


@lru_cache(maxsize=1)
def checksum_of() -> Checksum:
    """What computes checksums fastest here."""
    is_fast = function("checksum_is_fast")
    if is_fast is None or not is_fast():
        return plain_checksum
    from ctypes import c_char_p, c_size_t, c_uint32

    found: Checksum = function("checksum", c_char_p, c_size_t, c_size_t, c_uint32)
    return found


def plain_checksum(data: bytes, start: int, end: int, before: int) -> int:
    """The same by zlib."""
    return zlib.crc32(memoryview(data)[start:end], before)
