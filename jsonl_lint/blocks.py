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
from jsonl_lint.plain import Order, Plain
from jsonl_lint.text import INVISIBLE

__all__ = ["Admitted", "BlockGate"]

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Decode = Callable[[bytes], "list[Any]"]

LINE_FEED, CARRIAGE_RETURN, QUOTE, BACKSLASH = b'\n\r"\\'
OPENING, CLOSING = b"{}"

# How many blocks go by before the decoder for plain lines is tried again where it has failed.
PATIENCE = 16


class Admitted(Struct, frozen=True):
    """A block of lines of one object each: their typed rows, the offsets of their line feeds, and which are in doubt.

    `roles` are the orders of their roles where these were worked out. `crlf` says for each line whether a carriage return
    stands before its line feed.
    """

    rows: list[Any]
    ends: Offsets
    crlf: Flags
    doubtful: list[int]
    roles: list[tuple[str, ...]] | None

    def start(self, index: int) -> int:
        """Where a line begins in the block."""
        return int(self.ends[index - 1]) + 1 if index else 0

    def longest(self, first: int, last: int) -> int:
        """How many bytes the longest of neighbouring lines has."""
        ends = self.ends[first:last]
        others = int((ends[1:] - ends[:-1]).max(initial=0)) - 1
        return max(int(ends[0]) - self.start(first), others)


class Layout(Struct, frozen=True):
    """Where the lines of a block end, how many quotes each has, and in which of them some string may begin unseen."""

    ends: Offsets
    crlf: Flags
    quotes: Offsets
    dim: Offsets


class BlockGate:
    """Admits the lines of a block as the gate does one by one: it may doubt more of them, never fewer."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.decode_any: Decode = msgspec.json.Decoder(gate.row_type).decode_lines
        self.plain = gate.plain
        self.waiting = 0

    def admit(self, block: bytes) -> Admitted | None:
        """The rows of a block that ends with a line feed; None if it holds anything but one good object on each line."""
        if not self.gate.is_open:
            return None
        rows, is_plain = self.decode(block)
        layout = layout_of(block, len(rows)) if rows else None
        if layout is None:
            return None
        if not is_plain:
            return Admitted(rows, layout.ends, layout.crlf, self.doubtful(rows, layout), None)
        assert self.plain is not None
        orders = self.plain.orders(rows)
        doubtful = doubtful_plain(self.plain, rows, orders, layout)
        return Admitted(rows, layout.ends, layout.crlf, doubtful, [order.roles for order in orders])

    def decode(self, block: bytes) -> tuple[list[Any], bool]:
        """The rows of a block, none if they can't be decoded, and whether all are plain.

        Where lines are not plain the faster decoder is not tried on each block in vain.
        """
        if self.plain is not None and not self.waiting:
            if rows := decoded(self.plain.decode_lines, block):
                return rows, True
            self.waiting = PATIENCE
        self.waiting -= self.waiting > 0
        return decoded(self.decode_any, block), False

    def doubtful(self, rows: list[Any], layout: Layout) -> list[int]:
        """Which of these lines are in doubt, looked at one by one."""
        counts = layout.quotes.tolist()
        return [index for index, row in enumerate(rows) if not self.gate.is_good(row, counts[index])]


def doubtful_plain(plain: Plain, rows: list[Any], orders: list[Order], layout: Layout) -> list[int]:
    """Which of these plain lines are in doubt: few need a closer look than at the number of their quotes."""
    wanted = np.fromiter((order.quotes for order in orders), np.intp, len(orders))
    odd = {*np.flatnonzero(wanted != layout.quotes).tolist(), *layout.dim.tolist()}
    return [index for index in sorted(odd) if not plain.is_good(rows[index], orders[index], int(layout.quotes[index]))]


def decoded(decode: Decode, block: bytes) -> list[Any]:
    """The rows of a block; none if they are not of the decoder's type."""
    try:
        return decode(block)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []


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
        quotes = quotes[~escaped]
    # In valid JSON every other quote begins a string.
    return Layout(ends, crlf, counts, np.searchsorted(ends, dim_strings(text, quotes[::2])))


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


def dim_strings(text: Bytes, opening: Offsets) -> Offsets:
    """Which of the strings that open at these quotes may show nothing."""
    first = text.take(opening + 1)
    perhaps = np.flatnonzero(ANY_DIM.take(first))
    if not len(perhaps):
        return perhaps
    chosen = opening[perhaps]
    return chosen[DIM[first[perhaps], text[chosen + 2]]]


def dim_beginnings() -> Flags:
    """For each two bytes, whether a string that begins with them may show nothing: it is empty, or begins unseen."""
    dim = np.zeros((256, 256), np.bool_)
    dim[[QUOTE, BACKSLASH]] = True
    for character in INVISIBLE:
        lead, *rest = character.encode()
        dim[lead, rest[0] if rest else slice(None)] = True
    return dim


DIM = dim_beginnings()
ANY_DIM = np.any(DIM, axis=1)
