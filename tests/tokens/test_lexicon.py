"""What is remembered of words gives the counts that tiktoken gives for the texts, however little is remembered."""

import random
import sys
from array import array
from functools import partial
from itertools import accumulate, islice, product

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsonl_lint.native import library
from jsonl_lint.tokens import words as words_module
from jsonl_lint.tokens.lexicon import Lexicon, tally_for
from jsonl_lint.tokens.tally import NativeTally, WordCounter
from jsonl_lint.tokens.text import TextCounter
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding, token_sizes
from jsonl_lint.tokens.words import WordTally

WORDS = [
    "the", " the", " house", "'s", "'lL", "(x", "\n", "\n\n", "    ", " \n", "\t", "1234", "é", "中文", "\u3000", "😀",
    "\x00", "a\x00", "a\x00\x00", " one that has 23 letters", " one that has 24 letters.", "x" * 40, "<|endoftext|>",
    "<|im_start|>", " don't", "/", "don'\u017f", "no", "\x85", "a\xa0", "\u2028 ", "”", ":\n   ", ")\n", "\r\n", " \t", "//\n",
]  # fmt: skip
LENGTHS = [*(f"{letter}{'y' * size}{end}" for letter in " z" for size in (28, 29, 124, 125, 198, 199) for end in "z\n")]
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS) | st.sampled_from(LENGTHS) | ANY, min_size=1, max_size=12).map("".join),
    min_size=1,
    max_size=6,
)


def counter_of(encoding, seen=None):
    """What counts words with tiktoken, and notes which texts it was given."""

    def encode(text):
        if seen is not None:
            seen.append(text)
        return array("I", encoding.encode_ordinary(text)).tobytes()

    sizes = partial(token_sizes, encoding.name)
    return WordCounter(encoding.name, sizes, encode=encode, count=lambda text: len(encode(text)) // 4)


def native(encoding, seen=None):
    return NativeTally(library(), counter_of(encoding, seen))


def exact(encoding, texts):
    return [len(encoding.encode_ordinary(text)) for text in texts]


def sums(tally, texts):
    encoded = [text.encode() for text in texts]
    return tally.sums(b"".join(encoded), array("Q", accumulate(map(len, encoded))))


@pytest.fixture(params=ENCODINGS, scope="module")
def encoding(request):
    return load_encoding(request.param)


@pytest.fixture(params=[native, lambda encoding: WordTally(counter_of(encoding))], ids=["C", "Python"])
def make(request):
    return request.param


def test_both_ways_are_taken(monkeypatch):
    counter = counter_of(load_encoding("o200k_base"))
    assert isinstance(tally_for(counter), NativeTally)
    monkeypatch.setattr("jsonl_lint.tokens.lexicon.library", lambda: None)
    assert isinstance(tally_for(counter), WordTally)


@settings(max_examples=150)
@given(st.lists(TEXTS, max_size=4))
@example([["x\n \n  y", "\n", " y", "a  ", "b", "!\n/a", "é\xa0 x", "\u3000 x", "か x"]])
@example([["<|endoftext|> <|", "|>", "end<|endoftext|>"], ["'\u017f", "don'\u017f a'\u017f"]])
def test_both_ways_give_what_tiktoken_gives(encoding, batches):
    fast, slow = native(encoding), WordTally(counter_of(encoding))
    for texts in batches + batches:
        expected = exact(encoding, texts)
        assert sums(fast, texts) == expected
        assert sums(slow, texts) == expected


def cut(tally, texts):
    """The words that a table that knows nothing asks for."""
    asked = []
    tally.count_new = lambda texts, found: asked.extend(
        texts[tally.unknown[3 * index + 1] : tally.unknown[3 * index + 2]] for index in range(found)
    )
    sums(tally, texts)
    return asked


@settings(max_examples=150)
@given(TEXTS)
def test_both_ways_cut_at_the_same_places(encoding, texts):
    asked = []
    slow = WordTally(counter_of(encoding))
    slow.counts = lambda words: asked.extend(words) or [1] * len(words)
    sums(slow, texts)
    # Words that have no tokens are never known: each is asked for wherever it stands.
    assert cut(native(encoding), texts) == asked


def test_every_character(make, encoding):
    codes = [*range(0xD800), *range(0xE000, 0x20000), *range(0x20000, sys.maxunicode + 1, 997)]
    texts = [f"{chr(code)} x\n{chr(code)}1{chr(code)}  y{chr(code)}" for code in codes]
    assert sums(make(encoding), texts) == exact(encoding, texts)


def test_every_short_text(make, encoding):
    characters = " \n\t\r'/!sL1\x00é中\u3000”\u017f"
    texts = ["".join(chosen) for size in (1, 2, 3) for chosen in product(characters, repeat=size)]
    # Each is new by itself, beside others of which some are new, and known.
    for tally in (make(encoding), make(encoding)):
        assert sums(tally, texts) == exact(encoding, texts)
        texts = texts[::-1]
        assert sums(tally, texts) == exact(encoding, texts)


def test_every_two_words_side_by_side(encoding):
    ends = ["a", "1", "!", "/", "'", "é", "中", "\x00", "\n", " ", "  ", "\t", "\r", "\u3000", "x\n ", "x\n  "]
    middles = ["don't", "\n\n", "   ", "\u017f", "<|", "don'", "'s", "'S", "\n/", "//", "”", "\x85"]
    words = [f"{left}{middle}{right}" for left, middle, right in product(ends, middles, ends)]
    pairs = random.Random(5).sample(list(product(words, repeat=2)), 20_000)
    for at in range(0, len(pairs), 2000):
        texts = [word for pair in pairs[at : at + 2000] for word in pair]
        assert sums(native(encoding), texts) == exact(encoding, texts)


def test_words_that_differ_in_their_last_bytes_or_lengths_alone(make, encoding):
    stems = [
        "",
        *("x" * size for size in (7, 8, 14, 15, 22, 27, 28, 29, 30, 31, 124, 125, 126, 127, 198, 199, 200, 201)),
    ]
    texts = [stem + end for stem in stems for end in ("", "\x00", "\x00\x00", "a", "b", "ab")][1:]
    tally = make(encoding)
    for _ in range(2):
        assert sums(tally, texts) == exact(encoding, texts)
        assert [sums(tally, [text])[0] for text in texts] == exact(encoding, texts)


def test_known_words_are_not_counted_again(make):
    encoding = load_encoding("o200k_base")
    seen = []
    tally = native(encoding, seen) if make is native else WordTally(counter_of(encoding, seen))
    texts = ["the house", "the the house extraordinarily", "'s\n\n", f" {'z' * 125}", "<|x|> \u017f"]
    assert sums(tally, texts) == exact(encoding, texts)
    assert tally.new_bytes > 0
    seen.clear()
    tally.new_bytes = 0
    assert sums(tally, [" the house", " extraordinarily the", *texts]) == [2, 2, *exact(encoding, texts)]
    assert seen == []
    assert tally.new_bytes == 0


@pytest.mark.parametrize("sharers", [1, 2, 4])
def test_more_words_than_the_table_holds(encoding, sharers):
    tally = NativeTally(library(), msgspec.structs.replace(counter_of(encoding), sharers=sharers))
    chance = random.Random(2)
    words = [f" {number:x}{'q' * (number % 3 * 30)}" for number in range(700_000)]
    for at in range(0, len(words), 100_000):
        texts = ["".join(words[start : start + 50]) for start in range(at, at + 100_000, 50)]
        assert sums(tally, texts[:20]) == exact(encoding, texts[:20])
        sums(tally, texts)
    texts = ["".join(chance.choices(words, k=40)) for _ in range(500)]
    assert sums(tally, texts) == exact(encoding, texts)


def asked_again(sharers):
    """How many bytes of short words are new although each of them was met before."""
    counter = msgspec.structs.replace(counter_of(load_encoding("r50k_base")), sharers=sharers)
    tally = NativeTally(library(), counter)
    words = "".join(" " + "".join(letters) for letters in islice(product("abcdefghij", repeat=5), 100_000))
    sums(tally, [words])
    tally.new_bytes = 0
    sums(tally, [words])
    return tally.new_bytes


def test_counters_that_share_the_memory_remember_fewer_words():
    alone, two, three, four = map(asked_again, (1, 2, 3, 4))
    assert alone * 2 < two * 2 < three == four


def test_table_is_made_in_the_process_that_uses_it():
    """One made before would be copied when it is written to."""
    counter = TextCounter("r50k_base", fast=False)
    counter.load()
    assert "table" not in vars(counter.lexicon.tally)
    assert counter.count_batch(["word " * 5000]) == [5001]
    assert "table" in vars(counter.lexicon.tally)


def test_more_new_words_than_are_asked_for_at_once(make, encoding):
    texts = [" ".join(f"{number}z{other}" for other in range(700)) for number in range(12)]
    assert sums(make(encoding), ["a", *texts, "b"]) == exact(encoding, ["a", *texts, "b"])


def test_tokens_that_do_not_meet_the_ends_of_words_are_not_believed(encoding):
    counter = counter_of(encoding)
    wrong = WordCounter(counter.encoding, lambda: b"\2" * 300_000, encode=counter.encode, count=counter.count)
    texts = ["some words", " and others that are new", "x y z"]
    assert sums(NativeTally(library(), wrong), texts) == exact(encoding, texts)


def test_tokens_beyond_the_vocabulary_are_not_believed(encoding):
    counter = counter_of(encoding)
    wrong = WordCounter(counter.encoding, lambda: b"", encode=counter.encode, count=counter.count)
    texts = ["some words", " and others that are new", "x y z"]
    assert sums(NativeTally(library(), wrong), texts) == exact(encoding, texts)


def test_dictionary_is_bounded(monkeypatch):
    monkeypatch.setattr(words_module, "MOST_WORDS", 50)
    tally = WordTally(counter_of(load_encoding("o200k_base")))
    for number in range(100):
        sums(tally, [f"{number} a{number} b{number}"])
        assert len(tally.known) <= 50 + 6


def test_rests_where_most_words_are_new(monkeypatch):
    monkeypatch.setattr("jsonl_lint.tokens.lexicon.TRIAL_BYTES", 1000)
    monkeypatch.setattr("jsonl_lint.tokens.lexicon.REST_BYTES", 5000)
    chance = random.Random(1)
    lexicon = Lexicon(counter_of(load_encoding("o200k_base")))
    taken = []
    for _ in range(20):
        text = " ".join(str(chance.random()) for _ in range(30))
        taken.append(lexicon.is_worthwhile(len(text)))
        if taken[-1]:
            lexicon.count([text.encode()])
    assert taken[:2] == [True, True]
    assert 4 <= taken.count(True) < taken.count(False)
    assert lexicon.is_worthwhile(10_000)
    for _ in range(20):
        lexicon.count([b"the same words again and again " * 20])
        assert lexicon.is_worthwhile(600)
