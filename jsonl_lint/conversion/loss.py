"""What a conversion can't carry over, and how it says so."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from jsonl_lint.text import quoted

__all__ = ["Loss", "only_keys", "text_of"]


class Loss(Exception):  # noqa: N818 - not an error of the program, but what it has to say of an example
    """Something in an example that the other format has no place for."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(f"{pointer or 'the line'}: {why}")


def only_keys(value: Any, known: Collection[str], pointer: str) -> dict[str, Any]:
    """The value, which must be an object with no other keys than these; `Loss` if it is not."""
    if not isinstance(value, dict):
        raise Loss(pointer, "is no object")
    for key, member in value.items():
        if key not in known:
            raise Loss(f"{pointer}/{key}", f"would be lost: {quoted(member)}")
    return value


def text_of(holder: dict[str, Any], key: str, pointer: str) -> str:
    """The text under a key; `Loss` if there is none, or something else."""
    value = holder.get(key)
    if not isinstance(value, str):
        raise Loss(f"{pointer}/{key}", "is missing" if key not in holder else f"is no text: {quoted(value)}")
    return value
