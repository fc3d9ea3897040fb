"""The tokens of plain examples, which most are: conversations of texts alone, for which no outline has to be made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import msgspec

from jsonl_lint.tokens.example import ExampleTokens
from jsonl_lint.tokens.outline import EXAMPLE_OVERHEAD, MESSAGE_OVERHEAD
from jsonl_lint.tokens.text import TextCounter

__all__ = ["Talk", "count_talks"]


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
