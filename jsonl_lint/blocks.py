"""The fast way for many lines at once: whole blocks are decoded, and what no decoder shows is proved by counting in bulk.

`decode_lines` also takes blank lines, two objects on a line and objects over several lines; and no decoder shows a key that
stands twice. Both are excluded by the bytes alone: how lines begin and end, and how many quotes each holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from jsonl_lint.gate import Gate

__all__ = ["Admitted", "BlockGate"]

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

LINE_FEED, CARRIAGE_RETURN, QUOTE, BACKSLASH = b'\n\r"\\'
OPENING, CLOSING = b"{}"


class Admitted(Struct, frozen=True):
    """A block of lines of one object each: their typed rows, the offsets of their line feeds, and which are in doubt.

    `crlf` says for each line whether a carriage return stands before its line feed.
    """

    rows: list[Any]
    ends: Offsets
    crlf: Flags
    doubtful: list[int]

    def start(self, index: int) -> int:
        """Where a line begins in the block."""
        return int(self.ends[index - 1]) + 1 if index else 0


class Layout(Struct, frozen=True):
    """Where the lines of a block end, and how many quotes each has."""

    ends: Offsets
    crlf: Flags
    quotes: Offsets


class BlockGate:
    """Admits the lines of a block as the gate does one by one: it may doubt more of them, never fewer."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.decode: Callable[[bytes], list[Any]] = msgspec.json.Decoder(gate.row_type).decode_lines

    def admit(self, block: bytes) -> Admitted | None:
        """The rows of a block that ends with a line feed; None if it holds anything but one good object on each line."""
        if not self.gate.is_open:
            return None
        try:
            rows = self.decode(block)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        layout = layout_of(block, len(rows)) if rows else None
        if layout is None:
            return None
        counts = layout.quotes.tolist()
        doubtful = [index for index, row in enumerate(rows) if not self.gate.is_good(row, counts[index])]
        return Admitted(rows, layout.ends, layout.crlf, doubtful)


def layout_of(block: bytes, rows: int) -> Layout | None:
    """The layout of a block that decodes into so many rows; None if it is not one object on each line.

    Every line begins and ends with a bracket of an object. Inside a value a comma would have to stand between two such, so
    that each line feed stands between two values; with as many lines as values there is one on each.
    """
    text = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero((text == LINE_FEED) | (text == QUOTE))
    is_end = text[marks] == LINE_FEED
    places = np.flatnonzero(is_end)
    ends = marks[places]
    if len(ends) != rows or ends[-1] != len(block) - 1:
        return None
    crlf = text[ends - 1] == CARRIAGE_RETURN
    last = text[ends - 1 - crlf]
    if text[0] != OPENING or not (last == CLOSING).all() or not (text[ends[:-1] + 1] == OPENING).all():
        return None
    quotes = marks[~is_end]
    counts = places - 1
    counts[1:] -= places[:-1]
    counts[0] += 1
    escaped = are_escaped(block, text, quotes)
    if escaped.any():
        counts -= np.bincount(np.searchsorted(ends, quotes[escaped]), minlength=rows)
    return Layout(ends, crlf, counts)


def are_escaped(block: bytes, text: Bytes, quotes: Offsets) -> Flags:
    """Which quotes are escaped: those after an odd number of backslashes."""
    escaped: Flags = text[quotes - 1] == BACKSLASH
    for index in np.flatnonzero(escaped & (text[quotes - 2] == BACKSLASH)):
        escaped[index] = backslashes(block, int(quotes[index])) % 2 == 1
    return escaped


def backslashes(block: bytes, end: int) -> int:
    """How many backslashes stand right before an offset."""
    start = end
    while block[start - 1] == BACKSLASH:
        start -= 1
    return end - start
