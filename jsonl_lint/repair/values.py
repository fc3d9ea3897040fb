"""The values of a JSON array, or of JSON printed over many lines, one by one and each on one line.

The text is gone through in chunks, so that memory holds one value. Each value keeps its own spelling; only white space
with a line end in it goes, or becomes one blank where a comma or colon stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jsonl_lint.errors import InputError
from jsonl_lint.source import MAX_LINE_BYTES

__all__ = ["values"]

TO_MARK = re.compile(rb'[^"\[\]{},\r\n]*')
TO_END = re.compile(rb'[^"\\\r\n]*')
BLANKS = re.compile(rb"[ \t\r\n]*")
OPENERS, CLOSERS = b"[{", b"]}"
LINE_ENDS = b"\r\n"


def values(chunks: Iterable[bytes], path: str, is_array: bool) -> Iterator[bytes]:
    """The values in order; `InputError` where the text can't be taken apart without losing something."""
    splitter = Splitter(path, is_array)
    for chunk in chunks:
        yield from splitter.feed(chunk)
    yield from splitter.finish()


class Splitter:
    """Takes the text of a file apart. `depth` counts the open brackets, the array's own left out."""

    def __init__(self, path: str, is_array: bool) -> None:
        self.path = path
        self.is_array = is_array
        self.value = bytearray()
        self.depth = 0
        self.offset = 0
        self.in_string = False
        self.is_escaped = False
        self.skips_blanks = True
        self.is_open = False
        self.is_closed = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take in a chunk of the text; the values that end in it."""
        at = 0
        while at < len(chunk):
            if self.in_string:
                at = self.string(chunk, at)
            elif self.skips_blanks and chunk[at] in b" \t\r\n":
                at = BLANKS.match(chunk, at).end()  # type: ignore[union-attr]
            else:
                at, found = self.between(chunk, at)
                if found is not None:
                    yield found
        self.offset += len(chunk)
        if len(self.value) > MAX_LINE_BYTES:
            raise self.error("a value is longer than 1 GiB", 0)

    def string(self, chunk: bytes, at: int) -> int:
        """Read on in a string: the offset behind what was read."""
        if self.is_escaped:
            self.value += chunk[at : at + 1]
            self.is_escaped = False
            return at + 1
        end = TO_END.match(chunk, at).end()  # type: ignore[union-attr]
        self.value += chunk[at : end + 1]
        if end == len(chunk):
            return end
        if chunk[end] in LINE_ENDS:
            raise self.error("a raw line end inside a string", end)
        self.is_escaped = chunk[end] == 0x5C
        self.in_string = self.is_escaped
        return end + 1

    def between(self, chunk: bytes, at: int) -> tuple[int, bytes | None]:
        """Read on outside of strings: the offset behind what was read, and the value that it ends."""
        end = TO_MARK.match(chunk, at).end()  # type: ignore[union-attr]
        if end > at:
            self.add(chunk[at:end], end - 1)
            return end, None
        mark = chunk[at : at + 1]
        if mark in LINE_ENDS:
            return at + 1, self.line_end()
        if self.depth == 0 and self.is_array and (found := self.own_mark(mark, at)) is not None:
            return at + 1, found or None
        self.add(mark, at)
        if mark == b'"':
            self.in_string = True
        elif mark in OPENERS:
            self.depth += 1
        elif mark in CLOSERS:
            if self.depth == 0:
                raise self.error("a closing bracket that nothing has opened", at)
            self.depth -= 1
            if self.depth == 0 and not self.is_array:
                return at + 1, self.taken()
        return at + 1, None

    def add(self, piece: bytes, at: int) -> None:
        """Add a piece to the value in hand."""
        if self.is_closed or (self.is_array and not self.is_open):
            raise self.error("something stands outside of the array", at)
        self.value += b" " + piece if bytes(self.value[-1:]) in (b",", b":") and self.skips_blanks else piece
        self.skips_blanks = False

    def own_mark(self, mark: bytes, at: int) -> bytes | None:
        """Take in a bracket or comma of the array itself: the value that it ends; None if it is none of those."""
        if mark == b"[" and not self.is_open:
            self.is_open = True
            return b""
        if not self.is_open or self.is_closed or mark not in b",]":
            return None
        self.is_closed = mark == b"]"
        return self.taken()

    def line_end(self) -> bytes | None:
        """Take in a line end: the value that it ends, where that has no brackets that could."""
        while bytes(self.value[-1:]) in (b" ", b"\t"):
            self.value.pop()
        self.skips_blanks = True
        return self.taken() or None if self.depth == 0 and not self.is_array else None

    def taken(self) -> bytes:
        """The value in hand, which is at its end."""
        found = bytes(self.value).strip(b" \t")
        self.value.clear()
        self.skips_blanks = True
        return found

    def finish(self) -> Iterator[bytes]:
        """The last value; `InputError` if the text ends too early."""
        if self.depth or self.in_string or (self.is_array and not self.is_closed):
            raise self.error("the text is cut off", 0)
        if self.value:
            yield self.taken()

    def error(self, what: str, at: int) -> InputError:
        """An error at an offset of the chunk in hand."""
        where = f"{what}, at byte {self.offset + at:,}"
        return InputError(f"{self.path}: can't be taken apart into lines ({where}); mend that by hand first")
