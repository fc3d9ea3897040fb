"""The parts in C: what goes over every byte of a file, where Python would take ten times as long.

Each of them has a twin in Python that comes to the same, and takes its place where an installation is without them.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctypes import CDLL

__all__ = ["function", "library"]

NAMES = ("_native.so", "_native.dll")


@lru_cache(maxsize=1)
def library() -> CDLL | None:
    """The library of the parts in C; None where this installation has none."""
    folder = os.path.dirname(__file__)
    path = next(filter(os.path.exists, (os.path.join(folder, name) for name in NAMES)), None)
    if path is None:
        return None
    from ctypes import CDLL

    return CDLL(path)


def function(name: str, *kinds: Any) -> Any:
    """A function of the library, which takes these kinds of arguments and gives a number; None where there is none."""
    loaded = library()
    return None if loaded is None else bound(loaded, name, kinds)


@cache
def bound(loaded: CDLL, name: str, kinds: tuple[Any, ...]) -> Any:
    """The same, looked up once."""
    from ctypes import c_int64

    found = loaded[name]
    found.restype = c_int64
    found.argtypes = kinds
    return found
