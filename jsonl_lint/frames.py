"""The frame of a line: what is left of it when all is cut out that rules on structure do not look at."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from msgspec import Struct

from jsonl_lint.native import function

__all__ = ["Frame", "Framer"]

# As in native/frames.c.
MOST_DECLARATIONS, MOST_CALLS, MOST_IDS = 2, 64, 255

Span = ctypes.c_int64 * 2


class Holes(ctypes.Structure):
    """What was cut out of a line and is to be looked at, as the part in C tells it."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("declarations", "calls", "ids", "words")),
        ("declared", Span * MOST_DECLARATIONS),
        ("arguments", Span * MOST_CALLS),
        ("id", Span * MOST_IDS),
    )


class Frame(Struct, frozen=True):
    """What is left of a line; beside it as they stand there the lists of tools and functions, and the arguments of calls.

    In the place of an id is the number that it has among those of the line. `is_told` says that no text was cut out of which
    a rule might speak: no id, name, address or arguments.
    """

    kept: bytes
    declared: tuple[bytes, ...] = ()
    arguments: tuple[bytes, ...] = ()
    is_told: bool = True


class Framer:
    """Gives the frames of lines of no more than so many bytes; what stands under some keys stays in them."""

    def __init__(self, looked_at: Iterable[str], longest: int) -> None:
        self.looked_at = b"\x01" + "\x01".join(looked_at).encode() + b"\x01"
        self.out = ctypes.create_string_buffer(2 * longest + 2)
        self.holes = Holes()
        self.pointer = ctypes.byref(self.holes)

    @cached_property
    def cut(self) -> Any:
        """The part in C; None where it is not there."""
        pointer = ctypes.c_void_p
        return function("frame", ctypes.c_char_p, ctypes.c_int64, ctypes.c_char_p, pointer, pointer)

    def frame(self, line: bytes) -> Frame | None:
        """The frame of a line; None if there is too much in it."""
        holes = self.holes
        size = self.cut(line, len(line), self.looked_at, self.out, self.pointer)
        if size < 0:
            return None
        kept, is_told = ctypes.string_at(self.out, size), not (holes.ids or holes.words or holes.calls)
        if not holes.declarations and not holes.calls:
            return Frame(kept, is_told=is_told)
        declared = [line[start:stop] for start, stop in holes.declared[: holes.declarations]]
        arguments = [line[start:stop] for start, stop in holes.arguments[: holes.calls]]
        return Frame(kept, tuple(declared), tuple(arguments), is_told)
