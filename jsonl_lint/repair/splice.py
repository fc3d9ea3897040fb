"""Fixes put into the bytes of a line."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from jsonl_lint.finding import Edit, Fix

__all__ = ["RuleFix", "apply", "spliced"]


class RuleFix(msgspec.Struct, frozen=True):
    """A fix of a line and the code of the rule that offers it."""

    code: str
    fix: Fix


def spliced(text: bytes, fixes: Iterable[RuleFix]) -> tuple[bytes, list[str]]:
    """The text with the fixes made in it, and their codes.

    Each fix is made whole or not at all. Of two that overlap the first one is made; the other has to be asked for anew.
    """
    edits: list[Edit] = []
    codes: list[str] = []
    last = (-1, -1)
    for offered in sorted(fixes, key=extent):
        start, end = extent(offered)
        if start > last[1] or (start == last[1] and start > last[0]):
            edits.extend(offered.fix.edits)
            codes.append(offered.code)
            last = (start, end)
    return apply(text, edits), codes


def extent(offered: RuleFix) -> tuple[int, int]:
    """From where to where a fix changes its line."""
    return min(edit.start for edit in offered.fix.edits), max(edit.end for edit in offered.fix.edits)


def apply(text: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with edits made in it, of which no two overlap."""
    pieces: list[bytes] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    return b"".join([*pieces, text[position:]])
