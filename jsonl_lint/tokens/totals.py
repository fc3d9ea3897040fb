"""The tokens of many examples added up: sums, the distribution of lengths, and what could not be counted.

Adding is associative and commutative: parts merged in any order give what one pass gives. Memory does not grow with the
number of examples: lengths below 65,536 are counted each by itself, longer ones in steps of less than 0.1 % of their length.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from jsonl_lint.tokens.example import ExampleTokens

__all__ = ["EXACT_BELOW", "RELATIVE_ERROR", "Bin", "TokenTotals"]

EXACT_BELOW = 1 << 16
"""Lengths below this are told apart exactly."""

_Key = TypeVar("_Key", int, str)

_STEPS = 1 << 10
RELATIVE_ERROR = 1 / _STEPS
"""By how much of its length, at most, a longer example is taken for shorter in `quantile` and `histogram`."""


class Bin(msgspec.Struct, frozen=True):
    """How many examples have from `low` up to but not including `high` tokens."""

    low: int
    high: int
    count: int


class TokenTotals(msgspec.Struct):
    """Sums over examples. `kept` is what is billed per epoch; `over_long` counts the examples that are cut at the limit.

    `uncountable` counts examples that are in no sum, `uncounted_images` the images that are not in the sums, `estimates` the
    examples that each estimate concerns.
    """

    examples: int = 0
    total: int = 0
    kept: int = 0
    trained: int = 0
    untrained: int = 0
    images: int = 0
    image_tokens: int = 0
    over_long: int = 0
    uncountable: int = 0
    uncounted_images: int = 0
    min: int | None = None
    max: int | None = None
    by_role: dict[str, int] = msgspec.field(default_factory=dict)
    estimates: dict[str, int] = msgspec.field(default_factory=dict)
    lengths: dict[int, int] = msgspec.field(default_factory=dict)

    def add(self, example: ExampleTokens) -> None:
        """Add one example."""
        self.examples += 1
        self.total += example.total
        self.kept += example.kept
        self.trained += example.trained
        self.untrained += example.untrained
        self.images += example.images
        self.image_tokens += example.image_tokens
        self.over_long += example.kept < example.total
        self.uncounted_images += example.uncounted_images
        self.min = example.total if self.min is None else min(self.min, example.total)
        self.max = example.total if self.max is None else max(self.max, example.total)
        _add_counts(self.by_role, example.by_role)
        for estimate in example.estimates:
            self.estimates[estimate] = self.estimates.get(estimate, 0) + 1
        length = _step(example.total)
        self.lengths[length] = self.lengths.get(length, 0) + 1

    def add_whole(self, totals: Sequence[int], trained: int, by_role: Mapping[str, int]) -> None:
        """Add examples of texts that are not cut: of each all tokens, of all together those trained and those by role."""
        if not totals:
            return
        total = sum(totals)
        self.examples += len(totals)
        self.total += total
        self.kept += total
        self.trained += trained
        self.min = min(totals) if self.min is None else min(self.min, *totals)
        self.max = max(totals) if self.max is None else max(self.max, *totals)
        _add_counts(self.by_role, by_role)
        _add_counts(self.lengths, Counter(map(_step, totals)))

    def merge(self, other: TokenTotals) -> None:
        """Add what another part of the examples came to."""
        self.examples += other.examples
        self.total += other.total
        self.kept += other.kept
        self.trained += other.trained
        self.untrained += other.untrained
        self.images += other.images
        self.image_tokens += other.image_tokens
        self.over_long += other.over_long
        self.uncountable += other.uncountable
        self.uncounted_images += other.uncounted_images
        self.min = min((least for least in (self.min, other.min) if least is not None), default=None)
        self.max = max((most for most in (self.max, other.max) if most is not None), default=None)
        _add_counts(self.by_role, other.by_role)
        _add_counts(self.estimates, other.estimates)
        _add_counts(self.lengths, other.lengths)

    @property
    def exact(self) -> bool:
        """Whether the sums hold every example and image, and rest on documented rules alone."""
        return not (self.estimates or self.uncountable or self.uncounted_images)

    @property
    def mean(self) -> float | None:
        """The mean length, or None without examples."""
        return self.total / self.examples if self.examples else None

    def quantile(self, percent: int) -> int | None:
        """The least length that at least `percent` of the examples do not exceed (nearest rank), or None without examples.

        Exact below 65,536; a longer length is given at most 0.1 % too short.
        """
        rank = max(math.ceil(self.examples * percent / 100), 1)
        for length in sorted(self.lengths):
            rank -= self.lengths[length]
            if rank <= 0:
                return length
        return None

    def histogram(self) -> list[Bin]:
        """The distribution of lengths in bins, each up to twice as long as the one before, from the shortest to the longest."""
        counts: dict[int, int] = {}
        for length, count in self.lengths.items():
            counts[length.bit_length()] = counts.get(length.bit_length(), 0) + count
        if not counts:
            return []
        return [Bin((1 << bits) // 2, 1 << bits, counts.get(bits, 0)) for bits in range(min(counts), max(counts) + 1)]


def _step(length: int) -> int:
    """The least length that is counted together with this one."""
    if length < EXACT_BELOW:
        return length
    unit = length.bit_length() - _STEPS.bit_length()
    return length >> unit << unit


def _add_counts(own: dict[_Key, int], other: Mapping[_Key, int]) -> None:
    for key, count in other.items():
        own[key] = own.get(key, 0) + count
