"""The fingerprints of lines that are not plain, made by a part in C where each message has a text and calls nothing."""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import Any

from jsonl_lint.native import function
from jsonl_lint.prints import Prints

__all__ = ["SpokenPrints"]

LONGEST = 64 * 1024


class Spoken(ctypes.Structure):
    """Fingerprints of a line, and where the text of the system message at its head stands, as in native/prints.c."""

    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("prompt", "example", "system")),
        *((name, ctypes.c_int64) for name in ("system_start", "system_end")),
    )


class SpokenPrints:
    """Leaves the fingerprints of lines that are JSON, whatever else is wrong with them."""

    def __init__(self) -> None:
        self.scratch = ctypes.create_string_buffer(3 * LONGEST)
        self.found = Spoken()
        self.pointer = ctypes.byref(self.found)

    @cached_property
    def read(self) -> Any:
        """The part in C; None where it is not there."""
        pointer = ctypes.c_void_p
        return function("read_prints", ctypes.c_char_p, ctypes.c_int64, pointer, pointer)

    def leave(self, prints: Prints, line: int, text: bytes) -> bool:
        """Keep the fingerprints of a line; whether it has such."""
        found = self.found
        if self.read is None or len(text) > LONGEST or not self.read(text, len(text), self.scratch, self.pointer):
            return False
        prints.add_spoken(line, found.prompt, found.example)
        if found.system_end:
            prints.add_head(line, found.system, text[found.system_start - 1 : found.system_end + 1])
        return True
