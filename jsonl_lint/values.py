"""The value of a line: whether there is one, and what it is, also where a strict decoder refuses the line."""

from __future__ import annotations

import json
from typing import Any

import orjson

from jsonl_lint.fault import Fault
from jsonl_lint.proof import is_exact
from jsonl_lint.scan import scan
from jsonl_lint.text import BOM, is_utf8

__all__ = ["HARD", "decode", "faults_of", "has_value", "identity", "marks", "says_all", "value_of"]

HARD = frozenset({"syntax", "several-values", "too-deep"})
"""The kinds of faults behind which nothing can be read."""


def has_value(text: bytes) -> bool:
    """Whether the JSON of a line can be read, found out anew."""
    body = body_of(text)
    return bool(body.strip()) and not any(fault.kind in HARD for fault in faults_of(body))


def value_of(text: bytes) -> Any:
    """The value of a line without a hard fault."""
    return decode(body_of(text))


def identity(text: bytes, value: Any) -> Any:
    """What two examples have in common that are the same, of a line and its value: the value, if it says all that is written.

    Where it does not, lines of one value may differ: there it is the bytes.
    """
    body = body_of(text)
    return value if says_all(value, body) else body


def says_all(value: Any, text: bytes) -> bool:
    """Whether a value is all that is said by its text: no byte is lost, no key stands twice, no number is rounded."""
    return is_utf8(text) and is_exact(value, text)


def body_of(text: bytes) -> bytes:
    """A line without what may stand around its JSON."""
    text = text.removesuffix(b"\r")
    return text[marks(text) :]


def marks(text: bytes) -> int:
    """How many bytes of byte order marks begin a line."""
    length = 0
    while text.startswith(BOM, length):
        length += len(BOM)
    return length


def faults_of(text: bytes) -> tuple[Fault, ...]:
    """The faults of a line's JSON; none for a blank line."""
    return scan(text) if text.strip() else ()


def decode(text: bytes) -> Any:
    """The value of a line without a hard fault, whatever soft ones it has."""
    readable = text if is_utf8(text) else text.decode("utf-8", "replace").encode()
    try:
        return orjson.loads(readable)
    except orjson.JSONDecodeError:
        return READER.decode(readable.decode())


def whole_number(digits: str) -> float:
    """An integer, or infinity for one with more digits than Python converts."""
    return int(digits) if len(digits) < 4000 else float("inf")


READER = json.JSONDecoder(parse_int=whole_number)
