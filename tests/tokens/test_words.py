"""Words of a text have as many tokens together as the whole text."""

from itertools import product

import numpy as np
import pytest
import tiktoken
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsonl_lint.tokens.cuts import MEMBERS, WIDE_BLANKS
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding
from jsonl_lint.tokens.words import word_starts

SPACES = " \n\t\r\x0b\x0c\x1c\x85\xa0\u1680\u2003\u2028\u202f\u3000"
FRAGMENTS = [
    *SPACES, "  ", "   ", "\n  ", "\n\n", "\r\n", " \n ", "'", "'s", "'lL", "'RE", "'\u017f", "\u017f", "//", "/\n", "!", "!/",
    "...", "a", "B", "aB", "don't", "WE'LL", "house", "1", "12345", "²", "Ⅷ", "é", "\u0301", "ß", "Ǆ", "ʰ", "中文", "か", "한",
    "न", "ก", "😀", "👩‍👩‍👧", "”", "\u200b", "\x00", "\x7f", "<|endoftext|>", "<|", "_", "(x", "\n\tif x:\n",
    "def f(x):\n    return {'a': 1}\n",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), min_size=1, max_size=14).map("".join).filter(bool)


@pytest.fixture(scope="module", params=ENCODINGS)
def encoding(request):
    return load_encoding(request.param)


def words(texts, name):
    """The words of texts, those of each by itself."""
    encoded = [text.encode() for text in texts]
    first = np.cumsum([0, *map(len, encoded)])[:-1]
    joined = b"".join(encoded)
    starts = word_starts(joined, first, name)
    assert set(first) <= set(starts)
    whole = [joined[start:end].decode() for start, end in zip(starts, [*starts[1:], len(joined)], strict=True)]
    ends = np.searchsorted(starts, [*first[1:], len(joined)])
    return [whole[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def tokens(encoding, own):
    return [token for word in own for token in encoding.encode_ordinary(word)]


def well_formed(text):
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@settings(max_examples=200)
@given(st.lists(TEXTS.map(well_formed), min_size=1, max_size=4))
@example(["we'lL", "'s", "x"])
@example(["a  ", "b"])
@example(["a\n   ", "b"])
@example(["x\n \n  y", "\n", " y"])
@example(["!\n/a", "a\n/b"])
@example(["é\xa0 x", "\u3000 x", "中 x", "か x"])
def test_tokens_of_words_are_those_of_the_text(encoding, texts):
    for text, own in zip(texts, words(texts, encoding.name), strict=True):
        assert "".join(own) == text
        assert tokens(encoding, own) == encoding.encode_ordinary(text)


def test_every_short_text(encoding):
    # One character of each class, two of those that matter by themselves.
    characters = " \n\t\r'/!sL1\x00é中\u3000”\u017f"
    texts = ["".join(chosen) for size in (1, 2, 3, 4) for chosen in product(characters, repeat=size)]
    texts = [text for text in texts if len(text) < 4 or set(text) & set(" \n'")]
    wrong = [
        text
        for text, own in zip(texts, words(texts, encoding.name), strict=True)
        if len(own) > 1 and tokens(encoding, own) != encoding.encode_ordinary(text)
    ]
    assert wrong == []


def test_every_character_beside_what_is_cut(encoding):
    codes = [*range(0x20, 0xD800), *range(0xE000, 0x11000), *range(0x1F000, 0x1FA00), *range(0x20000, 0x20100)]
    texts = [f"{chr(code)} x\n{chr(code)}1{chr(code)}  y{chr(code)}" for code in codes]
    wrong = [
        text
        for text, own in zip(texts, words(texts, encoding.name), strict=True)
        if tokens(encoding, own) != encoding.encode_ordinary(text)
    ]
    assert wrong == []


def test_white_space_is_that_of_the_patterns():
    ranks = {bytes([byte]): byte for byte in range(256)}
    blanks = tiktoken.Encoding("blanks", pat_str=r"\s", mergeable_ranks=ranks, special_tokens={})
    characters = map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x110000)])
    assert {char for char in characters if blanks.encode_ordinary(char)} == set(WIDE_BLANKS)


def test_classes_are_of_ascii_but_for_the_ends_of_characters():
    members = [byte for members in MEMBERS.values() for byte in members]
    assert len(members) == len(set(members))
    assert {chr(byte) for byte in members if byte < 0x80} == set(map(chr, range(0x20, 0x7F))) | set("\t\n\v\f\r")


def test_what_a_cut_looks_like():
    assert words(["if x:\n    return f(a, 12)\n"], "o200k_base") == [
        ["if", " x", ":\n   ", " return", " f", "(a", ",", " 12", ")\n"]
    ]
    assert words(["Don't ask.\n\nPerché no?"], "o200k_base") == [["Don't", " ask", ".\n\n", "Perché", " no", "?"]]
