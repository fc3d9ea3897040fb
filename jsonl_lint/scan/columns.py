"""From offsets in bytes to columns in characters."""

from __future__ import annotations

__all__ = ["Columns", "column"]

_STRIDE = 2048


def column(text: bytes, offset: int) -> int:
    """The column, from 1 and in characters, of a byte offset.

    A valid UTF-8 sequence counts one; what is not UTF-8 counts as many as Python puts U+FFFD for it. For many offsets
    of one text take `Columns`.
    """
    return _length(text[:offset]) + 1


class Columns:
    """The columns of one text: the first question costs a pass over the text, every further one next to nothing."""

    __slots__ = ("_counts", "_marks", "_text")

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._marks: list[int] = []
        self._counts: list[int] = []

    def at(self, offset: int) -> int:
        """The column of a byte offset, the same as `column` gives."""
        if not self._marks:
            self._survey()
        block = min(offset // _STRIDE, len(self._marks) - 1)
        if self._marks[block] > offset:
            block -= 1
        return self._counts[block] + _length(self._text[self._marks[block] : offset]) + 1

    def _survey(self) -> None:
        """Count the characters before each of the marks, which stand a stride apart and never inside a character."""
        self._marks, self._counts = [0], [0]
        for rough in range(_STRIDE, len(self._text), _STRIDE):
            mark = _boundary(self._text, rough)
            self._counts.append(self._counts[-1] + _length(self._text[self._marks[-1] : mark]))
            self._marks.append(mark)


def _length(piece: bytes) -> int:
    return len(piece.decode("utf-8", "replace"))


def _boundary(text: bytes, offset: int) -> int:
    """The first offset from here on, at most 3 further, that no UTF-8 sequence spans."""
    for candidate in range(offset, min(offset + 3, len(text))):
        if text[candidate] & 0xC0 != 0x80:
            return candidate
    return min(offset + 3, len(text))
