"""Proofs on a decoded line that no decoder gives: no key twice, no number out of range, nothing nested too deep."""

from __future__ import annotations

from typing import Any

import orjson
from msgspec import UNSET, Struct

__all__ = ["FAULTY", "are_plain", "delimiters", "faultless", "is_exact", "strings"]

# RFC 7493: integers beyond this are not the same in every reader.
MAX_INTEGER = 2**53 - 1

# Decoders may round larger ones.
MAX_EXACT = 2**63 - 1

# Well under the 200 that the rules allow, because the brackets around `tools` are not counted here.
MAX_DEPTH = 150


FAULTY = object()
"""Stands for the value of a line that may have a fault: JSON has no such value."""


def is_exact(value: Any, text: bytes) -> bool:
    """Whether a decoded value is proved to be all that its text says: no key stands twice, no number is rounded."""
    return safe_strings(value, MAX_EXACT) == delimiters(text) / 2


def faultless(text: bytes) -> Any:
    """The value of a line that is proved to be JSON without a fault, as the scanner means it; else `FAULTY`.

    May doubt what has no fault; the scanner then says so, more slowly.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return FAULTY
    return value if safe_strings(value, MAX_INTEGER) == delimiters(text) / 2 else FAULTY


def safe_strings(value: Any, limit: int, depth: int = 0) -> int | None:
    """How many strings a value holds, keys included; None if a number may be beyond the limit or the value is too deep."""
    if isinstance(value, str):
        return 1
    if isinstance(value, dict):
        return sum_of(value.values(), len(value), limit, depth)
    if isinstance(value, list):
        return sum_of(value, 0, limit, depth)
    # A large float may have been an integer: the decoder makes floats of those that are larger than its own.
    return 0 if value is None or abs(value) <= limit else None


def sum_of(items: Any, total: int, limit: int, depth: int) -> int | None:
    """`total` and the strings of all items; None if one of them is None."""
    if depth > MAX_DEPTH:
        return None
    for item in items:
        if item.__class__ is str:
            total += 1
            continue
        found = safe_strings(item, limit, depth + 1)
        if found is None:
            return None
        total += found
    return total


def are_plain(value: Any, depth: int = 0) -> bool:
    """Whether no number in a value is out of range and no text empty of meaning to the types is nested too deep."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, Struct):
        return all(are_plain(getattr(value, field), depth + 1) for field in value.__struct_fields__)
    if isinstance(value, dict):
        return all(are_plain(item, depth + 1) for item in value.values())
    if isinstance(value, list):
        return all(are_plain(item, depth + 1) for item in value)
    return not isinstance(value, int) or abs(value) <= MAX_INTEGER


def strings(value: Any) -> int:
    """How many strings a line holds, keys included, if every key in it stands once."""
    if isinstance(value, str):
        return 1
    if isinstance(value, list):
        return sum(map(strings, value))
    if isinstance(value, dict):
        return len(value) + sum(map(strings, value.values()))
    if isinstance(value, Struct):
        fields = [getattr(value, field) for field in value.__struct_fields__]
        given = [field for field in fields if field is not UNSET]
        return len(given) + sum(map(strings, given)) + (2 if value.__struct_config__.tag else 0)
    return 0


def delimiters(line: bytes) -> int:
    """How many double quotes begin or end a string in a line of valid JSON: those without a backslash before them."""
    if b"\\" not in line:
        return line.count(b'"')
    plain = line.replace(b"\\\\", b"")
    return plain.count(b'"') - plain.count(b'\\"')
