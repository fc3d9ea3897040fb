"""The shape of a tool: what is left of it without the names of its parameters, of which the rules on tools look at none."""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import Any

from jsonl_lint.native import function

__all__ = ["Shaper"]


class Shaper:
    """Gives the shapes of tools of no more than so many bytes."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.out = ctypes.create_string_buffer(longest)

    @cached_property
    def write(self) -> Any:
        """The part in C; None where it is not there."""
        return function("shape", ctypes.c_char_p, ctypes.c_int64, ctypes.c_void_p)

    def shape(self, bare: bytes) -> bytes | None:
        """The shape of a tool, which is given without its descriptions as in `Frame`; None if it has none.

        Tools of one shape differ in nothing but these names. No two stand in one object, and nothing refers to them.
        """
        if len(bare) > self.longest:
            return None
        size = self.write(bare, len(bare), self.out)
        return None if size < 0 else ctypes.string_at(self.out, size)
