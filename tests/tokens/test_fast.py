"""The extra `fast` counts what tiktoken counts. These tests need splintr-rs in the version that the extra asks for."""

import random
import sys

import pytest
import splintr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsonl_lint.tokens.fast import PROVEN
from jsonl_lint.tokens.text import TextCounter
from jsonl_lint.tokens.vocabulary import load_encoding

FRAGMENTS = [
    "'s", "'S", "'ll", "'\u017f", "\u017f", "\u212a", "don't", "I'VE", " ", "  ", "\t", "\n", "\r\n", "\n\n\n", "\u3000",
    "\x85", "\u2028", "\x1c", "\xa0", "1", "12345", "²", "Ⅷ", "!", "...", "//", "/\n", "<|endoftext|>", "<|im_start|>", "<|",
    "<|fim_prefix|>", "\u0301", "é", "Ǆ", "ǅ", "ʰ", "ª", "ß", "ſt", "中", "漢字", "か", "한", "ا", "ש", "न", "ก", "😀",
    "👩‍👩‍👧", "🇮🇹", "\u200b", "\u200d", "\ufeff", "\ufffd", "\ue000", "\U000e0041", "\U0010ffff", "\x00", "a", "A", "aB",
    "HTTPServer", "def f(x):\n    return x\n", '{"a": [1, 2]}', "https://a.b/c?d=e", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\ud800", "\udc00", "\u0e33", "\u1160", "\u0958", "\U0001f3fb", "_", "-", "\u2014", "`", "$x^2$", "%20", "@",
]  # fmt: skip


@pytest.fixture(params=["o200k_base", "cl100k_base"], scope="module")
def pair(request):
    counter = TextCounter(request.param, fast=True)
    # However many there are, texts are counted as they are, and not word by word.
    counter.met = -sys.maxsize
    return counter, load_encoding(request.param)


def differing(pair, texts):
    counter, encoding = pair
    counts = counter.count_batch(texts)
    return [text for text, count in zip(texts, counts, strict=True) if count != len(encoding.encode_ordinary(text))]


def test_installed_version_is_proven(pair):
    assert splintr.__version__ in PROVEN
    assert pair[0].fast is not None
    assert pair[0].fast.version == splintr.__version__


def test_every_code_point(pair):
    # Planes 4 to 16 hold nothing but tags, variation selectors and private use; beside the first two samples will do.
    codes = [*range(0xD800), *range(0xE000, 0x40000), *range(0x40000, sys.maxunicode + 1, 97), *range(0xE0000, 0xE0200)]
    texts = ["".join(f"{chr(code)}a {chr(code)}" for code in codes[at : at + 64]) for at in range(0, len(codes), 64)]
    assert differing(pair, texts) == []


def test_every_letter_after_an_apostrophe(pair):
    letters = [char for char in map(chr, range(0x3000)) if char.isalpha()]
    assert differing(pair, [f"a'{char} b'{char}{char}" for char in letters]) == []


def test_random_mixtures(pair):
    chance = random.Random(3)
    texts = ["".join(chance.choices(FRAGMENTS, k=chance.randint(1, 25))) for _ in range(6000)]
    assert differing(pair, texts) == []


def test_long_s_behind_an_apostrophe(pair):
    befores = [chr(code) for code in (*range(0x20000), 0x1F600)]
    texts = [
        f"{before}'\u017f{after}" for before in befores if not "\ud800" <= before <= "\udfff" for after in ("", "ab")
    ]
    taken = texts
    texts = [
        "x '\u017f'",
        "'\u017f",
        "''\u017f",
        "1'\u017fa",
        "\n'\u017f.",
        "a.'\u017f",
        *taken,
        *(f"a {text} b" for text in taken),
    ]
    assert differing(pair, texts) == []


def test_long_s_needs_no_other_counter(pair, monkeypatch):
    """Which would be loaded beside this one, in each process."""
    chance = random.Random(8)
    near = ["'\u017f"] * 8
    near += ["VE", "'VE", "'ve", "VERSION", "RSION", "'", "''", "it", "Ba", ".", "..", "\u0323", "\ue000", "1", " "]
    texts = ["".join(chance.choices([*FRAGMENTS, *near * 2], k=chance.randint(2, 12))) for _ in range(20_000)]
    texts = [text for text in texts if "'\u017f" in text]
    expected = [len(pair[1].encode_ordinary(text)) for text in texts]
    monkeypatch.setattr("jsonl_lint.tokens.text.load_encoding", None)
    counted = [pair[0].count(text) for text in texts]
    assert [text for text, count, sure in zip(texts, counted, expected, strict=True) if count != sure] == []


def test_long_s_in_a_long_word_is_left_to_tiktoken(pair):
    text = "it'\u017f x " * 1000 + "\u00b7'\u017f" * 1000
    assert not pair[0].fast.takes(text)
    assert differing(pair, [text, text[:5000]]) == []
    assert pair[0].fast.takes(text[:5000])


def test_what_is_kept_of_pieces_is_bounded(pair, monkeypatch):
    monkeypatch.setattr("jsonl_lint.tokens.fast.CACHED_CHARACTERS", 10_000)
    fast = pair[0].fast
    for number in range(100):
        fast.count(f"{number}z" * 500)
        assert fast.tokenizer.cache_len <= 10_000


def test_what_counting_takes_is_made_before_processes_are_copied(pair):
    fast = pair[0].fast
    fast.tokenizer.clear_cache()
    TextCounter(pair[0].encoding, fast=True).load()
    # A piece that is no token was counted: what that takes is there.
    assert fast.tokenizer.cache_len > 0


def test_long_s_beside_anything_but_an_apostrophe(pair):
    codes = [*range(0x27), *range(0x28, 0xD800), *range(0xE000, 0x20000)]
    texts = [f"{chr(code)}\u017f a\u017f{chr(code)} \u017f{chr(code)}\u017fx" for code in codes]
    assert all(map(pair[0].fast.takes, texts))
    assert differing(pair, texts) == []
    chance = random.Random(6)
    texts = ["".join(chance.choices([*FRAGMENTS, *["\u017f"] * 9], k=chance.randint(2, 9))) for _ in range(40_000)]
    assert differing(pair, [text for text in texts if pair[0].fast.takes(text)]) == []


def test_random_characters(pair):
    chance = random.Random(4)
    blocks = "\0\u0300\u0590\u0900\u1100\u1f00\u2000\u2100\u3000\u4e00\uac00\ufe00\U0001f300"
    texts = ["".join(chr(ord(chance.choice(blocks)) + chance.randrange(256)) for _ in range(40)) for _ in range(4000)]
    assert differing(pair, texts) == []


@pytest.mark.parametrize("unit", [*"aA1! \n\t\u3000中😀\u0301/", "aB", " \n", "\r\n", "'s"])
def test_long_runs(pair, unit):
    runs = [unit * size for size in (127, 128, 129, 5000)]
    texts = [lead + run + tail for run in runs for lead in ("", "x", "!\n") for tail in ("", "b", "\n")]
    assert differing(pair, texts) == []


@settings(max_examples=200)
@given(st.text(st.characters(codec=None, exclude_categories=())))
@example("don'\u017f")
@example("<|endoftext|>")
@example("\ud83d\ude00 \ud83d")
def test_any_text(pair, text):
    counter, encoding = pair
    expected = len(encoding.encode_ordinary(text))
    assert counter.fast.takes(text) or "'\u017f" in text
    assert TextCounter(counter.encoding, fast=True).count(text) == expected
    assert TextCounter(counter.encoding, fast=True).count_batch(["x", text]) == [1, expected]


def test_panic_goes_to_tiktoken(pair, monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(_text):
        raise PanicException

    monkeypatch.setattr(pair[0].fast, "count", panic)
    assert TextCounter(pair[0].encoding).count_batch(["hello world", "a"]) == [2, 1]
    assert TextCounter(pair[0].encoding).count("hello world") == 2


def test_half_surrogates_are_replaced(pair):
    assert differing(pair, ["plain", "a\ud800b", "<|endoftext|>\udc00", "don'\u017f", "", "plain"]) == []


def test_white_space_on_which_tiktoken_panics(pair, capfd):
    assert pair[0].count_batch(["a", " " * 1_024_001 + "b"]) == [1, 8_001]
    assert capfd.readouterr() == ("", "")


def test_encoding_without_a_fast_counter_is_counted_by_tiktoken():
    assert TextCounter("p50k_base").fast is None
    assert TextCounter("p50k_base").count_batch(["hello world"]) == [2]
