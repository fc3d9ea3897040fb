"""What may be wrong with a schema or with what it describes."""

from __future__ import annotations

import msgspec

from jsonl_lint.finding import Path

__all__ = ["MAX_FAULTS", "SchemaFault", "UnevaluatedError"]

MAX_FAULTS = 10
"""So many faults are named; further ones add nothing."""


class SchemaFault(msgspec.Struct, frozen=True):
    """One fault, in words, the keyword that is broken, and where it stands inside of what was looked at."""

    message: str
    path: Path = ()
    keyword: str = ""


class UnevaluatedError(Exception):
    """A schema, or arguments by it, that can't be judged; its text says why."""
