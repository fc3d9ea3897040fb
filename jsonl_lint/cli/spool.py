"""The findings of a run kept on the disk, so that any number of them can be listed in order and in little memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import msgspec

from jsonl_lint.finding import Finding
from jsonl_lint.overflow import Overflow
from jsonl_lint.run import order

__all__ = ["Spool"]

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
        self.data = Overflow()
        self.files: list[list[Span]] = []
        self.last: Finding | None = None

    def add(self, finding: Finding) -> None:
        """Take in one finding."""
        if self.last is None or finding.path != self.last.path:
            self.files.append([Span(self.data.size, self.data.size)])
        elif order(finding) < order(self.last):
            self.files[-1].append(Span(self.data.size, self.data.size))
        data = packed(finding)
        self.data.add(len(data).to_bytes(LENGTH, "little") + data)
        self.files[-1][-1].end = self.data.size
        self.last = finding

    def __iter__(self) -> Iterator[Finding]:
        for spans in self.files:
            yield from heapq.merge(*map(self.read, spans), key=order)

    def read(self, span: Span) -> Iterator[Finding]:
        """The findings of a span, one by one."""
        place = span.start
        while place < span.end:
            length = int.from_bytes(self.data.part(place, LENGTH), "little")
            yield msgspec.msgpack.decode(self.data.part(place + LENGTH, length), type=Finding)
            place += LENGTH + length

    def close(self) -> None:
        """Let go of what was kept."""
        self.data.close()


def packed(finding: Finding) -> bytes:
    """A finding as bytes; a file's name that is no Unicode is spelled out, as reports show it."""
    try:
        return msgspec.msgpack.encode(finding)
    except UnicodeEncodeError:
        name = finding.path.encode("utf-8", "backslashreplace").decode()
        return msgspec.msgpack.encode(msgspec.structs.replace(finding, path=name))
