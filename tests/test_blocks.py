"""The fast way for blocks against the exact way line by line: whatever stands in a file, both say the same of it."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_gate import ANSWER, QUESTION, changed_line, chat, good_row, plan

from jsonl_lint import engine
from jsonl_lint.blocks import BlockGate
from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.gate import Gate
from jsonl_lint.images import MARK
from jsonl_lint.judge import Judge
from jsonl_lint.partial import Partial
from jsonl_lint.plan import Plan, make_plan
from jsonl_lint.targets import METHODS, Method

BOM = "\ufeff".encode()
PLAIN = chat(QUESTION, ANSWER)
ENDS = (b"\n",) * 8 + (b"\r\n", b"\r\n", b"\r", b"\n\n", b"\n \n", b"", b" ", b"\n\r\n", b"\r\r\n", b",\n", b"\x00\n")
SPLITS = (b"\n", b" \n ", b"\r\n", b"\n\n", b"\r", "\u2028".encode(), BOM, b"\x00", b"\\\n")
WEIGHTED = {**ANSWER, "weight": 0}

PREFERENCE = {"input": {"messages": [QUESTION]}, "preferred_output": [ANSWER], "non_preferred_output": [ANSWER]}


def plain_line(rng: random.Random) -> bytes:
    """A plain line, good or nearly so."""
    turns = [
        rng.choice((QUESTION, ANSWER, {"role": "system", "content": "Be brief."})) for _ in range(rng.randint(0, 2))
    ]
    odd = rng.choice(
        ("Hi", "", " ", "\u200b", "\u00a0x", "\\", '"', '\\"', '\\\\"', '""', "\n", "\u00e9", "\u3042", "\u2028")
    )
    answer = {"role": "assistant", "content": odd}
    if rng.random() < 0.3:
        answer["weight"] = rng.choice((0, 1, 1, 2))
    if rng.random() < 0.2:
        answer["name"] = rng.choice(("Ann", "", "a b"))
    row = {"messages": [*turns, QUESTION, answer]}
    return json.dumps(row, ensure_ascii=rng.random() < 0.5).encode()


def data_of(rng: random.Random) -> bytes:
    """Lines of every kind, some of which end or break off in odd ways."""
    pieces = [BOM] if rng.random() < 0.1 else []
    oddness = rng.choice((0.0, 0.1, 0.5))
    for _ in range(rng.randint(1, 12)):
        line = PLAIN
        if rng.random() < 0.5:
            line = plain_line(rng)
        elif rng.random() < 0.5:
            line = json.dumps(good_row(rng)).encode()
        if rng.random() < oddness:
            line = changed_line(rng)
        if rng.random() < oddness / 3:
            at = rng.randrange(len(line) + 1)
            line = line[:at] + rng.choice(SPLITS) + line[at:]
        pieces.extend((line, rng.choice(ENDS) if rng.random() < oddness else b"\n"))
    data = b"".join(pieces)
    return data[:-1] if rng.random() < 0.1 else data


@cache
def checker(method: Method = "sft") -> Checker:
    """What lines are checked with by the default target's plan, made once."""
    return Checker(plan(method))


@cache
def open_checker() -> Checker:
    """The same for a plan with a rule that looks at clean lines too."""
    open_plan = make_plan(Settings(method="sft"), "sft")
    open_plan.has_ungated = True
    return Checker(open_plan)


def checked(data: bytes, fast_from: int | None, checker: Checker) -> Partial:
    """The result of data that is fed in two blocks."""
    checking = Range(checker.plan, "train.jsonl", fast_from=fast_from, checker=checker)
    cut = data.find(b"\n", len(data) // 3) + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SMALL_BLOCK", 0)
        for block in (data[:cut], data[cut:]):
            if block:
                checking.feed(block)
    return checking.partial


def comparable(partial: Partial) -> tuple[Any, ...]:
    """Everything that a result says."""
    states = {code: vars(state) for code, state in partial.states.items()}
    return (
        partial.summary,
        partial.findings,
        partial.counts,
        partial.failures,
        partial.unchecked,
        partial.uncounted,
        states,
    )


@settings(max_examples=600)
@given(st.integers(0, 2**32).map(lambda seed: data_of(random.Random(seed))))
@example(PLAIN + b"\n" + PLAIN + PLAIN + b"\n\n" + PLAIN + b"\n")
@example(PLAIN + b"\n" + PLAIN.replace(b", {", b",\n{") + b"\n" + PLAIN + PLAIN + b"\n")
@example(PLAIN + b"\r\n" + PLAIN + b"\n" + PLAIN + b"\r\n")
@example(BOM + PLAIN + b"\n" + BOM + PLAIN + b"\n")
@example(PLAIN + b"\n" + chat(QUESTION, WEIGHTED) + b"\n" + PLAIN)
@example(PLAIN.replace(b"Hi", b"\\\\") + b"\n" + PLAIN.replace(b"Hi", b'\\\\\\"') + b"\n" + PLAIN + b"\n")
@example(PLAIN.replace(b'"Hi"', b'"Hi", "content": "Hi"') + b"\n" + PLAIN + b"\n")
def test_blocks_and_lines_give_the_same(data: bytes) -> None:
    """Findings, their places and order, sums, and what dataset rules gather do not depend on the way."""
    assert comparable(checked(data, 0, checker())) == comparable(checked(data, None, checker()))


@settings(max_examples=100)
@given(st.integers(0, 2**32).map(lambda seed: data_of(random.Random(seed))), st.sampled_from((60, 150, None)))
def test_lines_too_short_to_count_are_the_same(data: bytes, limit: int | None) -> None:
    """Without the counting of tokens both ways pass over the same lines."""
    short_plan = make_plan(Settings(method="sft", no_tokens=True), "sft")
    results = []
    for fast_from in (0, None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Plan, "token_limit", lambda *_: limit)
            results.append(comparable(checked(data, fast_from, Checker(short_plan))))
    assert results[0] == results[1]


def test_short_plain_lines_are_not_counted() -> None:
    """Their bytes bound what their tokens may be."""
    short_plan = make_plan(Settings(method="sft", no_tokens=True), "sft")
    assert checked((PLAIN + b"\n") * 3, 0, Checker(short_plan)).uncounted > 3 * len(PLAIN)


@settings(max_examples=100)
@given(st.integers(0, 2**32).map(lambda seed: data_of(random.Random(seed))))
def test_rules_without_a_gate_see_every_line(data: bytes) -> None:
    """Where rules look at clean lines too, both ways call them alike."""
    assert comparable(checked(data, 0, open_checker())) == comparable(checked(data, None, open_checker()))


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_give_the_same(method: Method) -> None:
    """The same holds for lines of each method, good and bad ones in one file."""
    rows = [
        PREFERENCE,
        {"prompt": "Hi", "completion": "Hello"},
        {"messages": [QUESTION]},
        {"prompt": "", "completion": ""},
    ]
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows * 2)
    assert comparable(checked(data, 0, checker(method))) == comparable(checked(data, None, checker(method)))


def test_blocks_of_good_lines_are_admitted_at_once() -> None:
    """Good lines, plain ones and others, do not take the slow way."""
    rng = random.Random(5)
    gate = BlockGate(Gate(plan()))
    plain = b"".join(PLAIN + end for end in (b"\n", b"\r\n", b"\n"))
    assert gate.admit(plain).doubtful == []  # type: ignore[union-attr]
    good = [json.dumps(good_row(rng)).encode() for _ in range(300)]
    # Images in data URIs are cut out of their lines one by one.
    mixed = [line for line in good if MARK not in line]
    assert len(mixed) > 200
    admitted = gate.admit(b"\n".join(mixed) + b"\n")
    assert admitted is not None
    assert len(admitted.doubtful) < 4


@pytest.mark.parametrize(
    "block",
    [
        PLAIN + PLAIN + b"\n",
        PLAIN + b"\n\n",
        PLAIN + PLAIN + b"\n\n",
        PLAIN.replace(b", {", b",\n{") + b"\n" + PLAIN + PLAIN + b"\n",
        b" " + PLAIN + b"\n",
        PLAIN + b" \n",
        PLAIN + b"\r\r\n",
        PLAIN + b"\r" + PLAIN + b"\n",
    ],
)
def test_blocks_of_another_layout_are_refused(block: bytes) -> None:
    """Where a line holds no value, or two, or part of one, the lines are gone through one by one."""
    assert BlockGate(Gate(plan())).admit(block) is None


@settings(max_examples=800)
@given(st.integers(0, 2**32), st.sampled_from(("sft", "dpo")))
def test_shortcuts_change_no_verdict(seed: int, method: Method) -> None:
    """What is left out of the exact way, because it is proved to find nothing, would have found nothing."""
    rng = random.Random(seed)
    line = changed_line(rng) if rng.random() < 0.7 else plain_line(rng)
    if rng.random() < 0.1:
        line = rng.choice((BOM, b" ", b"\t", BOM + BOM)) + line + rng.choice((b"\r", b" ", b""))
    if method == "dpo":
        outputs = b'], "preferred_output": [%b], "non_preferred_output": [%b]}' % ((json.dumps(ANSWER).encode(),) * 2)
        line = b'{"input": ' + line + outputs[1:]
    exact = Judge(plan(method), shortcuts=False).line(line)
    assert Judge(plan(method)).line(line) == exact
