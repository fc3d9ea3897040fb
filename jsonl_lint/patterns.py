"""Patterns of paths, as config files hold them."""

from __future__ import annotations

import os

__all__ = ["has_magic", "is_match"]


def has_magic(path: str) -> bool:
    """Whether a path is a pattern for `glob`."""
    return any(char in path for char in "*?[")


def is_match(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern: by its last part, or as a whole where the pattern has a slash.

    `*` stands for any characters, slashes too. A pattern that does not begin with a slash is meant from the current folder.
    """
    from fnmatch import fnmatch

    if "/" not in pattern:
        return fnmatch(os.path.basename(path), pattern)
    if "://" in path:
        return fnmatch(path, pattern)
    whole = os.path.join(os.getcwd(), pattern)
    return fnmatch(os.path.abspath(path), os.path.normpath(whole))
