"""The fingerprints of lines that are not plain: the part in C makes those of the lines' values, or none."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_alike import bad_line, reworded
from test_gate import ANSWER, QUESTION, chat, plan, rewrite

from jsonl_lint import native
from jsonl_lint.judge import Judge
from jsonl_lint.prints import Prints
from jsonl_lint.spoken import LONGEST, SpokenPrints

SPOKEN = SpokenPrints()
JUDGE = Judge(plan())
SYSTEM = {"role": "system", "content": 'Be "brief".'}


def some_line(seed: int) -> bytes:
    """A line that mostly has a value, with defects of all kinds."""
    rng = random.Random(seed)
    line = bad_line(rng, "sft")
    for _ in range(rng.choice((0, 1, 2))):
        line = rng.choice((reworded, rewrite))(rng, line).replace(b"\n", b" ")
    return line


def left(line: bytes) -> bool:
    """Whether fingerprints are left for a line; they are those of its value."""
    verdict = JUDGE.line(line)
    if not isinstance(verdict.value, dict) or verdict.other_method is not None:
        return False
    swift, exact = Prints("sft"), Prints("sft")
    for number in (3, 4):
        if not SPOKEN.leave(swift, number, line):
            assert swift.__getstate__() == Prints("sft").__getstate__()
            return False
        exact.add_value(number, verdict.value, line)
    assert swift.__getstate__() == exact.__getstate__()
    return True


@settings(max_examples=2000)
@given(st.integers(0, 2**40).map(some_line))
@example(b'{"messages": [{"role": "user", "content": "a", "content": "b"}]}')
@example(b'{"messages": [{"role": "user", "content": "a"}], "messages": [{"role": "user", "content": "b"}]}')
@example(b'{"messages": [{"role": "syst\\u0065m", "content": "a"}, {"content": "b"}]}')
@example(b'{"messages": [{"content": "a", "tool_calls": []}], "tools": []}')
@example(b'{"x": {"messages": [{"content": "a"}]}, "messages": [{"content": "b"}]}')
def test_fingerprints_are_those_of_the_value(line: bytes) -> None:
    left(line)


PIECES = st.sampled_from(
    [
        b"\\ud83d",
        b"\\uDE00",
        b"\\n",
        b"\\\\",
        b"a",
        "é你😀".encode(),
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80",
        b"\xc3",
        b"\xe0\x80",
        b"\xf4\x90",
    ]
)


@settings(max_examples=1000)
@given(st.lists(PIECES | st.binary(max_size=3).map(lambda some: bytes(byte | 0x80 for byte in some)), min_size=1))
def test_broken_texts_are_read_as_they_are_decoded(pieces: list[bytes]) -> None:
    assert left(b'{"messages": [{"role": "user", "content": "%s"}]}' % b"".join(pieces))


def test_most_lines_of_texts_have_fingerprints() -> None:
    """The test above is one of something: a tenth of its lines, at least, have some."""
    assert sum(left(some_line(seed)) for seed in range(1000)) >= 100


@pytest.mark.parametrize(
    ("line", "has_prints"),
    [
        (chat(SYSTEM, QUESTION, {**ANSWER, "weight": 0.5}, id=7), True),
        (chat({"role": "developer", "content": "\u4f60"}, {"role": "gpt", "content": "\U0001f600 \\"}), True),
        (chat(*[QUESTION, ANSWER] * 32), True),
        (chat(*[QUESTION, ANSWER] * 33), False),
        (chat(QUESTION, {"role": "assistant", "content": "\ud83d, \udc00\ud83d\ud83d\ude00"}), True),
        (chat({**SYSTEM, "content": "\ud83d"}, QUESTION), False),
        (chat(QUESTION, ANSWER).replace(b"Hi", b"caf\xe9"), True),
        (chat(SYSTEM, ANSWER).replace(b"brief", b"br\xefef"), False),
        (chat(QUESTION, {"role": "assistant", "content": None}), False),
        (chat(QUESTION, {"role": "assistant", "content": [{"type": "text", "text": "x"}]}), False),
        (chat(QUESTION, {**ANSWER, "tool_calls": []}), False),
        (chat(QUESTION, ANSWER, tools=[]), False),
        (chat(), False),
        (json.dumps({"messages": [SYSTEM, "x", None]}).encode(), False),
        (chat({**QUESTION, "content": "x" * LONGEST}, ANSWER), False),
    ],
)
def test_lines_with_and_without(line: bytes, has_prints: bool) -> None:
    assert left(line) == has_prints


def test_a_wheel_without_the_part_in_c_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "library", lambda: None)
    assert not SpokenPrints().leave(Prints("sft"), 1, chat(QUESTION, {**ANSWER, "weight": 0.5}))
