"""Proofs on a decoded line that no decoder gives: no key twice, no number out of range, nothing nested too deep."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct

__all__ = ["are_plain", "delimiters", "is_written_once", "strings"]

# RFC 7493: integers beyond this are not the same in every reader.
MAX_INTEGER = 2**53 - 1

# Well under the 200 that the rules allow, because the brackets around `tools` are not counted here.
MAX_DEPTH = 150


def is_written_once(value: Any, text: bytes) -> bool:
    """Whether each key in a text, of which a value was decoded, stands once: its strings are all those of the value."""
    return strings(value) * 2 == delimiters(text)


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
