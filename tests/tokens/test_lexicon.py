"""What is remembered of words gives the counts that tiktoken gives for the texts, however little is remembered."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonl_lint.tokens import lexicon as module
from jsonl_lint.tokens.lexicon import Lexicon
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding

WORDS = [
    "the", " the", " house", "'s", "'lL", "(x", "\n", "\n\n", "    ", " \n", "\t", "1234", "é", "中文", "\u3000", "😀",
    "\x00", "a\x00", "a\x00\x00", " one that has 23 letters", " one that has 24 letters.", "x" * 40, "<|endoftext|>",
    "<|im_start|>", " don't", "/", "don'\u017f", "no",
]  # fmt: skip
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map("".join), min_size=1, max_size=6)


def made(encoding, seen=None):
    def count_new(words):
        if seen is not None:
            seen.extend(words)
        return [len(encoding.encode_ordinary(word.decode())) for word in words]

    return Lexicon(encoding.name, count_new)


def exact(encoding, texts):
    return [len(encoding.encode_ordinary(text)) for text in texts]


def count(lexicon, texts):
    return lexicon.count([text.encode() for text in texts])


@pytest.fixture(params=ENCODINGS, scope="module")
def encoding(request):
    return load_encoding(request.param)


@pytest.mark.parametrize(("bits", "most"), [(18, 1 << 17), (2, 3)])
def test_counts_are_those_of_tiktoken(encoding, bits, most):
    @settings(max_examples=100, deadline=None)
    @given(st.lists(TEXTS, max_size=4))
    def holds(batches):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "PLACE_BITS", bits)
            patch.setattr(module, "MOST_WORDS", most)
            lexicon = made(encoding)
            for texts in batches + batches:
                assert count(lexicon, texts) == exact(encoding, texts)

    holds()


def test_words_that_differ_in_their_last_bytes_or_lengths_alone(encoding):
    stems = ["", *("x" * size for size in (7, 8, 14, 15, 16, 21, 22, 23))]
    texts = [stem + end for stem in stems for end in ("", "\x00", "\x00\x00", "a", "b", "ab")][1:]
    lexicon = made(encoding)
    for _ in range(2):
        assert count(lexicon, texts) == exact(encoding, texts)
        assert [count(lexicon, [text])[0] for text in texts] == exact(encoding, texts)


def test_known_words_are_not_counted_again():
    seen = []
    lexicon = made(load_encoding("o200k_base"), seen)
    assert count(lexicon, ["the house", "the the house extraordinarily"]) == [2, 4]
    assert seen == [b"the", b" house", b" the", b" extraordinarily"]
    assert count(lexicon, ["house the house", " extraordinarily the"]) == [3, 2]
    assert seen[4:] == [b"house"]


def test_dictionary_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORDS", 50)
    lexicon = made(load_encoding("o200k_base"))
    for number in range(100):
        count(lexicon, [f"{number} a{number} b{number}"])
        assert len(lexicon.known) <= 50 + 6


def test_rests_where_most_words_are_new(monkeypatch):
    monkeypatch.setattr(module, "TRIAL_BYTES", 1000)
    monkeypatch.setattr(module, "REST_BYTES", 5000)
    chance = random.Random(1)
    lexicon = made(load_encoding("o200k_base"))
    taken = []
    for _ in range(20):
        text = " ".join(str(chance.random()) for _ in range(30))
        taken.append(lexicon.is_worthwhile(len(text)))
        if taken[-1]:
            count(lexicon, [text])
    assert taken[:2] == [True, True]
    assert 4 <= taken.count(True) < taken.count(False)
    assert lexicon.is_worthwhile(10_000)
    for _ in range(20):
        count(lexicon, ["the same words again and again " * 20])
        assert lexicon.is_worthwhile(600)
