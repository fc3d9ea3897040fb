"""The tokens of one example: all, those that are billed, those that are learnt, and by role."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from jsonl_lint.targets.model import ImageTokens
from jsonl_lint.tokens.outline import ImageSize, Outline, Step, outline
from jsonl_lint.tokens.reading import Reading
from jsonl_lint.tokens.text import TextCounter, Uncountable

__all__ = ["ExampleTokens", "count_example", "count_examples", "count_readings"]


class ExampleTokens(msgspec.Struct, frozen=True):
    """What an example has, in tokens.

    `total` is everything, images included; `kept` is what is left of it where the example is cut at the model's limit.
    Of the kept tokens, `trained` are those of the answers (content and tool calls of assistant messages), `untrained` those
    of answers with weight 0; `lost` are tokens of other answers that are cut off. The fixed overheads (3 per message, 1 per
    name, 3 per example), roles and names are in `total` and `kept` only. `by_role` adds up to `total` but for the overhead
    per example, tool definitions and bare prompts.
    `estimates` says what of it is no documented rule.
    """

    total: int
    kept: int
    trained: int
    untrained: int
    by_role: dict[str, int]
    images: int = 0
    image_tokens: int = 0
    uncounted_images: int = 0
    estimates: tuple[str, ...] = ()
    lost: int = 0


def count_example(
    value: dict[str, Any],
    method: str,
    counter: TextCounter,
    limit: int | None = None,
    *,
    image_rule: ImageTokens | None = None,
    image_size: ImageSize | None = None,
) -> ExampleTokens:
    """The tokens of one example, which may be malformed in any way; `Uncountable` is all that can be raised.

    Examples for `sft` and `rft` are a conversation (`rft` learns from its grader: nothing of it is trained), read in the order
    tool definitions, messages, 3 tokens that begin the answer; a message's overhead, role and name come before its content.
    For `completion` they are prompt and completion, the latter trained, with no overhead.

    A `dpo` example is two conversations with the same input: the input counts once, each output by itself, both outputs are
    trained. Each conversation is cut at the limit.
    """
    made = outline(value, method, counter.encoding, image_rule, image_size)
    return _added_up(made, iter(counter.count_batch(_texts(made))), limit)


def count_examples(
    values: Sequence[dict[str, Any]],
    method: str,
    counter: TextCounter,
    limit: int | None = None,
    *,
    image_rule: ImageTokens | None = None,
    image_size: ImageSize | None = None,
) -> list[ExampleTokens | Uncountable]:
    """The tokens of many examples, their texts counted in one batch; in the place of one that can't be counted, why."""
    return count_readings(values, method, counter, [Reading(limit, image_rule)], image_size)[0]


def count_readings(
    values: Sequence[dict[str, Any]],
    method: str,
    counter: TextCounter,
    readings: Sequence[Reading],
    image_size: ImageSize | None = None,
) -> list[list[ExampleTokens | Uncountable]]:
    """The same for models of one encoding, each with its own reading of the examples: every text is counted once."""
    rules = {reading.image_rule for reading in readings}
    outlines = {
        rule: [outline(value, method, counter.encoding, rule, image_size) for value in values] for rule in rules
    }
    # Outlines differ in the tokens of images alone: their texts are the same.
    counts = _counts([_texts(made) for made in outlines[readings[0].image_rule]], counter)
    return [
        [
            count if isinstance(count, Uncountable) else _added_up(made, iter(count), reading.limit)
            for made, count in zip(outlines[reading.image_rule], counts, strict=True)
        ]
        for reading in readings
    ]


def _counts(texts: list[list[str]], counter: TextCounter) -> list[list[int] | Uncountable]:
    """The counts of each example's texts, or why it has none."""
    try:
        counts = iter(counter.count_batch([text for own in texts for text in own]))
    except Uncountable:
        return [_alone(own, counter) for own in texts]
    return [list(islice(counts, len(own))) for own in texts]


def _alone(texts: list[str], counter: TextCounter) -> list[int] | Uncountable:
    try:
        return counter.count_batch(texts)
    except Uncountable as error:
        return error


def _texts(made: Outline) -> list[str]:
    return [text for steps in (made.steps, *made.ends) for _, text, _ in steps if isinstance(text, str)]


class _Sums:
    """The sums over the steps of an example, of which only so many tokens are kept."""

    def __init__(self) -> None:
        self.total = 0
        self.kept = 0
        self.shares = {"": 0, "trained": 0, "untrained": 0}
        self.lost = 0
        self.by_role: dict[str, int] = {}

    def add(self, steps: Iterable[Step], counts: Iterator[int], room: int) -> int:
        """Add steps, whose texts have the next of `counts`; the room that they leave is returned."""
        for role, what, share in steps:
            count = what if isinstance(what, int) else next(counts)
            kept = min(count, room)
            room -= kept
            self.total += count
            self.kept += kept
            self.shares[share] += kept
            if kept < count and share == "trained":
                self.lost += count - kept
            self.by_role[role] = self.by_role.get(role, 0) + count
        return room


def _added_up(made: Outline, counts: Iterator[int], limit: int | None) -> ExampleTokens:
    sums = _Sums()
    room = sums.add(made.steps, counts, sys.maxsize if limit is None else limit)
    for end in made.ends:
        sums.add(end, counts, room)
    sums.by_role.pop("", None)
    return ExampleTokens(
        total=sums.total,
        kept=sums.kept,
        trained=sums.shares["trained"],
        untrained=sums.shares["untrained"],
        lost=sums.lost,
        by_role=sums.by_role,
        images=made.images,
        image_tokens=made.image_tokens,
        uncounted_images=made.uncounted_images,
        estimates=tuple(sorted(made.estimates)),
    )
