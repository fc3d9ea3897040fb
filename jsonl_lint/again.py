"""Reading some lines of an input once more, in one pass, after the whole of it has gone by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

import msgspec

from jsonl_lint.errors import InputError
from jsonl_lint.overflow import Overflow
from jsonl_lint.source import blocks, open_input

__all__ = ["KEPT_BYTES", "Again", "Kept", "Read", "Reopen", "lines_at", "path_again"]

Read = Callable[[int], bytes]
Reopen = Callable[[], AbstractContextManager[Read]]
"""Opens an input once more and gives the function that reads it."""

# So much of a stream that can't be opened twice is kept.
KEPT_BYTES = 64 << 20


class Again(msgspec.Struct, frozen=True):
    """A line that was read again: its number, its bytes without the line feed, and where they begin and end in the file.

    `end` includes the line feed.
    """

    line: int
    text: bytes
    start: int
    end: int


class Kept:
    """The bytes of a stream as they go by, as long as there are not too many, and there is room for them."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self.limit = limit
        self.data: Overflow | None = Overflow()

    def keep(self, data: bytes) -> None:
        """Keep some more bytes, or give up all."""
        if self.data is None:
            return
        with suppress(OSError):
            self.data.add(data)
            if self.data.size <= self.limit:
                return
        self.data = None

    def reading(self, read: Read) -> Read:
        """The same function, whose bytes are kept."""

        def read_and_keep(size: int) -> bytes:
            data = read(size)
            self.keep(data)
            return data

        return read_and_keep

    @property
    def reopen(self) -> Reopen | None:
        """How to read all of it again, when it has gone by; None if it was too much."""
        data = self.data
        if data is None:
            return None
        try:
            data.settle()
        except OSError:
            return None
        return lambda: nullcontext(reader(data))


def reader(data: Overflow) -> Read:
    """Reads from the beginning on."""
    place = 0

    def read(size: int) -> bytes:
        nonlocal place
        found = data.part(place, size)
        place += len(found)
        return found

    return read


def path_again(path: str) -> Reopen:
    """How to read a path again."""

    @contextmanager
    def opened() -> Iterator[Read]:
        with open_input(path) as source:
            yield source.read

    return opened


def lines_at(reopen: Reopen, path: str, numbers: Iterable[int]) -> Iterator[Again]:
    """The lines of these numbers, which come sorted; `InputError` if the input has become shorter."""
    wanted = iter(numbers)
    number = next(wanted, None)
    if number is None:
        return
    seen, offset = 0, 0
    with reopen() as read:
        for block in blocks(read, path):
            count = block.count(b"\n") + (not block.endswith(b"\n"))
            here: list[int] = []
            while number is not None and number <= seen + count:
                here.append(number)
                number = next(wanted, None)
            if here:
                yield from lines_in(block, here, seen, offset)
            if number is None:
                return
            seen, offset = seen + count, offset + len(block)
    raise InputError(f"{path}: changed while it was read; run again when nothing writes to it")


def lines_in(block: bytes, numbers: Sequence[int], seen: int, offset: int) -> Iterator[Again]:
    """The lines of a block before which `seen` lines and `offset` bytes stand."""
    wanted = set(numbers)
    start = 0
    for line, text in enumerate(block.split(b"\n"), seen + 1):
        end = min(start + len(text) + 1, len(block))
        if line in wanted:
            yield Again(line, text, offset + start, offset + end)
        start = end
