"""Words and numbers that JSON does not know."""

from __future__ import annotations

import re

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit
from jsonl_lint.scan.characters import shown
from jsonl_lint.scan.spot import Due, Spot
from jsonl_lint.scan.tokens import NUMBER

__all__ = ["WORD", "bad_number", "bad_word", "unquoted_key"]

WORD = re.compile(rb"[0-9A-Za-z_$.+\-]+")
"""A run of what words and numbers of all kinds are made of."""

_LITERALS = (b"true", b"false", b"null")
_PYTHON = {b"True": b"true", b"False": b"false", b"None": b"null"}
_UNKNOWN = {
    b"undefined": "undefined is JavaScript; JSON writes null",
    b"nil": "nil; JSON writes null",
    b"NULL": "NULL in capitals; JSON writes null",
}
_NO_NUMBERS = (b"nan", b"inf", b"infinity")

_BEGUN_NUMBER = re.compile(rb"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:(?<![.])[eE][+-]?)?)?")
_BAD_NUMBERS = (
    (re.compile(rb"\+"), "a number can't start with +"),
    (re.compile(rb"-?0[xX][0-9a-fA-F]"), "a hexadecimal number; JSON has only decimal ones"),
    (re.compile(rb"-?0[oObB][0-9]"), "an octal or binary number; JSON has only decimal ones"),
    (re.compile(rb"-?0[0-9]"), "a number can't start with 0 (leading zero)"),
    (re.compile(rb"-?\.[0-9]"), "a number can't start with a point; write 0 before it"),
    (re.compile(rb"-?[0-9]+\.(?![0-9])"), "a number can't end with its point; digits must follow"),
    (re.compile(rb"-?[0-9]+(?:\.[0-9]+)?[eE](?![+-]?[0-9])"), "a number whose exponent has no digits"),
    (re.compile(rb"-?[0-9]+_[0-9]"), "a number can't have _ between its digits"),
    (re.compile(rb"-?[0-9]"), "a number with other characters in or behind it"),
    (re.compile(rb"-"), "a minus sign without a number"),
    (re.compile(rb"\."), "a point without a number"),
)


def unquoted_key(spot: Spot) -> Fault | None:
    """A word or number where a key must stand."""
    if not spot.due.key_due:
        return None
    match = WORD.match(spot.text, spot.at)
    return match and spot.fault(spot.at, match.end(), "a key without quotes")


def bad_number(spot: Spot) -> Fault | None:
    """Something that begins like a number where a value must stand."""
    match = WORD.match(spot.text, spot.at)
    if match is None or not spot.due.value_due:
        return None
    if match.end() == len(spot.text) and spot.depth and _BEGUN_NUMBER.fullmatch(match[0]):
        return spot.cut_off("inside a number")
    for pattern, message in _BAD_NUMBERS:
        if pattern.match(match[0]):
            return spot.fault(spot.at, match.end(), message, *_without_plus(spot.at, match[0]))
    return None


def _without_plus(at: int, word: bytes) -> tuple[Edit, ...]:
    if word[:1] == b"+" and NUMBER.fullmatch(word, 1):
        return (Edit(at, at + 1, b""),)
    return ()


def bad_word(spot: Spot) -> Fault | None:
    """A word without quotes where a value must stand."""
    match = WORD.match(spot.text, spot.at)
    if match is None or not spot.due.value_due:
        return None
    word, end = match[0], match.end()
    if end == len(spot.text) and spot.depth and any(literal.startswith(word) for literal in _LITERALS):
        return spot.cut_off("inside a word")
    if written := _PYTHON.get(word):
        message = f"{word.decode()} is Python; JSON writes {written.decode()}"
        return spot.fault(spot.at, end, message, Edit(spot.at, end, written))
    return spot.fault(spot.at, end, _why_unknown(word, spot.due))


def _why_unknown(word: bytes, due: Due) -> str:
    if word in _UNKNOWN:
        return _UNKNOWN[word]
    lower = word[:20].lower()
    if lower in _LITERALS:
        return f"{word.decode()} in the wrong case; JSON writes {lower.decode()}"
    if lower in _NO_NUMBERS:
        return f"{word.decode()}; JSON has no such number"
    name = shown(word[:40].decode())
    return f"the word {name} without quotes" if due is not Due.START else f"the word {name}, which is no JSON value"
