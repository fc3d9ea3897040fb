"""What the scanner finds in the text of a line, before anything is known of its meaning."""

from __future__ import annotations

from typing import Literal

import msgspec

from jsonl_lint.finding import Edit, Path

__all__ = ["Fault", "FaultKind", "Span"]

FaultKind = Literal[
    "syntax",
    "several-values",
    "too-deep",
    "non-finite",
    "lone-surrogate",
    "duplicate-key",
    "number-range",
]


class Fault(msgspec.Struct, frozen=True):
    """One departure of a line from strict JSON: its kind, its bytes in the line, what is wrong in words.

    `edits` repair it (offsets in the line) where one repair is certain; otherwise they are empty.
    """

    kind: FaultKind
    start: int
    end: int
    message: str
    path: Path = ()
    edits: tuple[Edit, ...] = ()


class Span(msgspec.Struct, frozen=True):
    """Where a value stands in its line, in bytes, and where its key stands (quotes included; -1 without a key)."""

    start: int
    end: int
    key_start: int = -1
    key_end: int = -1
