"""The tokens of the examples of a range: which are counted, in batches, and what the rules on lengths get to see.

Without `--no-tokens` every example is counted. With it those alone that could be longer than the model takes: a token is
at least one byte, so that a line of fewer bytes can't be too long, unless it has images, or tools, whose estimate may be more.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec
from msgspec import UNSET

from jsonl_lint.cost import default_epochs
from jsonl_lint.examples import LineBatch
from jsonl_lint.formats import PlainLine
from jsonl_lint.images import image_size
from jsonl_lint.partial import Partial
from jsonl_lint.parts import Image
from jsonl_lint.pictured import PicturedExample
from jsonl_lint.plan import Plan
from jsonl_lint.rule import JobSize, Length
from jsonl_lint.targets.model import ImageTokens, Model
from jsonl_lint.text import is_utf8
from jsonl_lint.tokens.example import ExampleTokens, Reading, count_readings
from jsonl_lint.tokens.outline import EXAMPLE_OVERHEAD
from jsonl_lint.tokens.pictures import image_tokens
from jsonl_lint.tokens.plain import Order, Talk, Talks, count_talks, count_together
from jsonl_lint.tokens.text import TextCounter, Uncountable
from jsonl_lint.tokens.totals import TokenTotals

if TYPE_CHECKING:
    from jsonl_lint.plain_lines import PlainBatch

__all__ = ["Counters", "Measure", "Meter", "Waiting", "counters_for", "job_size", "measures", "most_tokens"]

Counters = dict[str, TextCounter]
"""What counts tokens, by encoding."""

# Enough for a batch to be shared among threads, few enough to be nothing beside the block that they come from.
BATCH_EXAMPLES = 512
BATCH_BYTES = 1 << 20

# Keys that may be written with escapes; what is found in a text by mistake is counted, which is right in any case.
ESCAPED_LETTER = re.compile(rb"\\u00(?:5[fF]|[67])")

RARE_KEYS = ("name", "weight")
"""What a plain message may have beside its role and content."""

# The most tokens for a byte in the estimate of tools: 11 or so for `{},` in a list of tools, 3 for `1,` in an enum.
TOOL_TOKENS_PER_BYTE = 4


class Measure(msgspec.Struct, frozen=True):
    """One way of counting, and the models that it holds for; the first gives it its name."""

    encoding: str
    reading: Reading
    models: tuple[Model, ...]

    @property
    def name(self) -> str:
        """The key of its sums."""
        return self.models[0].name


def measures(plan: Plan) -> tuple[Measure, ...]:
    """The ways of counting that a plan's models ask for, that of the chosen model first; models without encoding have none."""
    alike: dict[tuple[str, Reading], list[Model]] = {}
    for model in plan.models:
        if model.encoding is not None:
            reading = Reading(plan.token_limit(model), model.image_tokens)
            alike.setdefault((model.encoding, reading), []).append(model)
    return tuple(Measure(encoding, reading, tuple(models)) for (encoding, reading), models in alike.items())


def counters_for(plan: Plan) -> Counters:
    """What a plan's tokens are counted with."""
    encodings = {way.encoding for way in measures(plan)}
    return {encoding: TextCounter(encoding, sharers=len(encodings)) for encoding in encodings}


class ExampleLine(Protocol):
    """An example and the bytes of its line."""

    @property
    def line(self) -> int:
        """The line's number."""

    @property
    def text(self) -> bytes:
        """The line without its line feed."""

    @property
    def row(self) -> Any:
        """The typed row of a line that the gate admitted, else None."""

    @property
    def brief(self) -> Any:
        """The line's JSON value, of images as much as tells their dimensions."""


class Waiting(msgspec.Struct, frozen=True):
    """An example that is to be counted, and the offset of its line in the file."""

    example: ExampleLine
    offset: int


class Meter:
    """Counts the examples of one range. Nothing is loaded before the first one that has to be counted."""

    def __init__(self, plan: Plan, counters: Counters) -> None:
        self.plan = plan
        self.measures = measures(plan)
        self.counters = counters
        self.counts_all = not plan.settings.no_tokens
        self.is_on = bool(self.measures) and (self.counts_all or bool(plan.rules(Length)))
        self.limit = self.measures[0].reading.limit if self.measures else None
        self.waiting: list[Waiting] = []
        self.bytes_waiting = 0

    def add(self, example: ExampleLine, offset: int, partial: Partial) -> None:
        """Put an example, whose line begins at `offset`, among those to be counted, unless it is short for certain."""
        if not self.counts_all:
            most = self.most(example)
            if most is not None and (self.limit is None or most <= self.limit):
                partial.uncounted += most
                return
        self.waiting.append(Waiting(example, offset))
        self.bytes_waiting += example.size if isinstance(example, PicturedExample) else len(example.text)

    def most(self, example: ExampleLine) -> int | None:
        """At least as many tokens as an example has, found without counting; None where that can't be told."""
        if isinstance(example, PicturedExample):
            most = most_tokens_of_texts(example.bare)
            rule = self.measures[0].reading.image_rule
            return None if most is None else most + sum(tokens_of(image, rule) for image in example.images)
        if isinstance(example.row, PlainLine):
            return len(example.text) + EXAMPLE_OVERHEAD
        return most_tokens(example.text)

    def passes_over(self, batch: PlainBatch, partial: Partial) -> bool:
        """Whether plain lines are all short for certain; then they are among those not counted."""
        if self.counts_all or (self.limit is not None and batch.longest + EXAMPLE_OVERHEAD > self.limit):
            return False
        partial.uncounted += batch.size + len(batch) * EXAMPLE_OVERHEAD
        return True

    def count_at_once(self, batch: LineBatch | PlainBatch, tokens: dict[str, TokenTotals]) -> Sequence[int]:
        """Add up those of neighbouring lines that are plain and that no model cuts; the indices of all the others."""
        everything = range(len(batch))
        if not self.counts_all:
            return everything
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

    @property
    def is_full(self) -> bool:
        """Whether enough examples wait to be counted."""
        return len(self.waiting) >= BATCH_EXAMPLES or self.bytes_waiting >= BATCH_BYTES

    def count(self, tokens: dict[str, TokenTotals]) -> Iterator[tuple[Waiting, Length]]:
        """Count the waiting examples and add them to the sums; those that rules have to see, in order."""
        waiting, self.waiting, self.bytes_waiting = self.waiting, [], 0
        if not waiting:
            return
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


def most_tokens(text: bytes) -> int | None:
    """More tokens than the example on a line can have, from its bytes alone; None where they do not tell."""
    return None if b"image_url" in text else most_tokens_of_texts(text)


def most_tokens_of_texts(text: bytes) -> int | None:
    """More tokens than the example on a line can have beside those of its images; None where its bytes do not tell."""
    if b"\\u00" in text and ESCAPED_LETTER.search(text):
        return None
    has_tools = b'"tools"' in text or b'"functions"' in text
    # A byte that is not UTF-8 stands for one character of up to three tokens.
    per_byte = TOOL_TOKENS_PER_BYTE if has_tools or not (text.isascii() or is_utf8(text)) else 1
    return len(text) * per_byte + EXAMPLE_OVERHEAD


def tokens_of(image: Image, rule: ImageTokens | None) -> int:
    """The tokens of an image as they are counted: none where its size is not known."""
    picture = image.picture
    return (image_tokens(picture.width, picture.height, image.detail, rule) or 0) if picture is not None else 0


def job_size(plan: Plan, partial: Partial) -> JobSize | None:
    """The size of a training job on a file, or None where it is not known; then it is said what was not checked."""
    ways = measures(plan)
    totals = partial.tokens.get(ways[0].name, TokenTotals()) if ways else None
    if totals is None or partial.summary.role != "training":
        return None
    if not plan.settings.no_tokens:
        return JobSize(totals.kept, plan.settings.epochs or default_epochs(totals.examples))
    epochs = plan.settings.epochs or default_epochs(partial.summary.examples)
    limit = plan.facts.max_tokens_in_job
    if limit is not None and (totals.kept + partial.uncounted) * epochs > limit:
        partial.unchecked["size of the job in tokens", "not counted (--no-tokens)"] = 1
    return None
