"""Parts of a text have as many tokens together as the whole text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonl_lint.tokens.split import parts
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding, load_whole

SPACES = " \t\n\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u3000"
WORDS = ["a", "Word", "don't", "'s", "1234", "!", "/", "!?", "é", "\u0301", "中文", "😀", "<|endoftext|>", "\u200b"]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.text(SPACES, min_size=1, max_size=20),
        st.tuples(st.sampled_from(SPACES), st.integers(1, 30)).map(lambda run: run[0] * run[1]),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)


def tokens(name, text, longest):
    found = []
    for part, whole in parts(text, name, longest):
        found += (load_whole if whole else load_encoding)(name).encode_ordinary(part)
    return found


@pytest.fixture(scope="module", autouse=True, params=ENCODINGS)
def name(request):
    return request.param


@given(text=TEXTS, longest=st.integers(2, 12))
@example(text="!\n\n    x", longest=3)
@example(text="!\n\n    ", longest=3)
@example(text="a    \n    b", longest=3)
@example(text="\r\n\r\n\r\n\r\nx", longest=3)
@example(text="    's   't", longest=2)
@example(text="\x85" * 5 + "a", longest=3)
@example(text="one two three four ", longest=4)
def test_tokens_of_parts_are_those_of_the_text(name, text, longest):
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert tokens(name, text, longest) == load_encoding(name).encode_ordinary(text)
    assert "".join(part for part, _ in parts(text, name, longest)) == text


def test_no_part_has_a_long_run_that_the_pattern_walks_through(name):
    text = "a " * 50 + " " * 100 + "b\n" + "\t" * 100 + "c d"
    walked = [part for part, whole in parts(text, name, 40) if not whole]
    assert all(" " * 40 not in part and "\t" * 40 not in part for part in walked)
    assert max(map(len, walked)) <= 41


def test_text_without_spaces_stays_whole(name):
    assert list(parts("x" * 100, name, 10)) == [("x" * 100, False)]


def test_empty_text_has_no_part(name):
    assert list(parts("", name, 10)) == []
