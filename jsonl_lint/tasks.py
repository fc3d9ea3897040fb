"""The parts of an input that are checked apart, in whatever process: what is handed out, and what comes of it.

A part of a file is two offsets, so that whoever checks it opens the file. What can be read but once is read by one process,
and its parts are the bytes themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.partial import Partial
from jsonl_lint.source import Identity, LongLine, RangeReader, pieces
from jsonl_lint.targets import Method

__all__ = ["Portion", "Span", "Task", "Work", "check", "portions", "spans"]

# Small enough for all workers to end at about the same time, large enough for what is done once for each part.
SMALLEST_SPAN = 1024 * 1024
LARGEST_SPAN = 16 * 1024 * 1024
SPANS_FOR_EACH = 8

# So much of a stream is handed out at once: memory holds it several times over, on its way.
PORTION_BYTES = 1024 * 1024

# A line of a stream that is longer than this is checked where it was read, since to hand it out takes copies of it.
LARGEST_PORTION = 16 * 1024 * 1024


class Work(msgspec.Struct, frozen=True):
    """What all parts of an input have in common: the plan, in terms of which any process can make it, and the path to report.

    `has_images` says that the first lines have images in data URIs.
    """

    settings: Settings
    method: Method
    path: str
    has_images: bool = False


class Span(msgspec.Struct, frozen=True):
    """The lines of a file that begin from one offset up to another.

    `place` is where the file is opened, which may be elsewhere than at its path in the report.
    """

    place: str
    identity: Identity
    start: int
    end: int


class Portion(msgspec.Struct, frozen=True):
    """Blocks of whole lines out of a stream, one after the other, and the offset of the first of them."""

    offset: int
    blocks: list[bytes]


Task = Span | Portion


def spans(place: str, identity: Identity, size: int, jobs: int) -> list[Span]:
    """Spans that cover so many bytes of a file, several for each job."""
    step = min(max(size // (jobs * SPANS_FOR_EACH), SMALLEST_SPAN), LARGEST_SPAN)
    return [Span(place, identity, start, min(start + step, size)) for start in range(0, size, step)]


def portions(
    work: Work, checker: Checker, stream: Iterable[bytes | LongLine], offset: int
) -> Iterator[Portion | Partial]:
    """Portions of what is left of a stream; in place of a line that is too long for one, what is known of it."""
    blocks: list[bytes] = []
    size = 0
    for piece in stream:
        if len(piece) > LARGEST_PORTION:
            if blocks:
                yield Portion(offset, blocks)
            yield checked(work, checker, offset + size, [piece])
            offset, size, blocks = offset + size + len(piece), 0, []
            continue
        blocks.append(bytes(piece))
        size += len(blocks[-1])
        if size >= PORTION_BYTES:
            yield Portion(offset, blocks)
            offset, size, blocks = offset + size, 0, []
    if blocks:
        yield Portion(offset, blocks)


def check(work: Work, checker: Checker, task: Task, listed: Counter[str] | None = None) -> Partial:
    """What is known of a part of the input.

    `listed` is how many findings of each rule are listed for earlier parts at least; those of this one are added.
    """
    if isinstance(task, Portion):
        return checked(work, checker, task.offset, task.blocks, listed)
    with RangeReader(task.place, task.identity, task.start, task.end) as reader:
        # To find the ends of long lines first takes longer than to put them together.
        stream = pieces(reader.read, work.path) if work.has_images else reader.pieces()
        return checked(work, checker, reader.start, stream, listed)


def checked(
    work: Work,
    checker: Checker,
    offset: int,
    stream: Iterable[bytes | LongLine],
    listed: Counter[str] | None = None,
) -> Partial:
    """What is known of pieces that begin at an offset."""
    listed = Counter() if listed is None else listed
    part = Range(checker.plan, work.path, offset, fast_from=0, checker=checker)
    part.partial.listed = dict(listed)
    for piece in stream:
        part.feed(piece)
    part.partial.listed = {}
    for code, found in part.partial.findings.items():
        listed[code] += len(found)
    return part.partial
