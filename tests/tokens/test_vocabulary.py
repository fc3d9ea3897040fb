"""The encodings are those of tiktoken, made from our own data."""

import base64
import gc
import hashlib
import subprocess
import sys
import tracemalloc

import pytest
import tiktoken
from tiktoken_ext import openai_public

from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding, load_whole, read_ranks

BIRTHDAY = "お誕生日おめでとう"


def serialised(ranks):
    """The vocabulary as a `.tiktoken` file."""
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items())


@pytest.mark.parametrize("name", ENCODINGS)
def test_data_is_what_tiktoken_expects(name, monkeypatch):
    ranks = read_ranks(name)
    seen = []

    def stand_in(_url, expected_hash):
        seen.append(expected_hash)
        return ranks

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", stand_in)
    theirs = getattr(openai_public, name)()
    assert seen == [hashlib.sha256(serialised(ranks)).hexdigest()]

    ours = load_encoding(name)
    assert ours._pat_str == theirs["pat_str"]
    assert ours._special_tokens == theirs["special_tokens"]
    assert ours.n_vocab == theirs.get("explicit_n_vocab", ours.n_vocab)
    assert tiktoken.Encoding(**theirs).encode_ordinary(BIRTHDAY) == ours.encode_ordinary(BIRTHDAY)


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("o200k_base", [8930, 9697, 243, 128225, 8930, 17693, 4344, 48669]),
        ("cl100k_base", [33334, 45918, 243, 21990, 9080, 33334, 62004, 16556, 78699]),
        ("p50k_base", [2515, 232, 45739, 243, 37955, 33768, 98, 2515, 232, 1792, 223, 30640, 30201, 29557]),
        ("r50k_base", [2515, 232, 45739, 243, 37955, 33768, 98, 2515, 232, 1792, 223, 30640, 30201, 29557]),
    ],
)
def test_known_tokens(name, tokens):
    assert load_encoding(name).encode_ordinary(BIRTHDAY) == tokens


def test_runs_of_spaces_belong_to_p50k_alone():
    assert load_encoding("p50k_base").encode_ordinary(" " * 25) == [50280]
    assert load_encoding("r50k_base").encode_ordinary(" " * 3) == [220, 220, 220]


def test_is_built_once():
    assert load_encoding("r50k_base") is load_encoding("r50k_base")


def test_unknown_name():
    with pytest.raises(ValueError, match="unknown encoding 'gpt2'; known are o200k_base"):
        load_encoding("gpt2")


def test_whole_takes_a_text_as_one_piece():
    # Two pieces for the pattern; as one piece the two line breaks between two letters merge likewise.
    assert load_whole("r50k_base").encode_ordinary("\n \n") == load_encoding("r50k_base").encode_ordinary("\n \n")
    assert load_whole("r50k_base").encode_ordinary("a") == [64]


@pytest.mark.parametrize("enabled", [True, False])
def test_leaves_the_collector_as_it_was(enabled):
    was_enabled = gc.isenabled()
    load_encoding.cache_clear()
    (gc.enable if enabled else gc.disable)()
    try:
        load_encoding("r50k_base")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_vocabulary_is_held_once():
    """The tokens and ranks that an encoding is made from, here 5 MB of them, are gone when it is made."""
    load_encoding("cl100k_base")
    tracemalloc.start()
    encoding = load_encoding.__wrapped__("r50k_base")
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 500_000 < 4_000_000 < peak
    assert encoding.encode_ordinary("hello world") == [31373, 995]


def test_needs_no_network_registry_or_cache():
    program = """
import sys
from jsonl_lint.tokens.text import TextCounter
counter = TextCounter("cl100k_base", fast=False)
print("tiktoken" in sys.modules)
print(counter.count("hello world"))
print([name for name in ("tiktoken_ext.openai_public", "requests", "tiktoken.load", "splintr") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False", "2"]
    assert done.stdout.split("\n")[2] in ("[]", "['tiktoken.load']")
