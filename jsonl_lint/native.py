"""The parts in C: what goes over every byte of a file, where Python would take ten times as long.

Each of them has a twin in Python that gives the same, and takes its place where a wheel was built without them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import CDLL

__all__ = ["library"]

NAMES = ("_native.so", "_native.dll")


@lru_cache(maxsize=1)
def library() -> CDLL | None:
    """The library of the parts in C; None where this installation has none."""
    path = next(filter(Path.exists, map(Path(__file__).with_name, NAMES)), None)
    if path is None:
        return None
    from ctypes import CDLL

    return CDLL(str(path))
