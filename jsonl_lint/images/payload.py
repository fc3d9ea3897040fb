"""The base64 of an image within the bytes of a line: checked block by block, read at any place, never copied as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pybase64

__all__ = ["Payload"]

# A multiple of four, small enough for the processor's cache.
BLOCK = 1 << 16

MISPLACED = "= stands before its end"
FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]")


class Payload:
    """The base64 from `start` up to `stop` of some bytes."""

    def __init__(self, data: bytes | bytearray, start: int, stop: int) -> None:
        self.data = data
        self.start = start
        self.stop = stop
        self.view = memoryview(data)

    @property
    def size(self) -> int:
        """How many bytes it stands for."""
        padding = 2 if self.data.endswith(b"==", self.start, self.stop) else self.data.endswith(b"=", 0, self.stop)
        return (self.stop - self.start) // 4 * 3 - padding

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes of the image from `offset` on; `ValueError` if no base64 stands there."""
        first = self.start + offset // 3 * 4
        last = min(self.start + (offset + count + 2) // 3 * 4, self.start + (self.stop - self.start) // 4 * 4)
        if first >= last:
            return b""
        skipped = offset % 3
        return pybase64.b64decode(self.view[first:last], validate=True)[skipped : skipped + count]

    def blocks(self) -> Iterator[bytes]:
        """The bytes of the image, block by block; `ValueError` where no base64 stands."""
        for at in range(self.start, self.stop, BLOCK):
            end = min(at + BLOCK, self.stop)
            block = pybase64.b64decode(self.view[at:end], validate=True)
            # Only the last block may be padded.
            if end < self.stop and len(block) != BLOCK // 4 * 3:
                raise ValueError(MISPLACED)
            yield block

    def misplaced(self) -> str | None:
        """What is wrong with the length; None if nothing is."""
        length = self.stop - self.start
        if not length:
            return "there is nothing after base64,"
        if length % 4:
            missing = 4 - length % 4
            cause = "its padding is missing, or it is cut off" if missing < 3 else "it is cut off"
            return self.foreign() or f"its length of {length:,} is not a multiple of four: {cause}"
        return None

    def foreign(self) -> str | None:
        """The first character that is none of base64's, or stands where it must not; None if there is none."""
        match = FOREIGN.search(self.data, self.start, self.stop)
        if match is None:
            return MISPLACED if self.data.find(b"=", self.start, self.stop - 2) >= 0 else None
        char = self.data[match.start() : match.start() + 4].decode("utf-8", "ignore")[:1]
        shown = char if char.isprintable() else f"U+{ord(char):04X}" if char else "a byte"
        hint = "; this is the alphabet for URLs, which data URIs do not have" if char in ("-", "_") else ""
        return f"character {match.start() - self.start + 1:,} is {shown or 'a byte'}{hint}"
