"""The tokens of the examples of a range: which are counted, in batches, and what the rules on lengths get to see.

Without `--no-tokens` every example is counted. With it those alone that could be longer than the model takes: a token is
at least one byte, so that a line of fewer bytes can't be too long, unless it has images, or tools, whose estimate may be more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from jsonl_lint.cost import default_epochs
from jsonl_lint.formats import PlainLine
from jsonl_lint.images import MARK
from jsonl_lint.measure import UNSIZED, ExampleLine, Waiting, measures
from jsonl_lint.partial import Partial
from jsonl_lint.parts import Image
from jsonl_lint.pictured import PicturedExample
from jsonl_lint.plan import Plan
from jsonl_lint.rule import JobSize, Length
from jsonl_lint.targets import Method
from jsonl_lint.text import is_utf8
from jsonl_lint.tokens.pictures import image_tokens
from jsonl_lint.tokens.reading import EXAMPLE_OVERHEAD
from jsonl_lint.tokens.totals import TokenTotals

if TYPE_CHECKING:
    from jsonl_lint.counting import Counters, Counting
    from jsonl_lint.examples import LineBatch
    from jsonl_lint.plain_lines import PlainBatch

__all__ = ["Meter", "job_size", "most_tokens"]

# Enough for a batch to be shared among threads, few enough to be nothing beside the block that they come from.
BATCH_EXAMPLES = 512
BATCH_BYTES = 1 << 20

# Keys that may be written with escapes; what is found in a text by mistake is counted, which is right in any case.
ESCAPED_LETTER = rb"\\u00(?:5[fF]|[67])"

# The most tokens for a byte in the estimate of tools: 11 or so for `{},` in a list of tools, 3 for `1,` in an enum.
TOOL_TOKENS_PER_BYTE = 4


class Meter:
    """Counts the examples of one range. Nothing is loaded before the first one that has to be counted."""

    def __init__(self, plan: Plan, counters: Callable[[], Counters]) -> None:
        self.plan = plan
        self.measures = measures(plan)
        self.counters = counters
        self.counts_all = not plan.settings.no_tokens
        self.is_on = bool(self.measures) and (self.counts_all or plan.calls(Length))
        self.limit = self.measures[0].reading.limit if self.measures else None
        self.waiting: list[Waiting] = []
        self.bytes_waiting = 0

    def add(self, example: ExampleLine, offset: int, partial: Partial) -> None:
        """Put an example, whose line begins at `offset`, among those to be counted, unless it is short for certain."""
        if not self.counts_all:
            most = self.most(example)
            if most is not None and (self.limit is None or most <= self.limit):
                partial.uncounted += most
                self.note_unsized(example, partial)
                return
        self.waiting.append(Waiting(example, offset))
        self.bytes_waiting += example.size if isinstance(example, PicturedExample) else len(example.text)

    def most(self, example: ExampleLine) -> int | None:
        """At least as many tokens as an example has, found without counting; None where that can't be told."""
        if example.bare is not None:
            most = most_tokens_of_texts(example.bare)
            return None if most is None else most + sum(self.tokens_of(image) or 0 for image in example.images)
        if isinstance(example.row, PlainLine):
            return len(example.text) + EXAMPLE_OVERHEAD
        return most_tokens(example.text, self.plan.method)

    def note_unsized(self, example: ExampleLine, partial: Partial) -> None:
        """Note how many images of an example have an unknown size, and so an unknown number of tokens."""
        if b"image_url" not in (example.text if example.bare is None else example.bare):
            return
        unsized = example.pictures - sum(self.tokens_of(image) is not None for image in example.images)
        if unsized:
            partial.omit(*UNSIZED, unsized)

    def tokens_of(self, image: Image) -> int | None:
        """The tokens of an image; None where its size is not known."""
        picture, rule = image.picture, self.measures[0].reading.image_rule
        return None if picture is None else image_tokens(picture.width, picture.height, image.detail, rule)

    def passes_over(self, batch: PlainBatch, partial: Partial) -> bool:
        """Whether plain lines are all short for certain; then they are among those not counted."""
        if self.counts_all or (self.limit is not None and batch.longest + EXAMPLE_OVERHEAD > self.limit):
            return False
        partial.uncounted += batch.size + len(batch) * EXAMPLE_OVERHEAD
        return True

    @cached_property
    def counting(self) -> Counting:
        """What counts; what it needs takes a while to import."""
        from jsonl_lint.counting import Counting

        return Counting(self.plan, self.counters())

    def count_at_once(self, batch: LineBatch | PlainBatch, tokens: dict[str, TokenTotals]) -> Sequence[int]:
        """Add up those of neighbouring lines that are plain and that no model cuts; the indices of all the others."""
        return self.counting.at_once(batch, tokens) if self.counts_all else range(len(batch))

    @property
    def is_full(self) -> bool:
        """Whether enough examples wait to be counted."""
        return len(self.waiting) >= BATCH_EXAMPLES or self.bytes_waiting >= BATCH_BYTES

    def count(self, tokens: dict[str, TokenTotals]) -> Iterator[tuple[Waiting, Length]]:
        """Count the waiting examples and add them to the sums; those that rules have to see, in order."""
        waiting, self.waiting, self.bytes_waiting = self.waiting, [], 0
        if waiting:
            yield from self.counting.count(waiting, tokens)


def most_tokens(text: bytes, method: Method) -> int | None:
    """More tokens than the example on a line can have, from its bytes alone; None where they do not tell.

    Images that are elsewhere are of unknown size, and have none.
    """
    if b"image_url" in text and (b"\\u00" in text or MARK in text or method not in ("sft", "rft")):
        return None
    return most_tokens_of_texts(text)


def most_tokens_of_texts(text: bytes) -> int | None:
    """More tokens than the example on a line can have beside those of its images; None where its bytes do not tell."""
    if b"\\u00" in text and re.search(ESCAPED_LETTER, text):
        return None
    has_tools = b'"tools"' in text or b'"functions"' in text
    # A byte that is not UTF-8 stands for one character of up to three tokens.
    per_byte = TOOL_TOKENS_PER_BYTE if has_tools or not is_utf8(text) else 1
    return len(text) * per_byte + EXAMPLE_OVERHEAD


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
