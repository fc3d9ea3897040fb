"""A long array of numbers, of which a bounded part is in memory: what goes beyond that is in a file without a name."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from jsonl_lint.errors import InputError

__all__ = ["CHUNK", "LongArray"]

# So many numbers are in memory before the first of them go to the disk, and so many from then on.
KEPT = 1 << 19
CHUNK = 1 << 17


class LongArray:
    """Numbers of 64 bits, added at the end and read in order; in between nothing is ever changed.

    They are added in memory; `settle` is called now and then, when all that belongs together has been added.
    """

    itemsize = 8

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.tail = array("Q", numbers)
        self.stored = 0
        self.file: BinaryIO | None = None

    def __len__(self) -> int:
        return self.stored + len(self.tail)

    def __iter__(self) -> Iterator[int]:
        for chunk in self.chunks():
            yield from chunk

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LongArray) or len(self) != len(other):
            return False
        return all(own == others for own, others in zip(self.chunks(), other.chunks(), strict=True))

    # It changes; nobody may take it for a key.
    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return LongArray, (self.part(0, len(self)),)

    def append(self, number: int) -> None:
        """Add a number."""
        self.tail.append(number)

    def extend(self, numbers: Iterable[int]) -> None:
        """Add several numbers."""
        self.tail.extend(numbers)

    def frombytes(self, data: bytes) -> None:
        """Add the numbers that some bytes are, in this machine's order."""
        self.tail.frombytes(data)

    @property
    def is_full(self) -> bool:
        """Whether there is too much in memory."""
        return len(self.tail) > (KEPT if self.file is None else CHUNK)

    def settle(self) -> None:
        """Put on the disk what is too much for memory; `InputError` if there is no room, and then all is still in memory."""
        if not self.is_full:
            return
        try:
            self.store()
        except OSError as error:
            raise InputError(
                f"the fingerprints of the examples, for which memory is too small, can't be put in the folder for temporary "
                f"files: {error.strerror}; set TMPDIR to a folder with more room"
            ) from error
        self.stored += len(self.tail)
        self.tail = array("Q")

    def store(self) -> None:
        """Write what is in memory behind what is on the disk."""
        import tempfile

        if self.file is None:
            self.file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed at the end of this
            weakref.finalize(self, self.file.close)
        self.file.seek(self.stored * self.itemsize)
        left = memoryview(self.tail).cast("B")
        while left:
            left = left[self.file.write(left) :]

    def part(self, start: int, end: int) -> array[int]:
        """The numbers from one place up to another."""
        found = array("Q")
        if self.file is not None and start < self.stored:
            self.file.seek(start * self.itemsize)
            wanted = (min(end, self.stored) - start) * self.itemsize
            while wanted > 0 and (data := self.file.read(wanted)):
                found.frombytes(data)
                wanted -= len(data)
        found += self.tail[max(start - self.stored, 0) : max(end - self.stored, 0)]
        return found

    def chunks(self, size: int = CHUNK) -> Iterator[array[int]]:
        """All numbers in order, so many at once."""
        for start in range(0, len(self), size):
            yield self.part(start, start + size)

    def replaced(self, changes: Iterable[tuple[int, int]]) -> LongArray:
        """A copy with other numbers at some places, which come in order with the numbers."""
        made = LongArray()
        coming = iter(changes)
        place, number = next(coming, (-1, 0))
        for chunk in self.chunks():
            start = len(made)
            while start <= place < start + len(chunk):
                chunk[place - start] = number
                place, number = next(coming, (-1, 0))
            made.extend(chunk)
            made.settle()
        return made
