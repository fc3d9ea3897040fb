"""The value of a line: whether there is one, and what it is, also where a strict decoder refuses the line."""

from __future__ import annotations

import json
from typing import Any

import orjson

from jsonl_lint.fault import Fault
from jsonl_lint.scan import scan
from jsonl_lint.text import BOM, is_utf8

__all__ = ["HARD", "decode", "faults_of", "has_value", "marks", "value_of"]

HARD = frozenset({"syntax", "several-values", "too-deep"})
"""The kinds of faults behind which nothing can be read."""


def has_value(text: bytes) -> bool:
    """Whether the JSON of a line can be read, found out anew."""
    text = text.removesuffix(b"\r")
    body = text[marks(text) :]
    return bool(body.strip()) and not any(fault.kind in HARD for fault in faults_of(body))


def value_of(text: bytes) -> Any:
    """The value of a line without a hard fault."""
    text = text.removesuffix(b"\r")
    return decode(text[marks(text) :])


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
