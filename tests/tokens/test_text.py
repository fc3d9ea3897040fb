"""Counts are exactly the number of tokens that tiktoken makes."""

import sys
from array import array
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.errors import UsageError
from jsonl_lint.tokens import fast as fast_module
from jsonl_lint.tokens import text as text_module
from jsonl_lint.tokens.lexicon import Lexicon
from jsonl_lint.tokens.memo import Memo
from jsonl_lint.tokens.text import TextCounter, Uncountable
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding

SAMPLES = [
    "",
    "Hello, world! I'm sure you've seen 1234567 of these.",
    "Il gatto è sul tavolo; perché no? Größe, Straße, œuvre.",
    "誕生日おめでとうございます。你好，世界！안녕하세요",
    "مرحبا بالعالم، नमस्ते दुनिया, สวัสดีชาวโลก, Привет",
    "def f(x):\n\treturn {'a': x ** 2}  # ok\r\n\r\n\n   \n",
    "👩‍👩‍👧‍👦 🇮🇹 e\u0301 \u200b\ufeff",
    "<|endoftext|> <|im_start|>user <|fim_prefix|>",
    "a\ud800b \udc00",
    "\ud83d\ude00",
    "don'\u017f 'S 'LL",
    "\x00\x01\x1c\x1d\x85\u2028\u3000 x",
    "a" * 2000 + "中" * 500 + "\n" * 300 + " " * 700,
]


def exact(name, text):
    return len(load_encoding(name).encode_ordinary(text))


@pytest.fixture(params=ENCODINGS)
def counter(request):
    return TextCounter(request.param, fast=False)


@pytest.mark.parametrize("text", SAMPLES)
def test_samples(counter, text):
    assert counter.count(text) == exact(counter.encoding, text)


def test_batch_is_each_by_itself(counter):
    texts = SAMPLES * 2
    assert counter.count_batch(iter(texts)) == [exact(counter.encoding, text) for text in texts]


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text(text):
    for name in ("o200k_base", "cl100k_base"):
        assert TextCounter(name, fast=False).count(text) == exact(name, text)


def go_by_words(patch):
    """Remember words from the first character on."""
    patch.setattr(text_module, "FEW_CHARACTERS", 1)
    patch.setattr(text_module, "MANY_CHARACTERS", 1)


@given(st.lists(st.text(st.characters(codec=None, exclude_categories=()) | st.sampled_from(" \n'sL1!"))))
def test_any_texts_by_words(texts):
    with pytest.MonkeyPatch.context() as patch:
        go_by_words(patch)
        for name in ENCODINGS:
            assert TextCounter(name, fast=False).count_batch(texts) == [exact(name, text) for text in texts]


def test_many_texts_go_by_words(counter, monkeypatch):
    counted = []
    original = Lexicon.count
    monkeypatch.setattr(Lexicon, "count", lambda self, texts: counted.extend(texts) or original(self, texts))
    assert counter.count_batch([sample * 3 for sample in SAMPLES]) == [exact(counter.encoding, s * 3) for s in SAMPLES]
    assert counted == []
    monkeypatch.setattr(text_module, "MANY_CHARACTERS", 5000)
    texts = ["", *(sample * 9 for sample in SAMPLES), "a word" * 100_000]
    assert counter.count_batch(texts) == [exact(counter.encoding, text) for text in texts]
    assert len(counted) == len(SAMPLES) - 1
    assert max(map(len, counted)) < 500_000
    counted.clear()
    assert counter.count_batch(["few words"]) == [2]
    assert counted == []


def test_panic_among_words_goes_text_by_text(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(_lexicon, _texts):
        raise PanicException

    monkeypatch.setattr(Lexicon, "count", panic)
    go_by_words(monkeypatch)
    assert TextCounter("o200k_base", fast=False).count_batch(["hello world", "a"]) == [2, 1]


def has_surrogates(text):
    return any("\ud800" <= character <= "\udfff" for character in text)


def together(texts):
    encoded = [text.encode() for text in texts]
    return b"".join(encoded), array("Q", accumulate(map(len, encoded)))


@pytest.mark.parametrize("are_long", [False, True])
@pytest.mark.parametrize("fast", [False, None])
def test_texts_end_to_end(counter, monkeypatch, fast, are_long):
    go_by_words(monkeypatch)
    texts = [sample for sample in SAMPLES * 2 if sample and not has_surrogates(sample)]
    texts += ["a word" * 100_000, "é" * 300_000] if are_long else []
    counted = TextCounter(counter.encoding, fast=fast)
    assert counted.count_together(*together(texts)) == [exact(counter.encoding, text) for text in texts]
    assert counted.count_together(b"", array("Q")) == []


def test_texts_end_to_end_of_which_few_are_met():
    counter = TextCounter("o200k_base", fast=False)
    assert counter.count_together(*together(["hello world", "a", "hello world"])) == [2, 1, 2]
    assert "lexicon" not in vars(counter)


def test_panic_among_texts_end_to_end(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(*_texts):
        raise PanicException

    go_by_words(monkeypatch)
    for error in (panic, uncountable):
        monkeypatch.setattr(Lexicon, "count_together", error)
        assert TextCounter("o200k_base", fast=False).count_together(*together(["hello world", "a"])) == [2, 1]


def uncountable(*_texts):
    raise Uncountable("a word")


def test_other_errors_among_texts_end_to_end_pass(monkeypatch):
    def interrupted(*_texts):
        raise KeyboardInterrupt

    go_by_words(monkeypatch)
    monkeypatch.setattr(Lexicon, "count_together", interrupted)
    with pytest.raises(KeyboardInterrupt):
        TextCounter("o200k_base", fast=False).count_together(*together(["hello world", "a"]))


def test_half_a_surrogate_pair_is_a_replacement_character(counter):
    assert counter.count("a\ud800") == counter.count("a\ufffd")


# A token of 128 spaces is the longest in both; the last space before a word belongs to the word.
@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("o200k_base", " " * 1_024_000, 8_000),
        ("o200k_base", "a\n" + " " * 1_024_001 + "b", 8_003),
        ("cl100k_base", "a\n" + " " * 1_024_001 + "b", 8_003),
    ],
)
def test_white_space_on_which_tiktoken_panics(name, text, count, capfd):
    assert TextCounter(name, fast=False).count(text) == count
    assert capfd.readouterr() == ("", "")


def test_other_long_runs(capfd):
    counter = TextCounter("o200k_base", fast=False)
    for text in (" " * 600_000 + "\n" + " " * 600_000 + "b", "ab " * 200_000):
        assert counter.count(text) == exact("o200k_base", text)
    assert capfd.readouterr() == ("", "")


def test_panic_becomes_uncountable(monkeypatch):
    class PanicException(BaseException):
        pass

    class Broken:
        def encode_ordinary(self, _text):
            raise PanicException

    monkeypatch.setattr(text_module, "load_encoding", lambda _name: Broken())
    with pytest.raises(Uncountable, match="a text of 3 characters"):
        TextCounter("o200k_base", fast=False).count("abc")


def test_other_errors_pass(monkeypatch):
    def interrupted(_name):
        raise KeyboardInterrupt

    monkeypatch.setattr(text_module, "load_encoding", interrupted)
    with pytest.raises(KeyboardInterrupt):
        TextCounter("o200k_base", fast=False).count("abc")


def test_unknown_encoding():
    with pytest.raises(ValueError, match="unknown encoding 'x'"):
        TextCounter("x")


def test_fast_that_is_not_to_be_had(monkeypatch):
    monkeypatch.setattr(fast_module, "PROVEN", frozenset())
    fast_module.load_fast.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"pip install jsonl-lint\[fast\]"):
            TextCounter("o200k_base", fast=True)
        assert TextCounter("o200k_base").fast is None
        assert TextCounter("o200k_base").count("hello world") == 2
    finally:
        fast_module.load_fast.cache_clear()


def test_fast_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "splintr", None)
    fast_module.load_fast.cache_clear()
    try:
        assert TextCounter("o200k_base").fast is None
    finally:
        fast_module.load_fast.cache_clear()


def test_repeated_text_is_counted_once(monkeypatch):
    counted = []
    original = load_encoding("r50k_base")

    class Watched:
        def encode_ordinary(self, text):
            counted.append(text)
            return original.encode_ordinary(text)

    monkeypatch.setattr(text_module, "load_encoding", lambda _name: Watched())
    counter = TextCounter("r50k_base", fast=False)
    assert counter.count_batch(["system", "a", "system", "b", "system"]) == [1, 1, 1, 1, 1]
    assert counted == ["system", "a", "b"]


def test_memo_keeps_what_comes_again():
    memo = Memo(entries=10)
    memo.put("often", 7)
    for number in range(100):
        memo.put(f"once {number}", number)
        assert memo.get("often") == 7
    assert memo.get("once 1") is None


@given(st.lists(st.text(max_size=60)), st.integers(1, 5), st.integers(100, 2000))
def test_memo_is_bounded_and_never_wrong(texts, entries, size):
    memo = Memo(entries, size)
    for text in texts:
        memo.put(text, len(text))
        assert memo.get(text) in (None, len(text))
        for generation in (memo.young, memo.old):
            assert len(generation) <= entries
            assert sum(map(sys.getsizeof, generation)) <= size


def test_memo_leaves_out_what_is_too_large():
    memo = Memo(size=1000)
    memo.put("x" * 300, 5)
    assert memo.get("x" * 300) is None
