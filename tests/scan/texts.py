"""Texts that are JSON, nearly JSON, or nothing of the kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

KEYS = [
    '"a"', '"b"', '""', r'"\u0061"', '"é"', r'"\u00e9"', '"😀"', r'"\ud83d\ude00"', r'"\ud83d"', r'"\\u0061"', '"a/~"',
]  # fmt: skip
STRINGS = [
    '""', '"a"', '"é😀"', r'"\"\\\/\b\f\n\r\t\u0041"', r'"\ud800"', r'"\udc00\ud800x"', r'"[{\"]"', r'"\\"', '",:"',
]  # fmt: skip
NUMBERS = [
    "0", "-0", "7", "-12.5", "1e5", "1E-5", "9007199254740991", "9007199254740992", "-9007199254740993", "1" * 30,
    "1e308", "-1e309", "1.5E+400", "0.1e-400", "123456789012345.123456789012345", "1" * 309 + ".0", "0e999",
]  # fmt: skip
WORDS = ["true", "false", "null"]
NON_FINITE = ["NaN", "Infinity", "-Infinity"]
JUNK = [
    "[", "]", "{", "}", ",", ":", '"', "'", "\\", "/", "/*", "*/", "//", "#", "=", ";", "+", "-", ".", "0", "1", "e",
    " ", "\t", "\n", "\r", "\x00", "\x0c", "\x7f", "u", r"\u", r"\ud800", "True", "None", "undefined", "x", "'a'",
    "“", "”", "’", "«", "\u00a0", "\u200b", "\ufeff", "，", "é", '"a', 'a"', '"a":', "[]", "{}",
]  # fmt: skip


def _bytes(texts: list[str]) -> st.SearchStrategy[bytes]:
    return st.sampled_from([text.encode() for text in texts])


BLANKS = _bytes(["", "", "", " ", "\t\n\r "])


def _array(items: list[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"


def _object(members: list[tuple[bytes, bytes]]) -> bytes:
    return b"{" + b",".join(key + b":" + value for key, value in members) + b"}"


def _spaced(piece: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.tuples(BLANKS, piece, BLANKS).map(b"".join)


def _nested(scalars: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.recursive(
        _spaced(scalars),
        lambda inner: _spaced(
            st.lists(inner, max_size=4).map(_array)
            | st.lists(st.tuples(_spaced(_bytes(KEYS)), inner), max_size=4).map(_object)
        ),
        max_leaves=12,
    )


json_texts = _nested(_bytes(STRINGS + NUMBERS + WORDS))
"""JSON, among it duplicate keys, lone surrogates, and numbers out of range."""

lenient_texts = _nested(_bytes(STRINGS + NUMBERS + WORDS + NON_FINITE))
"""JSON with NaN and its like besides."""


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    text = draw(lenient_texts)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 3, len(text))))
        text = text[:start] + draw(_bytes(["", *JUNK])) + text[end:]
    return text


any_texts = (
    _mutated()
    | st.lists(_bytes(JUNK + STRINGS + NUMBERS + WORDS + NON_FINITE), max_size=12).map(b"".join)
    | st.tuples(_mutated(), st.integers(0, 60)).map(lambda cut: cut[0][: cut[1]])
    | st.binary(max_size=12)
)
"""Any bytes, most of them close to JSON."""
