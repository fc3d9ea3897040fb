"""The frame of a line: what is left of it when all is cut out that rules on structure do not look at."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from msgspec import Struct

from jsonl_lint.native import function

__all__ = ["CUT", "Frame", "Framer"]

# As in native/frames.c.
CUT = b"\n"
MOST_LISTS, MOST_CALLS, MOST_IDS, MOST_TOOLS = 2, 64, 255, 256

Span = ctypes.c_int64 * 2
COUNTS = ("lists", "tools", "named", "calls", "ids", "words")


class Holes(ctypes.Structure):
    """What was cut out of a line and is to be looked at, as the part in C tells it."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in COUNTS),
        ("list", Span * MOST_LISTS),
        ("name", Span * MOST_CALLS),
        ("arguments", Span * MOST_CALLS),
        ("id", Span * MOST_IDS),
        ("tool", ctypes.c_int64 * (3 * MOST_TOOLS)),
    )


class Frame(Struct, frozen=True):
    """What is left of a line; beside it, as they stand there, lists of functions, names that are called, arguments of calls.

    `bare` are the tools, one behind the other, in which a `CUT` stands for each description and the quote behind it; None
    where no list of them was cut out. `tools` has three numbers for each: where it starts and stops in the line, and where it
    stops in `bare`. In the place of an id is the number that it has among those of the line. `is_told` says that nothing was
    cut out of which a rule might speak, but texts.
    """

    kept: bytes
    bare: bytes | None = None
    tools: tuple[int, ...] = ()
    functions: tuple[bytes, ...] = ()
    called: tuple[bytes, ...] = ()
    arguments: tuple[bytes, ...] = ()
    is_told: bool = True


class Framer:
    """Gives the frames of lines of no more than so many bytes; what stands under some keys stays in them."""

    def __init__(self, looked_at: Iterable[str], longest: int) -> None:
        self.looked_at = b"\x01" + "\x01".join(looked_at).encode() + b"\x01"
        self.out = ctypes.create_string_buffer(2 * longest + 2)
        self.bare = ctypes.create_string_buffer(longest)
        self.holes = Holes()
        self.pointer = ctypes.byref(self.holes)

    @cached_property
    def cut(self) -> Any:
        """The part in C; None where it is not there."""
        pointer, size = ctypes.c_void_p, ctypes.c_int64
        return function("frame", ctypes.c_char_p, size, ctypes.c_char_p, pointer, pointer, pointer)

    def frame(self, line: bytes) -> Frame | None:
        """The frame of a line; None if there is too much in it."""
        holes = self.holes
        size = self.cut(line, len(line), self.looked_at, self.out, self.bare, self.pointer)
        if size < 0:
            return None
        kept = ctypes.string_at(self.out, size)
        if holes.tools < 0 and not (holes.lists or holes.named or holes.calls):
            return Frame(kept, is_told=not (holes.ids or holes.words))
        tools = tuple(holes.tool[: 3 * holes.tools]) if holes.tools > 0 else ()
        return Frame(
            kept,
            bare=ctypes.string_at(self.bare, tools[-1] if tools else 0) if holes.tools >= 0 else None,
            tools=tools,
            functions=cut_from(line, holes.list, holes.lists),
            called=cut_from(line, holes.name, holes.named),
            arguments=cut_from(line, holes.arguments, holes.calls),
            is_told=False,
        )


def cut_from(line: bytes, spans: Any, count: int) -> tuple[bytes, ...]:
    """What stood in a line where so many of some spans are."""
    return tuple([line[start:stop] for start, stop in spans[:count]]) if count else ()
