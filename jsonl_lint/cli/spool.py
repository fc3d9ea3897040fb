"""The findings of a run kept on the disk, so that any number of them can be listed in order and in little memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import msgspec

from jsonl_lint.finding import Finding
from jsonl_lint.run import order

__all__ = ["Spool"]

# Up to here they stay in memory.
SMALL = 4 * 1024 * 1024
LENGTH = 4


class Span(msgspec.Struct):
    """Where in the spool findings of one file stand that came in order."""

    start: int
    end: int


class Spool:
    """Findings, added as they are told and given back in the order of a report, as often as is asked.

    What is told of a file while it is gone through comes in order, and so does what is told at its end; the two are merged
    when they are read.
    """

    def __init__(self) -> None:
        self.file: BinaryIO = BytesIO()
        self.is_small = True
        self.files: list[list[Span]] = []
        self.last: Finding | None = None
        self.size = 0

    def add(self, finding: Finding) -> None:
        """Take in one finding."""
        if self.last is None or finding.path != self.last.path:
            self.files.append([Span(self.size, self.size)])
        elif order(finding) < order(self.last):
            self.files[-1].append(Span(self.size, self.size))
        data = packed(finding)
        self.file.write(len(data).to_bytes(LENGTH, "little") + data)
        self.size += LENGTH + len(data)
        self.files[-1][-1].end = self.size
        self.last = finding
        if self.is_small and self.size > SMALL:
            self.move_to_disk()

    def move_to_disk(self) -> None:
        """Put what was in memory into a file without a name."""
        import tempfile

        memory = self.file
        self.file, self.is_small = tempfile.TemporaryFile(), False  # noqa: SIM115
        memory.seek(0)
        self.file.write(memory.read())

    def __iter__(self) -> Iterator[Finding]:
        for spans in self.files:
            yield from heapq.merge(*map(self.read, spans), key=order)

    def read(self, span: Span) -> Iterator[Finding]:
        """The findings of a span, one by one."""
        place = span.start
        while place < span.end:
            self.file.seek(place)
            length = int.from_bytes(self.file.read(LENGTH), "little")
            yield msgspec.msgpack.decode(self.file.read(length), type=Finding)
            place += LENGTH + length

    def close(self) -> None:
        """Let go of what was kept."""
        self.file.close()


def packed(finding: Finding) -> bytes:
    """A finding as bytes; a file's name that is no Unicode is spelled out, as reports show it."""
    try:
        return msgspec.msgpack.encode(finding)
    except UnicodeEncodeError:
        name = finding.path.encode("utf-8", "backslashreplace").decode()
        return msgspec.msgpack.encode(msgspec.structs.replace(finding, path=name))
