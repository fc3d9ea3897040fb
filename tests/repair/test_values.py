"""JSON arrays and printed JSON are taken apart in chunks of any size, without losing anything."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint.repair.values import values

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner), max_leaves=12
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), JSON, min_size=1, max_size=3), min_size=1, max_size=4)


def taken_apart(text: bytes, size: int, *, is_array: bool) -> list[bytes]:
    """The values of a text that comes in chunks of a size."""
    chunks = (text[at : at + size] for at in range(0, len(text), size))
    return list(values(chunks, "data.json", is_array))


@settings(max_examples=40)
@given(rows=OBJECTS, size=st.integers(1, 50), indent=st.sampled_from([None, 0, 2, "\t"]), crlf=st.booleans())
def test_an_array_gives_its_elements(rows: list[object], size: int, indent: int | str | None, crlf: bool) -> None:
    text = json.dumps(rows, indent=indent).encode()
    text = text.replace(b"\n", b"\r\n") if crlf else text
    found = taken_apart(text, size, is_array=True)
    assert [json.loads(value) for value in found] == rows
    assert not any(b"\n" in value or b"\r" in value for value in found)


@settings(max_examples=40)
@given(rows=OBJECTS, size=st.integers(1, 50))
def test_printed_values_come_one_by_one(rows: list[object], size: int) -> None:
    text = "\n".join(json.dumps(row, indent=2) for row in rows).encode()
    found = taken_apart(text, size, is_array=False)
    assert [json.loads(value) for value in found] == rows


@settings(max_examples=40)
@given(rows=OBJECTS, size=st.integers(1, 50))
def test_an_array_without_line_ends_keeps_every_byte(rows: list[object], size: int) -> None:
    spelled = [json.dumps(row, separators=(" ,\t", " : ")).encode() for row in rows]
    assert taken_apart(b"[ " + b" , ".join(spelled) + b"]\n", size, is_array=True) == spelled


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'[{"a": 1,\n  "b": [\n 1,\n2 ]\n}]', [b'{"a": 1, "b": [1, 2 ]}']),
        (b'[{"a":\n\n{}},]', [b'{"a": {}}']),
        (b"[]", []),
        (b"[1, two\n, \xff]", [b"1", b"two", b"\xff"]),
        (b'[{"a": "\\"\\\\"}, "\\n"]', [b'{"a": "\\"\\\\"}', b'"\\n"']),
    ],
)
def test_spelling_of_elements(text: bytes, found: list[bytes]) -> None:
    for size in (1, 2, 3, 100):
        assert taken_apart(text, size, is_array=True) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'[{"a": 1}', "cut off"),
        (b'[{"a": "1}]', "cut off"),
        (b'[{"a": "\n"}]', "a raw line end inside a string, at byte 8"),
        (b"[1] 2", "outside of the array, at byte 4"),
        (b"1, [2]", "outside of the array"),
        (b"[1}]", "closing bracket"),
        (b"[1][2]", "outside of the array"),
    ],
)
def test_what_can_not_be_taken_apart_is_refused(text: bytes, why: str) -> None:
    for size in (1, 3, 100):
        with pytest.raises(jsonl_lint.InputError, match=why):
            taken_apart(text, size, is_array=True)
