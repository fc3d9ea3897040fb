"""The checksum in C is that of zlib, for any bytes at any place, continued from any other."""

from __future__ import annotations

import random
import zlib

from hypothesis import example, given
from hypothesis import strategies as st

from jsonl_lint.images.checksum import checksum_of, plain_checksum


@given(st.integers(0, 2**32), st.integers(0, 400), st.integers(0, 80), st.integers(0, 2**32 - 1))
@example(1, 64, 0, 0)
@example(1, 63, 1, 0)
@example(2, 128 + 15, 3, 2**32 - 1)
def test_it_is_that_of_zlib(seed: int, length: int, start: int, before: int) -> None:
    data = random.Random(seed).randbytes(start + length + 7)
    expected = zlib.crc32(data[start : start + length], before)
    assert checksum_of()(data, start, start + length, before) == expected
    assert plain_checksum(data, start, start + length, before) == expected


def test_pieces_are_added_up() -> None:
    data = random.Random(3).randbytes(200_000)
    whole = 0
    for start in range(0, len(data), 48 * 1024 + 5):
        whole = checksum_of()(data, start, min(start + 48 * 1024 + 5, len(data)), whole)
    assert whole == zlib.crc32(data)


def test_without_the_part_in_c_it_is_zlib_that_counts(monkeypatch) -> None:
    monkeypatch.setattr("jsonl_lint.images.checksum.function", lambda *_: None)
    assert checksum_of.__wrapped__() is plain_checksum
