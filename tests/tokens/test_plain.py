"""Plain conversations are counted as any example is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonl_lint.config import Settings
from jsonl_lint.examples import LineExample
from jsonl_lint.gate import Gate
from jsonl_lint.meter import Meter, counters_for, talk_of
from jsonl_lint.plan import make_plan
from jsonl_lint.tokens.example import count_readings
from jsonl_lint.tokens.plain import Talk, count_talks
from jsonl_lint.tokens.text import TextCounter, Uncountable

MESSAGES = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant"]), "content": st.text(min_size=1, max_size=20)},
    optional={"name": st.sampled_from(["ann", "bob_2"]), "weight": st.sampled_from([0, 1])},
)
ROWS = st.lists(st.fixed_dictionaries({"messages": st.lists(MESSAGES, max_size=5)}), max_size=6)
COUNTER = TextCounter("o200k_base")


def meter(method="sft", **options):
    plan = make_plan(Settings(method=method, **options), method)
    return Meter(plan, counters_for(plan))


def lines(rows, method="sft"):
    gate = Gate(make_plan(Settings(ignore=("ALL",)), method))
    texts = [json.dumps(row).encode() for row in rows]
    return [LineExample(number, text, gate.admit(text)) for number, text in enumerate(texts, 1)]


@settings(max_examples=150)
@given(ROWS, st.sampled_from(["sft", "rft"]), st.sampled_from([None, 10, 25]))
def test_plain_lines_are_counted_like_all_others(rows, method, limit):
    counting = meter(method, facts={"max_example_tokens": limit} if limit else {})
    readings = [way.reading for way in counting.measures]
    expected = count_readings(rows, method, COUNTER, readings)
    assert counting.counted(lines(rows, method), COUNTER, readings) == expected


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
    counting = meter()
    counted = counting.counted(lines(rows), Picky("o200k_base"), [counting.measures[0].reading])[0]
    assert [isinstance(tokens, Uncountable) for tokens in counted] == [False, True, False]
    assert [tokens.trained for tokens in (counted[0], counted[2])] == [1, 1]


@pytest.mark.parametrize(("learns", "trained"), [(True, 3), (False, 0)])
def test_sums(learns, trained):
    talk = Talk(["system", "user", "assistant", "assistant"], ["Be brief.", "Why?", "Because.", "Hm"])
    (tokens,) = count_talks([talk], COUNTER, learns=learns)
    assert (tokens.total, tokens.kept, tokens.trained, tokens.untrained) == (27, 27, trained, 0)
    assert tokens.by_role == {"system": 7, "user": 6, "assistant": 11}
