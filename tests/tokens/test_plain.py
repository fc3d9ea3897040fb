"""Plain conversations are counted as any example is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonl_lint.config import Settings
from jsonl_lint.counting import add_up, counters_for, talk_of
from jsonl_lint.examples import LineBatch, LineExample
from jsonl_lint.gate import Gate
from jsonl_lint.meter import Meter
from jsonl_lint.plain_lines import PlainBatch, PlainLines
from jsonl_lint.plan import make_plan
from jsonl_lint.tokens.example import count_readings
from jsonl_lint.tokens.plain import Talk, count_talks
from jsonl_lint.tokens.text import TextCounter, Uncountable
from jsonl_lint.tokens.totals import TokenTotals

MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant"]), "content": st.text(min_size=1, max_size=20)},
    optional={"name": st.sampled_from(["ann", "bob_2"]), "weight": st.sampled_from([0, 1])},
)
ROWS = st.lists(st.fixed_dictionaries({"messages": st.lists(MESSAGES, max_size=5)}), max_size=6)
COUNTER = TextCounter("o200k_base")


def meter(method="sft", **options):
    plan = make_plan(Settings(method=method, **options), method)
    return Meter(plan, lambda: counters_for(plan))


def lines(rows, method="sft"):
    gate = Gate(make_plan(Settings(ignore=("ALL",)), method))
    texts = [json.dumps(row).encode() for row in rows]
    return [LineExample(number, text, gate.admit(text)) for number, text in enumerate(texts, 1)]


@settings(max_examples=150)
@given(ROWS, st.sampled_from(["sft", "rft"]), st.sampled_from([None, 10, 25]))
def test_plain_lines_are_counted_like_all_others(rows, method, limit):
    counted_by = meter(method, facts={"max_example_tokens": limit} if limit else {})
    readings = [way.reading for way in counted_by.measures]
    expected = count_readings(rows, method, COUNTER, readings)
    assert counted_by.counting.counted(lines(rows, method), COUNTER, readings) == expected


def batch_of(texts, in_c=True):
    """The lines among these that the gate takes, as a batch: one that C proves plain, or one of typed rows."""
    gate = Gate(make_plan(Settings(ignore=("ALL",)), "sft"))
    texts = [text for text in texts if gate.admit(text) is not None]
    block = b"".join(text + b"\n" for text in texts)
    proof = PlainLines(gate).prove(block) if texts and in_c else None
    if proof is not None and not proof.doubtful:
        return proof.batch(0, len(texts), 1)
    return LineBatch(1, list(map(gate.admit, texts)), block, 0, len(block) - 1) if texts else None


@settings(max_examples=200)
@given(ROWS, st.sampled_from([None, 10, 25]), st.booleans(), st.booleans(), st.sampled_from([1, 1 << 30]))
def test_batches_are_counted_like_single_lines(rows, limit, escapes, in_c, by_words_from):
    texts = [json.dumps(row, ensure_ascii=escapes).encode(errors="replace") for row in rows]
    if escapes:
        texts = [text.replace(b'"name"', b'"n\\u0061me"').replace(b'"weight"', b'"\\u0077eight"') for text in texts]
    batch = batch_of(texts, in_c)
    if batch is None:
        return
    counted_by = meter(facts={"max_example_tokens": limit} if limit else {})
    ways = counted_by.measures
    sums = {way.name: TokenTotals() for way in ways}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jsonl_lint.tokens.text.FEW_CHARACTERS", by_words_from)
        patch.setattr("jsonl_lint.tokens.text.MANY_CHARACTERS", by_words_from)
        others = counted_by.count_at_once(batch, sums)
    examples = list(batch)
    wholes = [
        counted_by.counting.counted(examples, counted_by.counting.counters[way.encoding], [way.reading])[0]
        for way in ways
    ]
    kept = [index for index in range(len(batch)) if index not in others]
    for way, whole in zip(ways, wholes, strict=True):
        expected = TokenTotals()
        add_up(expected, [whole[index] for index in kept])
        assert sums[way.name] == expected
        # The rules on lengths see none of them, and all that they would have seen are left.
        assert all(whole[index].kept == whole[index].total for index in kept)
    assert all(talk_of(examples[index].row) is None or is_cut(wholes, index) for index in others)


def is_cut(wholes, index):
    return any(whole[index].kept < whole[index].total for whole in wholes)


def test_batches_are_of_both_kinds():
    said = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    named = {"messages": [{"role": "user", "content": "a", "name": "ann"}, {"role": "assistant", "content": "b"}]}
    lines_of_both = [json.dumps(said).encode(), json.dumps(named).encode()]
    assert isinstance(batch_of(lines_of_both), PlainBatch)
    assert isinstance(batch_of(lines_of_both, in_c=False), LineBatch)
    for in_c in (True, False):
        assert list(meter().count_at_once(batch_of(lines_of_both, in_c), {})) == [1]
        assert list(meter().count_at_once(batch_of(lines_of_both[1:], in_c), {})) == [0]


CONTENTS = st.text(
    st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7fé中😀\u2028a ') | st.characters(exclude_categories=["Cs"]), min_size=1
)


@settings(max_examples=300)
@given(
    st.lists(st.lists(CONTENTS.map("a".__add__), min_size=1, max_size=4), min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_contents_are_what_the_lines_say(conversations, escapes, slashes):
    rows = [
        {"messages": [{"role": role, "content": text} for text in texts for role in ("user", "assistant")]}
        for texts in conversations
    ]
    texts = [json.dumps(row, ensure_ascii=escapes).encode() for row in rows]
    batch = batch_of([text.replace(b"/", b"\\/") if slashes else text for text in texts])
    assert isinstance(batch, PlainBatch)
    contents = batch.contents()
    spans = zip([0, *contents.ends], contents.ends, strict=False)
    said = [contents.together[start:end].decode() for start, end in spans]
    assert said == [message["content"] for row in rows for message in row["messages"]]


def test_a_batch_with_a_text_that_can_not_be_counted_is_left_to_be_looked_at_one_by_one(monkeypatch):
    line = json.dumps({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}).encode()
    batch = batch_of([line] * 3)
    counted_by = meter()

    def fail(_texts):
        raise Uncountable("bad")

    monkeypatch.setattr(counted_by.counting.counters["o200k_base"], "_count_one", fail)
    sums = {}
    assert list(counted_by.count_at_once(batch, sums)) == [0, 1, 2]
    assert sums == {}


def test_without_counting_everything_no_batch_is_counted():
    line = json.dumps({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}).encode()
    assert list(meter(no_tokens=True).count_at_once(batch_of([line] * 3), {})) == [0, 1, 2]
    assert list(meter().count_at_once(batch_of([line] * 3), {})) == []


def test_most_lines_are_plain():
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    named = [{"role": "user", "content": "Hi", "name": "ann"}, said[1]]
    weighted = [said[0], {"role": "assistant", "content": "No", "weight": 0}, *said]
    talks = [talk_of(example.row) for example in lines([{"messages": m} for m in (said, named, weighted)])]
    assert talks == [Talk(["user", "assistant"], ["Hi", "Hello"]), None, None]
    assert talk_of(None) is None


def test_one_that_can_not_be_counted_leaves_the_others():
    class Picky(TextCounter):
        def count_batch(self, texts):
            texts = list(texts)
            if "bad" in texts:
                raise Uncountable("a bad text")
            return super().count_batch(texts)

    rows = [{"messages": [{"role": "assistant", "content": text}]} for text in ("good", "bad", "better")]
    counted_by = meter()
    counted = counted_by.counting.counted(lines(rows), Picky("o200k_base"), [counted_by.measures[0].reading])[0]
    assert [isinstance(tokens, Uncountable) for tokens in counted] == [False, True, False]
    assert [tokens.trained for tokens in (counted[0], counted[2])] == [1, 1]


@pytest.mark.parametrize(("learns", "trained"), [(True, 3), (False, 0)])
def test_sums(learns, trained):
    talk = Talk(["system", "user", "assistant", "assistant"], ["Be brief.", "Why?", "Because.", "Hm"])
    (tokens,) = count_talks([talk], COUNTER, learns=learns)
    assert (tokens.total, tokens.kept, tokens.trained, tokens.untrained) == (27, 27, trained, 0)
    assert tokens.by_role == {"system": 7, "user": 6, "assistant": 11}
