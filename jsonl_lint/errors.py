"""The errors that a user can make and mend: each says what was wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = ["InputError", "JsonlLintError", "OutputError", "PluginError", "UsageError", "nearest"]


class JsonlLintError(Exception):
    """Base of every error that jsonl-lint raises on purpose."""


class UsageError(JsonlLintError):
    """An option, code, target or setting that is not known or does not fit.

    `setting` is the name of the setting where that is clear, `key` the key in it where it is a table.
    """

    def __init__(self, message: str, setting: str | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.setting = setting
        self.key = key


class PluginError(JsonlLintError):
    """A rule plugin that can't be loaded or clashes with another rule."""


class InputError(JsonlLintError):
    """An input that can't be read to its end: missing, unreadable, or changed while it was read."""


class OutputError(JsonlLintError):
    """An output that can't be written; what stood there before is still there."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint ` (did you mean ...?)` with the nearest known name, or the empty string."""
    return nearest_of(name, tuple(known))


@lru_cache(maxsize=1024)
def nearest_of(name: str, known: tuple[str, ...]) -> str:
    """The same, remembered: a name that is wrong on one line is wrong on many."""
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""
