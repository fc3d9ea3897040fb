"""Totals are the same however the examples are divided."""

import math
import pickle
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.tokens.example import ExampleTokens
from jsonl_lint.tokens.totals import EXACT_BELOW, RELATIVE_ERROR, Bin, TokenTotals

LENGTHS = st.integers(0, 300) | st.integers(EXACT_BELOW - 3, 1 << 40)


def with_length(length, kept=None):
    return ExampleTokens(length, length if kept is None else kept, length // 2, 1, {"user": length}, 1, 2, 0, ("e",))


EXAMPLES = st.builds(
    ExampleTokens,
    total=LENGTHS,
    kept=st.integers(0, 300),
    trained=st.integers(0, 99),
    untrained=st.integers(0, 99),
    by_role=st.dictionaries(st.sampled_from(["user", "assistant"]), st.integers(0, 99)),
    images=st.integers(0, 3),
    image_tokens=st.integers(0, 99),
    uncounted_images=st.integers(0, 3),
    estimates=st.lists(st.sampled_from(["a", "b"]), unique=True).map(tuple),
)


def added(examples):
    totals = TokenTotals()
    for example in examples:
        totals.add(example)
    return totals


@given(st.lists(st.lists(EXAMPLES, max_size=4), max_size=5), st.randoms(use_true_random=False))
def test_merging_parts_in_any_order_is_one_pass(parts, chance):
    waiting = [added(part) for part in parts] + [TokenTotals()]
    while len(waiting) > 1:
        chance.shuffle(waiting)
        right = pickle.loads(pickle.dumps(waiting.pop()))
        waiting[0].merge(right)
    assert waiting[0] == added([example for part in parts for example in part])


def test_sums():
    totals = added([with_length(10), with_length(30, kept=20)])
    assert (totals.examples, totals.total, totals.kept, totals.trained, totals.untrained) == (2, 40, 30, 20, 2)
    assert (totals.min, totals.mean, totals.max, totals.over_long) == (10, 20.0, 30, 1)
    assert (totals.images, totals.image_tokens, totals.by_role, totals.estimates) == (2, 4, {"user": 40}, {"e": 2})


def test_no_example():
    totals = TokenTotals()
    assert [totals.min, totals.mean, totals.quantile(50), totals.max] == [None] * 4
    assert totals.histogram() == []


@given(st.lists(LENGTHS, min_size=1), st.integers(1, 100))
def test_quantiles_are_nearest_ranks(lengths, percent):
    found = added(map(with_length, lengths)).quantile(percent)
    true = sorted(lengths)[math.ceil(len(lengths) * percent / 100) - 1]
    assert found <= true
    assert found == true if true < EXACT_BELOW else true - found < RELATIVE_ERROR * true


@given(st.lists(st.integers(0, 500), min_size=1))
def test_median(lengths):
    assert added(map(with_length, lengths)).quantile(50) == statistics.median_low(lengths)


def test_memory_does_not_grow_with_the_lengths():
    totals = added(with_length(EXACT_BELOW + 7 * number) for number in range(20_000))
    assert len(totals.lengths) < 2 * 1024


def test_histogram():
    totals = added(map(with_length, [5, 8, 9, 15, 40, 40]))
    assert totals.histogram() == [Bin(4, 8, 1), Bin(8, 16, 3), Bin(16, 32, 0), Bin(32, 64, 2)]
    assert added([with_length(0)]).histogram() == [Bin(0, 1, 1)]


@given(st.lists(LENGTHS))
def test_histogram_holds_every_example(lengths):
    totals = added(map(with_length, lengths))
    for bin_ in totals.histogram():
        assert bin_.count == sum(bin_.low <= length < bin_.high for length in lengths)


@pytest.mark.parametrize(("field", "value"), [("uncountable", 1), ("uncounted_images", 1), ("estimates", {"e": 1})])
def test_exact(field, value):
    assert TokenTotals().exact
    assert not TokenTotals(**{field: value}).exact
