"""Examples counted: their tokens added up, and those that a model does not take whole told apart."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, cast

from msgspec import UNSET

from jsonl_lint.examples import LineBatch
from jsonl_lint.formats import PlainLine
from jsonl_lint.images import image_size
from jsonl_lint.measure import ExampleLine, Measure, Waiting, measures
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Length
from jsonl_lint.tokens.example import ExampleTokens, count_readings
from jsonl_lint.tokens.plain import Order, Talk, Talks, count_talks, count_together
from jsonl_lint.tokens.reading import Reading
from jsonl_lint.tokens.text import TextCounter, Uncountable
from jsonl_lint.tokens.totals import TokenTotals

if TYPE_CHECKING:
    from jsonl_lint.plain_lines import PlainBatch

__all__ = ["Counters", "Counting", "counters_for"]

Counters = dict[str, TextCounter]
"""What counts tokens, by encoding."""

RARE_KEYS = ("name", "weight")
"""What a plain message may have beside its role and content."""


def counters_for(plan: Plan) -> Counters:
    """What a plan's tokens are counted with."""
    encodings = {way.encoding for way in measures(plan)}
    return {encoding: TextCounter(encoding, sharers=len(encodings)) for encoding in encodings}


class Counting:
    """Counts examples in all the ways that a plan asks for."""

    def __init__(self, plan: Plan, counters: Counters) -> None:
        self.plan = plan
        self.measures = measures(plan)
        self.counters = counters

    def at_once(self, batch: LineBatch | PlainBatch, tokens: dict[str, TokenTotals]) -> Sequence[int]:
        """Add up those of neighbouring lines that are plain and that no model cuts; the indices of all the others."""
        everything = range(len(batch))
        try:
            rows, counted = counted_at_once(batch, self.counters)
        except Uncountable:
            return everything
        fits = [True] * len(rows)
        for way in self.measures:
            fits = counted[way.encoding].within(way.reading.limit, fits)
        for way in self.measures:
            sums = tokens.setdefault(way.name, TokenTotals())
            counted[way.encoding].chosen(fits).add_to(sums, learns=self.plan.method == "sft")
        return sorted(set(everything).difference(compress(rows, fits)))

    def count(self, waiting: Sequence[Waiting], tokens: dict[str, TokenTotals]) -> Iterator[tuple[Waiting, Length]]:
        """Count the waiting examples and add them to the sums; those that rules have to see, in order."""
        examples = [one.example for one in waiting]
        for encoding, counter in self.counters.items():
            ways = [way for way in self.measures if way.encoding == encoding]
            readings = [way.reading for way in ways]
            for way, counted in zip(ways, self.counted(examples, counter, readings), strict=True):
                add_up(tokens.setdefault(way.name, TokenTotals()), counted)
                if way is self.measures[0]:
                    yield from misfits(way, waiting, counted)

    def counted(
        self, examples: Sequence[ExampleLine], counter: TextCounter, readings: Sequence[Reading]
    ) -> list[list[ExampleTokens | Uncountable]]:
        """What each example has in each reading."""
        limit = min((reading.limit for reading in readings if reading.limit is not None), default=sys.maxsize)
        known: dict[int, ExampleTokens | Uncountable] = {}
        known.update(uncut(examples, counter, limit, learns=self.plan.method == "sft"))
        others = [index for index in range(len(examples)) if index not in known]
        values = [examples[index].brief for index in others]
        exact = count_readings(values, self.plan.method, counter, readings, image_size)
        counted = [{**known, **dict(zip(others, tokens, strict=True))} for tokens in exact]
        return [[tokens[index] for index in range(len(examples))] for tokens in counted]


def talking_rows(rows: Sequence[Any]) -> list[int]:
    """Which typed rows are those of plain lines with neither names nor weights."""
    if not all(isinstance(row, PlainLine) for row in rows):
        return [index for index, row in enumerate(rows) if talk_of(row) is not None]
    messages = [message for row in rows for message in row.messages]
    if are_bare(messages):
        return list(range(len(rows)))
    return [index for index, row in enumerate(rows) if are_bare(row.messages)]


def are_bare(messages: Sequence[Any]) -> bool:
    """Whether plain messages have neither names nor weights."""
    return all(
        [getattr(message, key, UNSET) for message in messages].count(UNSET) == len(messages) for key in RARE_KEYS
    )


def counted_at_once(batch: LineBatch | PlainBatch, counters: Counters) -> tuple[Sequence[int], dict[str, Talks]]:
    """Which lines are plain and have neither names nor weights, and how these count, by encoding."""
    contents = None if isinstance(batch, LineBatch) else batch.contents()
    rows: Sequence[int] = talking_rows(batch.rows) if contents is None else range(len(batch))
    orders = cast("list[Order]", [batch.roles[index] for index in rows])
    texts = [message.content for index in rows for message in batch.rows[index].messages] if contents is None else []
    counted = {}
    for name, counter in counters.items():
        counts = (
            counter.count_batch(texts) if contents is None else counter.count_together(contents.together, contents.ends)
        )
        counted[name] = count_together(orders, counts, counter)
    return rows, counted


def uncut(
    examples: Sequence[ExampleLine], counter: TextCounter, limit: int, *, learns: bool
) -> Iterator[tuple[int, ExampleTokens]]:
    """The plain examples that have no more tokens than a limit, by their indices: most, and counted in a simpler way."""
    talks = {index: talk for index, example in enumerate(examples) if (talk := talk_of(example.row)) is not None}
    # Of several examples, it is found out one by one which can't be counted.
    with contextlib.suppress(Uncountable):
        counts = count_talks(list(talks.values()), counter, learns=learns)
        yield from ((index, tokens) for index, tokens in zip(talks, counts, strict=True) if tokens.total <= limit)


def talk_of(row: Any) -> Talk | None:
    """The conversation in the typed row of a plain line; None if it is no such row, or has names or weights."""
    if not isinstance(row, PlainLine):
        return None
    messages = row.messages  # type: ignore[attr-defined]
    if not are_bare(messages):
        return None
    return Talk([message.__struct_config__.tag for message in messages], [message.content for message in messages])


def add_up(totals: TokenTotals, examples: Sequence[ExampleTokens | Uncountable]) -> None:
    """Add examples to their sums."""
    for example in examples:
        if isinstance(example, Uncountable):
            totals.uncountable += 1
        else:
            totals.add(example)


def misfits(
    way: Measure, waiting: Sequence[Waiting], examples: Sequence[ExampleTokens | Uncountable]
) -> Iterator[tuple[Waiting, Length]]:
    """The examples that the model does not take whole, and those that can't be counted."""
    limit = way.reading.limit
    for one, example in zip(waiting, examples, strict=True):
        if isinstance(example, Uncountable):
            yield one, Length(way.name, limit, error=str(example))
        elif example.kept < example.total:
            yield one, Length(way.name, limit, example.total, example.kept, example.trained, example.lost)
