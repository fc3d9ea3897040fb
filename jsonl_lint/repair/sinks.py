"""Where repaired lines go: each part of a file is either kept as it was, or comes out changed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import BinaryIO, Protocol

__all__ = ["Dropping", "Headed", "Sink", "Writer", "lines_of"]


class Sink(Protocol):
    """Takes a file part by part, in order; every part is whole lines (the last may lack its line feed)."""

    def keep(self, lines: bytes) -> None:
        """Lines that stay as they are."""

    def change(self, old: bytes, new: bytes) -> None:
        """One line, and the lines that take its place; none if it is empty."""


class Writer:
    """Writes the new lines to a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def keep(self, lines: bytes) -> None:
        """Write the lines."""
        self.file.write(lines)

    def change(self, old: bytes, new: bytes) -> None:
        """Write the new lines."""
        self.file.write(new)


class Headed:
    """Puts what the old file began with before its first line, and what the new one begins with before the new first."""

    def __init__(self, sink: Sink, old: bytes, new: bytes) -> None:
        self.sink = sink
        self.old = old
        self.new = new

    def keep(self, lines: bytes) -> None:
        """Pass lines on, the first of the file with its heads."""
        if self.old or self.new:
            end = lines.find(b"\n") + 1 or len(lines)
            self.change(lines[:end], lines[:end])
            lines = lines[end:]
        if lines:
            self.sink.keep(lines)

    def change(self, old: bytes, new: bytes) -> None:
        """Pass a line on, with the heads if it is the first."""
        old, self.old = self.old + old, b""
        if new:
            new, self.new = self.new + new, b""
        if old == new:
            self.sink.keep(old)
        else:
            self.sink.change(old, new)

    def finish(self) -> None:
        """Keep the head of a file that has no lines."""
        if self.old:
            self.sink.keep(self.old)


class Dropping:
    """Leaves out the lines of the new file that have these numbers, counted from 1."""

    def __init__(self, sink: Sink, numbers: Iterable[int]) -> None:
        self.sink = sink
        self.numbers = sorted(numbers)
        self.line = 0

    def keep(self, lines: bytes) -> None:
        """Pass lines on, those to be dropped as changed into nothing."""
        count = lines.count(b"\n") + (not lines.endswith(b"\n"))
        if not self.holds(self.line + 1, self.line + count):
            self.line += count
            self.sink.keep(lines)
            return
        for line in lines_of(lines):
            self.change(line, line)

    def change(self, old: bytes, new: bytes) -> None:
        """Pass a line on, without those of its new lines that are to be dropped."""
        kept = []
        for line in lines_of(new):
            self.line += 1
            if not self.holds(self.line, self.line):
                kept.append(line)
        left = b"".join(kept)
        if left == old:
            self.sink.keep(old)
        else:
            self.sink.change(old, left)

    def holds(self, first: int, last: int) -> bool:
        """Whether any line from `first` to `last` is to be dropped."""
        return bisect_left(self.numbers, first) < bisect_right(self.numbers, last)


def lines_of(text: bytes, limit: int = -1) -> list[bytes]:
    """The lines of a text, or its first ones, with their line feeds."""
    *lines, rest = text.split(b"\n", limit)
    whole = [line + b"\n" for line in lines]
    is_cut = len(lines) == limit
    return [*whole, rest] if rest and not is_cut else whole
