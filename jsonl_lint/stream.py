"""The pieces of a stream, which comes but once: how much of it there is, and how far it can be read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain

from jsonl_lint.errors import InputError
from jsonl_lint.source import LongLine

__all__ = ["Stream", "ahead"]

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


def ahead(pieces: Iterator[Piece], size: int) -> tuple[Iterator[Piece], int | None]:
    """The same pieces, and how many bytes they are, None if more than `size`; so many are read to find out."""
    held: deque[bytes] = deque()
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > size:
            return chain(given_away(held), [piece], pieces), None
        held.append(bytes(piece))
    return given_away(held), total


def given_away(held: deque[bytes]) -> Iterator[Piece]:
    """What is held, until it is asked for."""
    while held:
        yield held.popleft()
