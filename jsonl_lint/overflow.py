"""Bytes that are added at the end and read anywhere: few of them are in memory, many in a file without a name."""

from __future__ import annotations

import contextlib
import weakref
from io import BytesIO
from typing import BinaryIO

__all__ = ["Overflow"]

# So many are in memory before all of them go to the disk.
IN_MEMORY = 1024 * 1024


class Overflow:
    """A file of its own; `OSError` where the folder for temporary files has no room for it."""

    def __init__(self) -> None:
        self.file: BinaryIO = BytesIO()
        self.size = 0
        self.is_on_disk = False
        self.is_at_end = True

    def add(self, data: bytes) -> None:
        """Add bytes at the end."""
        if not self.is_at_end:
            self.file.seek(self.size)
            self.is_at_end = True
        self.file.write(data)
        self.size += len(data)
        if not self.is_on_disk and self.size > IN_MEMORY:
            self.move_to_disk()

    def move_to_disk(self) -> None:
        """Put what was in memory into a file."""
        import tempfile

        memory = self.file
        self.file, self.is_on_disk = tempfile.TemporaryFile(), True  # noqa: SIM115 - closed at the end of this
        weakref.finalize(self, close, self.file)
        memory.seek(0)
        self.file.write(memory.read())

    def settle(self) -> None:
        """See to it that all is where it can be read."""
        self.file.flush()

    def part(self, start: int, size: int) -> bytes:
        """At most so many bytes from a place on, fewer at the end."""
        self.file.seek(start)
        self.is_at_end = False
        return self.file.read(size)

    def close(self) -> None:
        """Let go of all."""
        close(self.file)


def close(file: BinaryIO) -> None:
    """Close a file of which nothing is wanted any more, though there may be no room for what is still on its way to it."""
    with contextlib.suppress(OSError):
        file.close()
