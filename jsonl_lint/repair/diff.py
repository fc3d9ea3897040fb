"""A unified diff, written as the lines go by: of each line it is known whether it changed, so nothing is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from jsonl_lint.repair.sinks import lines_of
from jsonl_lint.source import BLOCK_BYTES

__all__ = ["Diff"]

CONTEXT = 3

# The head of a hunk says how long it is, so that all of it is held until then; a longer one is written as two.
MAX_HUNK = 1000

NO_LINE_END = b"\n\\ No newline at end of file\n"


class Diff:
    """Takes the lines of a file, kept or changed, and writes hunks with up to three lines around each change."""

    def __init__(self, path: str, write: Callable[[bytes], object]) -> None:
        self.path = path
        self.write = write
        self.before: list[bytes] = []
        self.hunk: list[tuple[bytes, bytes]] = []
        self.trailing = 0
        self.old_line = self.new_line = 1
        self.has_begun = False

    def keep(self, lines: bytes) -> None:
        """Lines that stay as they are."""
        if self.hunk:
            first = lines_of(lines, CONTEXT - self.trailing)
            self.hunk += [(b" ", line) for line in first]
            self.trailing += len(first)
            if self.trailing == CONTEXT:
                self.flush()
            lines = lines[sum(map(len, first)) :]
        if not lines:
            return
        count = lines.count(b"\n") + (not lines.endswith(b"\n"))
        self.old_line += count
        self.new_line += count
        self.before = [*self.before, *last_lines(lines)][-CONTEXT:]

    def change(self, old: bytes, new: bytes) -> None:
        """One line and what takes its place."""
        if len(self.hunk) >= MAX_HUNK:
            self.flush()
        if not self.hunk:
            self.old_line -= len(self.before)
            self.new_line -= len(self.before)
            self.hunk = [(b" ", line) for line in self.before]
            self.before = []
        self.trailing = 0
        self.hunk += [(b"-", line) for line in lines_of(old)]
        self.hunk += [(b"+", line) for line in lines_of(new)]

    def whole(self, old: BinaryIO, new: BinaryIO) -> None:
        """All of one seekable file, and all that takes its place."""
        self.begin()
        self.write(f"@@ -{extent(1, line_count(old))} +{extent(1, line_count(new))} @@\n".encode())
        for mark, file in ((b"-", old), (b"+", new)):
            end = b"\n"
            for chunk in chunks_of(file):
                start = mark if end == b"\n" else b""
                end = chunk[-1:]
                self.write(start + chunk[:-1].replace(b"\n", b"\n" + mark) + end)
            if end != b"\n":
                self.write(NO_LINE_END)

    def begin(self) -> None:
        """Write the names of the files, before the first hunk."""
        if not self.has_begun:
            self.write(f"--- {self.path}\n+++ {self.path}\n".encode("utf-8", "surrogateescape"))
            self.has_begun = True

    def flush(self) -> None:
        """Write the hunk in hand."""
        if not self.hunk:
            return
        self.begin()
        old = sum(mark != b"+" for mark, _ in self.hunk)
        new = sum(mark != b"-" for mark, _ in self.hunk)
        self.write(f"@@ -{extent(self.old_line, old)} +{extent(self.new_line, new)} @@\n".encode())
        for mark, line in self.hunk:
            self.write(mark + line if line.endswith(b"\n") else mark + line + NO_LINE_END)
        self.old_line += old
        self.new_line += new
        self.hunk = []
        self.trailing = 0


def extent(start: int, count: int) -> str:
    """The lines of a hunk as its head names them: of none, the line before."""
    return f"{start if count else start - 1},{count}"


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """A seekable file from its start."""
    file.seek(0)
    yield from iter(lambda: file.read(BLOCK_BYTES), b"")


def line_count(file: BinaryIO) -> int:
    """How many lines a seekable file has."""
    count, end = 0, b"\n"
    for chunk in chunks_of(file):
        count, end = count + chunk.count(b"\n"), chunk[-1:]
    return count + (end != b"\n")


def last_lines(text: bytes) -> list[bytes]:
    """The last lines of a text, as many as stand around a change."""
    at = len(text)
    for _ in range(CONTEXT):
        at = text.rfind(b"\n", 0, max(at - 1, 0)) + 1
        if at == 0:
            break
    return lines_of(text[at:])
