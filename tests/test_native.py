"""The parts in C: they are there, and they come to the same as their twins in Python."""

from __future__ import annotations

import json
import random
import re

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_blocks import checked, comparable, data_of, plain_line
from test_gate import ANSWER, IMAGES, QUESTION, changed_line, chat, plan

from jsonl_lint import native
from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.content import Content, Suspect
from jsonl_lint.gate import Gate
from jsonl_lint.images import MARK
from jsonl_lint.judge import Judge
from jsonl_lint.plain_lines import PlainBatch, PlainLines
from jsonl_lint.plan import make_plan
from jsonl_lint.prints import Prints
from jsonl_lint.registry import all_rules, find_rule
from jsonl_lint.rule import Rule, Text
from samples import BOM, good_data

GATE = Gate(plan())
PLAIN = PlainLines(GATE)
JUDGE = Judge(plan())


def test_they_are_installed():
    assert native.library() is not None
    assert native.function("read_lines") is not None


def proved(line: bytes) -> PlainBatch | None:
    """A line that is proved plain, as a batch of one; None if it is in doubt."""
    proof = PLAIN.prove(line + b"\n")
    return None if proof is None else proof.batch(0, 1, 1)


def some_line(seed: int) -> bytes:
    """A line, good or nearly so, now and then with bytes changed."""
    rng = random.Random(seed)
    line = bytearray(plain_line(rng) if rng.random() < 0.7 else changed_line(rng))
    for _ in range(rng.choice((0, 0, 1, 2))):
        line[rng.randrange(len(line))] = rng.choice(b'"\\{}[],: \t\r\x00u0d8e9\x7f\x80\xa0\xc2\xe3\xed\xf0\xf4\xff')
    return bytes(line).replace(b"\n", b"")


def told_alike(line: bytes) -> None:
    """A line that is proved plain is admitted by the gate, unless a text is an image's data, and leaves the same prints."""
    batch = proved(line)
    if batch is None:
        return
    assert JUDGE.line(line).hits == []
    row = GATE.admit(line)
    if row is None:
        assert MARK in line
        return
    assert msgspec.to_builtins(batch.rows) == [msgspec.to_builtins(row)]
    assert batch.roles == [tuple(message.ROLE for message in row.messages)]
    swift, exact = Prints("sft"), Prints("sft")
    batch.leave_prints(swift)
    exact.add_row(1, row)
    assert swift.__getstate__() == exact.__getstate__()


@settings(max_examples=2000)
@given(st.integers(0, 2**40).map(some_line))
@example(chat(QUESTION, ANSWER))
@example(chat(QUESTION, ANSWER).replace(b"Hi", rb"\ud83d\ude00"))
@example(chat(QUESTION, ANSWER).replace(b"Hi", rb"\ud83d"))
@example(chat(QUESTION, ANSWER).replace(b"Hi", "ﬁ\u3000é𝔘".encode()))
@example(chat(QUESTION, {**ANSWER, "weight": 0}))
@example(chat(*[QUESTION, ANSWER] * 16))
@example(chat(QUESTION, {**ANSWER, "content": IMAGES[2], "name": "Ann"}))
def test_what_is_proved_plain_is_admitted_and_leaves_the_same(line):
    told_alike(line)


@pytest.mark.parametrize(
    "messages",
    [
        (QUESTION,),
        (ANSWER,),
        (QUESTION, ANSWER),
        (QUESTION, ANSWER, QUESTION),
        ({"role": "system", "content": "x"}, QUESTION),
        ({"role": "system", "content": "x"}, ANSWER),
    ],
)
def test_where_no_rule_looks_at_the_roles_they_leave_the_same_prints_in_any_order(messages):
    gate = Gate(make_plan(Settings(select=("DST",)), "sft"))
    proof = PlainLines(gate).prove(chat(*messages) + b"\n")
    assert proof is not None
    swift, exact, decoded = Prints("sft"), Prints("sft"), Prints("sft")
    proof.batch(0, 1, 1).leave_prints(swift)
    exact.add_row(1, gate.admit(chat(*messages)))
    decoded.add_value(1, {"messages": list(messages)}, chat(*messages))
    assert swift.__getstate__() == exact.__getstate__() == decoded.__getstate__()


@settings(max_examples=300)
@given(st.text(min_size=1, max_size=40), st.text(max_size=40), st.booleans())
def test_texts_of_any_characters_are_told_alike(first, second, ascii_only):
    answer = {"role": "assistant", "content": "x" + second}
    line = json.dumps({"messages": [{"role": "system", "content": first}, QUESTION, answer]}, ensure_ascii=ascii_only)
    told_alike(line.encode("utf-8", "surrogatepass"))


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1), st.text(), st.booleans())
def test_texts_with_something_to_see_are_proved(first, second, ascii_only):
    line = json.dumps(
        {"messages": [QUESTION, {"role": "assistant", "content": first + second}]}, ensure_ascii=ascii_only
    )
    try:
        assert proved(line.encode()) is not None
    except UnicodeEncodeError:
        assert not second.isprintable()


def test_good_lines_are_proved():
    block = good_data(300).removeprefix(BOM)
    proof = PLAIN.prove(block)
    assert proof is not None
    assert proof.doubtful == []
    assert len(proof.lines) == 300


def test_lines_in_doubt_are_told():
    good, bad = chat(QUESTION, ANSWER), chat(ANSWER, ANSWER)
    proof = PLAIN.prove(b"\n".join([good, bad, good, b"", good, good, good, b""]))
    assert proof is not None
    assert proof.doubtful == [1, 3]
    assert list(proof.runs()) == [(0, 1, True), (1, 2, False), (2, 3, True), (3, 4, False), (4, 7, True)]


@pytest.mark.parametrize("block", [b"", b"\n", b"\n" * 5000, b"{}\n", b"\x00\n", chat(QUESTION, ANSWER)])
def test_blocks_that_hold_no_plain_lines_prove_nothing(block):
    assert PLAIN.prove(block) is None


@pytest.mark.parametrize("seed", range(20))
def test_a_wheel_without_them_gives_the_same(seed, monkeypatch):
    data = good_data(200) + data_of(random.Random(seed)) + b"\n" + good_data(300).removeprefix(BOM)
    expected = comparable(checked(data, 0, Checker(plan())))
    monkeypatch.setattr(native, "library", lambda: None)
    assert PlainLines(Gate(plan())).prove(data) is None
    assert comparable(checked(data, 0, Checker(plan()))) == expected


ENDS = [
    "the",
    " and",
    ",",
    "，",
    ".",
    "!",
    "x",
    "\n",
    " ",
    "\t",
    "\u00a0",
    "\u2003",
    "\x1c",
    "\u3000",
    '"',
    "\\",
    "\\n",
    "é",
]
TURNS = ["and so on; ", "da, ", "😀 go ", "等等，", "a\nb\\", '" "', "\u00a0x "]
TEXTS = st.tuples(st.sampled_from(TURNS), st.integers(1, 60), st.lists(st.sampled_from(ENDS), max_size=4)).map(
    lambda made: "So " + made[0] * made[1] + "".join(made[2])
)


@settings(max_examples=500)
@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(({}, {"weight": 1}, {"name": "bob"})), st.booleans())
def test_endings_are_searched_for_alike(texts, after, ascii_only):
    rows = [{"messages": [QUESTION, {"role": "assistant", "content": text, **after}]} for text in texts]
    lines = b"".join(json.dumps(row, ensure_ascii=ascii_only).encode() + b"\n" for row in rows)
    filler = good_data(400).removeprefix(BOM)
    starts = [0, *(match.end() for match in re.finditer(b"\n", lines))][: len(rows)]
    for code in ("QLT005", "QLT006"):
        found = find_rule(code)
        assert found.suspects is not None
        wanted = {start for start, text in zip(starts, texts, strict=True) if finds(found, text)}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(native, "library", lambda: None)
            slow = set(found.suspects(lines + filler))
        assert wanted <= set(found.suspects(lines + filler)) <= slow


ODD = (
    *(
        f'{{"messages": [{{"role": "assistant", "content": #}}{more}'
        for more in ("]}", '], "n": 1}', ", null]}", ', "x"]}')
    ),
    '{"messages": [{"role": "assistant", "content": #, "source": "wiki."}]}',
    '{"messages": [{"role": "assistant", "content": #, "tool_calls": [{"function": {"arguments": "{}"}}]}]}',
    '{"messages": [{"role": "assistant", "content": #}], "documents": [{"content": "All of it."}]}',
    '{"documents": [{"content": "and so"}], "messages": [{"content": #, "role": "assistant"}]}',
    '{"messages": [{"role": "assistant", "content": #}], "tools": [{"type": "function", "function": {"name": "x"}}]}',
    '{"messages": [{"role": "assistant", "content": #, "a": {"content": "All."}}], "messages": "x"}',
    '{"messages": [{"role": "assistant", "content": "No.", "content": #}]}',
    '{"messages": [{"role": "assistant", "c\\u006fntent": #, "x": {"content": "No."}}]}',
    *(
        f'{{"messages": [{{"role": "assistant", "content": {parts}}}]}}'
        for parts in (
            '[{"type": "text", "text": #}]',
            '[{"type": "text", "text": "No."}, {"type": "refusal", "refusal": #}]',
            '[{"text": #, "type": "text", "refusal": "No."}]',
            '[{"text": "No.", "text": #, "type": "text"}]',
            '[["a"], {"x": {"text": "No."}, "type": "text", "text": #, "y": [{"text": "No."}]}]',
            '[{"type": "text", "text": #}, null]',
            '[{"type": "text", "te\\u0078t": #}], "name": "x"',
        )
    ),
    '{"messages": [{"role": "assistant", "content": #}], "n": NaN}\r',
    ' {"id": "[], \\"x", "messages":[{"role": "user", "content": "And?"}, {"content":# ,"role": "assistant"} ]} ',
    '[{"messages": [{"role": "assistant", "content": #}]}]',
)


@settings(max_examples=500)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(ODD)), min_size=1, max_size=5), st.booleans())
def test_lines_that_end_in_odd_ways_are_shown(made, ascii_only):
    lines = [odd.replace("#", json.dumps(text, ensure_ascii=ascii_only)).encode() for text, odd in made]
    filler = good_data(400).removeprefix(BOM)
    for code in ("QLT005", "QLT006"):
        content = Content(plan(), [all_rules().known[code]])
        wanted = {index for index, line in enumerate(lines) if content.judge(Suspect(0, 0, line, {0}))[0]}
        for block in (b"\n".join(lines), b"\n".join([*lines, filler])):
            assert wanted <= {suspect.index for suspect in content.suspects(block) if content.judge(suspect)[0]}


def finds(found: Rule, text: str) -> bool:
    """Whether a rule finds something in an answer."""
    return any(True for _ in found.check(Text(text, "assistant", is_last=True), PLAIN.gate.plan.facts))
