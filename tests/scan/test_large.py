"""Large and hostile lines come to an end: time grows with the length, the stack does not grow at all."""

from __future__ import annotations

import pytest

from jsonl_lint.scan import column, locate, scan

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("text", "kind", "start"),
    [
        (b"[" * 100_000, "too-deep", 200),
        (b'{"a":' * (MILLION // 5), "too-deep", 1000),
        (b'"' * MILLION, "syntax", 2),
        (b"[" + b'"' * MILLION, "syntax", 3),
        (b'"' + b"\\" * MILLION, "syntax", MILLION + 1),
        (b'["' + b"\\" * (MILLION + 1) + b'"]', "syntax", MILLION + 5),
        (b'["' + rb"\n" * MILLION, "syntax", 2 * MILLION + 2),
        (b'["' + b"x" * MILLION, "syntax", MILLION + 2),
        (b'{"' + b"x" * MILLION + b'" 1', "syntax", MILLION + 4),
        (b"[" + b"1" * MILLION + b"x]", "syntax", 1),
        (b"[1." + b"1" * MILLION + b"e", "syntax", MILLION + 4),
        (b"[" + b"x" * MILLION, "syntax", 1),
        (b"[" + b" " * MILLION, "syntax", MILLION + 1),
        (b"[1" + b" " * MILLION + b",x", "syntax", MILLION + 3),
        (b'{"a"' + b" " * MILLION + b":" + b" " * MILLION + b"x", "syntax", 2 * MILLION + 5),
        (b"['" + rb"\'" * MILLION, "syntax", 1),
        ("[“".encode() + rb"\"" * MILLION, "syntax", 1),
        (b"[/*" + b"*" * MILLION, "syntax", 1),
        (b"{} " + b"," * MILLION, "syntax", 3),
        (b"\x80" * MILLION, "syntax", 0),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_hostile_lines(text: bytes, kind: str, start: int) -> None:
    (fault,) = scan(text)
    assert (fault.kind, fault.start) == (kind, start)
    locate(text, [(), (0,), ("a", "a"), (1, 0)])


def test_depth_is_not_a_matter_of_the_stack() -> None:
    depth = 100_000
    text = b"[" * depth + b"]" * depth
    assert scan(text, max_depth=depth) == ()
    deep = (0,) * 5000
    spans = locate(text, [(), (0, 0), deep])
    assert (spans[()].end, spans[0, 0].end, spans[deep].start) == (2 * depth, 2 * depth - 2, 5000)


def test_long_good_strings_and_numbers() -> None:
    string = b'"' + rb"\n\ud83d\ude00" * (MILLION // 14) + b"x" * MILLION + b'"'
    text = b"[" + string + b",{" + string + b":" + string + b"}]"
    assert scan(text) == ()
    (span,) = locate(text, [(1,)]).values()
    assert span.end == len(text) - 1
    (fault,) = scan(b"[" + b"9" * MILLION + b"]")
    assert fault.kind == "number-range"
    assert scan(b"[0." + b"9" * MILLION + b"]") == ()


def test_many_duplicates() -> None:
    names = [b'"%d":"\xc3\xa9"' % number for number in range(20_000)]
    faults = scan(b"{" + b",".join(names + names[::-1]) + b"}")
    assert len(faults) == 20_000
    assert faults[-1].message == 'the key "0" again; the first one stands at column 2'
    assert locate(b"{" + b",".join(names + names) + b"}", [("7", "x"), ("7",)])[("7",)].end > 200_000


def test_many_lone_surrogates_have_one_path() -> None:
    faults = scan(rb'{"a":"' + rb"\udc00" * 100_000 + b'"}')
    assert len(faults) == 100_000
    assert {fault.path for fault in faults} == {("a",)}


def test_many_values_on_one_line() -> None:
    (fault,) = scan(b"{} " * 50_000)
    assert (fault.kind, len(fault.edits)) == ("several-values", 49_999)


def test_columns_of_a_million_characters() -> None:
    text = "é".encode() * MILLION
    assert column(text, len(text)) == MILLION + 1
