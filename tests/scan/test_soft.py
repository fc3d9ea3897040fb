"""Faults that do not stop the scan."""

from __future__ import annotations

import pytest

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit, Path
from jsonl_lint.scan import scan
from jsonl_lint.scan.scanner import is_json

BIG = "an integer beyond ±(2^53-1); many readers round it"
INFINITE = "a number too large for a float; readers take it for infinity"


def test_duplicate_key_names_the_key_and_the_first() -> None:
    assert scan('{"é":0,"a":1,"b":{"a":2},"a":3}'.encode()) == (
        Fault("duplicate-key", 26, 29, 'the key "a" again; the first one stands at column 8', ("a",)),
    )


def test_every_further_occurrence_is_a_fault() -> None:
    faults = scan(b'[{"x":{"a":1,"a":2,"b":3,"a":4}}]')
    assert [(fault.start, fault.end, fault.path) for fault in faults] == [
        (13, 16, (0, "x", "a")),
        (25, 28, (0, "x", "a")),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (rb"a", rb"\u0061"),
        (rb"\u0061", rb"a"),
        ("é".encode(), rb"\u00e9"),
        ("😀".encode(), rb"\uD83D\uDe00"),
        (rb"\ud83d", rb"\uD83D"),
        (rb"\"\\\/\b\f\n\r\t", rb"\u0022\u005c/\u0008\u000c\u000a\u000d\u0009"),
        (b"", b""),
        (b"\xff", b"\xff"),
    ],
)
def test_keys_are_compared_with_their_escapes_undone(first: bytes, second: bytes) -> None:
    text = b'{"%b":1,"%b":2}' % (first, second)
    assert [fault.start for fault in scan(text) if fault.kind == "duplicate-key"] == [len(first) + 6]


@pytest.mark.parametrize(("first", "second"), [(b"a", b"A"), (rb"\\u0061", b"a"), (b"a", b"a "), (b"\xfe", b"\xff")])
def test_other_keys_are_no_duplicates(first: bytes, second: bytes) -> None:
    assert scan(b'{"%b":1,"%b":2}' % (first, second)) == ()


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (b"k" * 20, "k" * 20),
        (b"k" * 21, "k" * 19 + "…"),
        (rb"a\u0000\u202e", "aU+0000U+202E"),
        (rb"\ud800", "U+D800"),
        (b"\xff", "\ufffd"),
    ],
)
def test_keys_are_shown_short_and_visible(key: bytes, shown: str) -> None:
    fault = next(fault for fault in scan(b'{"%b":1,"%b":2}' % (key, key)) if fault.kind == "duplicate-key")
    assert fault.message == f'the key "{shown}" again; the first one stands at column 2'


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_non_finite(name: str) -> None:
    faults = scan(f'{{"a":[1,{name}],"b":{name}}}'.encode())
    end = 8 + len(name)
    message = f"{name}; JSON has no such number"
    assert faults == (
        Fault("non-finite", 8, end, message, ("a", 1)),
        Fault("non-finite", end + 6, end + 6 + len(name), message, ("b",)),
    )
    assert not is_json(faults)


@pytest.mark.parametrize(
    ("string", "offsets"),
    [
        (rb"\ud800", [1]),
        (rb"a\udFFFb", [2]),
        (rb"\udc00\ud800", [1, 7]),
        (rb"\ud800\ud800\udc00", [1]),
        (rb"\ud800\n\uDBFF", [1, 9]),
        (rb"\ud800\u0041", [1]),
        (rb"\\ud800", []),
        (rb"\ud7ff\ue000\uD83D\uDE00", []),
    ],
)
@pytest.mark.parametrize(
    ("around", "path"), [(b'"%b"', ()), (b'["%b"]', (0,)), (b'{"":"%b" }', ("",)), (b'{"%b":1}', None)]
)
def test_lone_surrogates(string: bytes, offsets: list[int], around: bytes, path: Path | None) -> None:
    text = around % string
    shift = text.index(string) - 1
    faults = scan(text)
    assert [(fault.kind, fault.start, fault.end) for fault in faults] == [
        ("lone-surrogate", shift + offset, shift + offset + 6) for offset in offsets
    ]
    for fault in faults:
        escape = text[fault.start : fault.end].decode()
        assert fault.message == f"{escape} without its partner (half of a surrogate pair, no character)"
        assert fault.edits == (Edit(fault.start, fault.end, rb"\ufffd"),)
        assert fault.path == path or path is None
    assert is_json(faults)


def test_a_lone_surrogate_in_a_key_has_the_path_of_the_member() -> None:
    (fault,) = scan(rb'[{"a\ud800":1}]')
    assert fault.path == (0, "a\ud800")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (b"9007199254740991", None),
        (b"-9007199254740991", None),
        (b"9007199254740992", BIG),
        (b"-9007199254740992", BIG),
        (b"10000000000000000", BIG),
        (b"-0", None),
        (b"9" * 5000, BIG),
        (b"1.7976931348623157e308", None),
        (b"1.7976931348623159e308", INFINITE),
        (b"1e400", INFINITE),
        (b"-1E+400", INFINITE),
        (b"1e-400", None),
        (b"0e999999999999999999", None),
        (b"9007199254740993.0", None),
        (b"1e16", None),
        (b"1" * 400 + b".5", INFINITE),
        (b"0." + b"1" * 5000, None),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_number_range(number: bytes, message: str | None) -> None:
    expected = () if message is None else (Fault("number-range", 6, 6 + len(number), message, ("a", 0)),)
    faults = scan(b'{"a":[%b]}' % number)
    assert faults == expected
    assert is_json(faults)
    assert [fault.message for fault in scan(number)] == [fault.message for fault in expected]
