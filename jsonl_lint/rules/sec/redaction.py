"""How what must not be shown is shown, and taken out."""

from __future__ import annotations

from jsonl_lint.rule import Redact, Repair

__all__ = ["masked", "redaction"]


def masked(value: str) -> str:
    """The first and last two characters."""
    return f"{value[:2]}…{value[-2:]}"


def redaction(kind: str, start: int, end: int) -> Repair:
    """The repair that puts a placeholder in the place of a part of a text; `kind` is the word that it shows."""
    return Repair("put a placeholder there", False, (Redact((), start, end, kind),))
