"""The pieces of an input, as far as it can be read."""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.errors import InputError
from jsonl_lint.source import LongLine

__all__ = ["Stream"]

Piece = bytes | LongLine


class Stream:
    """Pieces as far as they can be read; `error` is why there are no more, where that is not their end."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self.pieces = pieces
        self.error: InputError | None = None

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        try:
            return next(self.pieces)
        except InputError as error:
            self.error = error
            raise StopIteration from None
