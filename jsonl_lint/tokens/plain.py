"""The tokens of plain examples, which most are: conversations of texts alone, for which no outline has to be made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, islice

import msgspec

from jsonl_lint.tokens.example import ExampleTokens
from jsonl_lint.tokens.reading import EXAMPLE_OVERHEAD, MESSAGE_OVERHEAD
from jsonl_lint.tokens.text import TextCounter
from jsonl_lint.tokens.totals import TokenTotals

__all__ = ["Order", "Talk", "Talks", "count_talks", "count_together"]

Order = tuple[str, ...]
"""The roles of a conversation's messages."""


class Talk(msgspec.Struct, frozen=True, gc=False):
    """A conversation: for each message one of `ROLES`, and its text; there are neither names nor weights."""

    roles: Sequence[str]
    texts: Sequence[str]


def count_talks(talks: Sequence[Talk], counter: TextCounter, *, learns: bool) -> list[ExampleTokens]:
    """The tokens of conversations that are not cut, their answers trained where the method `learns` from them.

    `Uncountable` if any can't be counted.
    """
    counts = iter(counter.count_batch([text for talk in talks for text in talk.texts]))
    roles = list({role for talk in talks for role in talk.roles})
    overheads = {role: MESSAGE_OVERHEAD + count for role, count in zip(roles, counter.count_batch(roles), strict=True)}
    return [_added_up(talk.roles, list(islice(counts, len(talk.roles))), overheads, learns) for talk in talks]


def _added_up(roles: Sequence[str], counts: list[int], overheads: dict[str, int], learns: bool) -> ExampleTokens:
    by_role = dict.fromkeys(roles, 0)
    trained = 0
    for role, count in zip(roles, counts, strict=True):
        by_role[role] += overheads[role] + count
        if role == "assistant":
            trained += count
    total = EXAMPLE_OVERHEAD + sum(by_role.values())
    return ExampleTokens(total, total, trained if learns else 0, 0, by_role)


class Talks(msgspec.Struct, frozen=True, gc=False):
    """Conversations that were counted together: the roles of each, the tokens of its texts, and all that it has.

    `overheads` are the tokens that a message of each role has beside its text.
    """

    orders: Sequence[Order]
    counts: Sequence[list[int]]
    totals: Sequence[int]
    overheads: dict[str, int]

    def within(self, limit: int | None, which: list[bool]) -> list[bool]:
        """Which of some of them have no more tokens than a limit."""
        if limit is None or max(self.totals, default=0) <= limit:
            return which
        return [wanted and total <= limit for wanted, total in zip(which, self.totals, strict=True)]

    def chosen(self, which: list[bool]) -> Talks:
        """Some of them."""
        if all(which):
            return self
        return Talks(
            list(compress(self.orders, which)),
            list(compress(self.counts, which)),
            list(compress(self.totals, which)),
            self.overheads,
        )

    def add_to(self, sums: TokenTotals, *, learns: bool) -> None:
        """Add them to sums: as if none were cut, their answers trained where the method `learns` from them."""
        texts = dict.fromkeys(self.overheads, 0)
        messages = dict.fromkeys(self.overheads, 0)
        for order, counts in zip(self.orders, self.counts, strict=True):
            for role, count in zip(order, counts, strict=True):
                texts[role] += count
                messages[role] += 1
        by_role = {role: texts[role] + each * messages[role] for role, each in self.overheads.items() if messages[role]}
        sums.add_whole(self.totals, texts.get("assistant", 0) if learns else 0, by_role)


def count_together(orders: Sequence[Order], counts: Sequence[int], counter: TextCounter) -> Talks:
    """Conversations of which `orders` has the roles, and `counts` the tokens of all texts, one after the other."""
    found = iter(counts)
    own = [list(islice(found, len(order))) for order in orders]
    roles = list({role for order in set(orders) for role in order})
    overheads = {role: MESSAGE_OVERHEAD + count for role, count in zip(roles, counter.count_batch(roles), strict=True)}
    beside = {order: EXAMPLE_OVERHEAD + sum(map(overheads.__getitem__, order)) for order in set(orders)}
    totals = [beside[order] + sum(each) for order, each in zip(orders, own, strict=True)]
    return Talks(orders, own, totals, overheads)
