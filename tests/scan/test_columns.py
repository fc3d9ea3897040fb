"""Columns, against decoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.scan import Columns, column, columns

PIECES = [b"a", "é".encode(), "€".encode(), "😀".encode(), b"\xff", b"\x80", b"\xe2\x82", b"\xf0\x9f", b"\xed\xa0\x80"]


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        (b"", 0, 1),
        (b"abc", 0, 1),
        (b"abc", 3, 4),
        ("é€😀x".encode(), 9, 4),
        ("é€😀x".encode(), 2, 2),
        (b"\xff\xfex", 2, 3),
        (b"\xe2\x82x", 2, 2),
    ],
)
def test_column(text: bytes, offset: int, expected: int) -> None:
    assert column(text, offset) == expected
    assert Columns(text).at(offset) == expected


@pytest.mark.parametrize("stride", [4, 5, 7])
@given(text=st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | st.binary(max_size=40))
def test_columns_are_those_of_the_decoded_text(stride: int, text: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_STRIDE", stride)
        many = Columns(text)
        for offset in range(len(text) + 1):
            expected = len(text[:offset].decode("utf-8", "replace")) + 1
            assert many.at(offset) == expected
            assert column(text, offset) == expected
