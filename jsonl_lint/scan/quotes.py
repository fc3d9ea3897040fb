"""Strings in the wrong quotes: single ones (Python, JavaScript) and the typographic ones of word processors."""

from __future__ import annotations

import re

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit
from jsonl_lint.scan.characters import character, escape_of
from jsonl_lint.scan.spot import Spot

__all__ = ["single_quotes", "smart_quotes"]

_SINGLE = "\u2018\u2019\u201a\u201b"
_DOUBLE = "\u201c\u201d\u201e\u201f\uff02"
_ANGLE = "\u00ab\u00bb"

_CLOSER_OF_QUOTE = re.compile(rb"\\.|'", re.DOTALL)
_CLOSERS = {
    char: re.compile(rb"\\.|" + "|".join(kin).encode() + (b"" if kin == _ANGLE else rb'|"'), re.DOTALL)
    for kin in (_SINGLE, _DOUBLE, _ANGLE)
    for char in kin
}
_FOLLOWER = re.compile(rb"[ \t\n\r]*(?:[,:\]}]|\Z)")
_TO_ESCAPE = re.compile(rb'\\.|"|[\x00-\x1f]', re.DOTALL)


def single_quotes(spot: Spot) -> Fault | None:
    """A string in single quotes; repaired where its end is certain."""
    if spot.byte != b"'" or not (spot.due.value_due or spot.due.key_due):
        return None
    return _requoted(spot, spot.at + 1, _CLOSER_OF_QUOTE, "single quotes; JSON strings take double quotes")


def smart_quotes(spot: Spot) -> Fault | None:
    """A string that opens with a typographic quote; repaired where its end is certain."""
    char, opened = character(spot.text, spot.at)
    if char not in _CLOSERS or not (spot.due.value_due or spot.due.key_due):
        return None
    message = f"smart quotes ({char}, U+{ord(char):04X}); JSON strings take straight double quotes"
    return _requoted(spot, opened, _CLOSERS[char], message)


def _requoted(spot: Spot, opened: int, closer: re.Pattern[bytes], message: str) -> Fault:
    text, at = spot.text, spot.at
    close = next((match for match in closer.finditer(text, opened) if text[match.start()] != 0x5C), None)
    # An apostrophe inside the text looks like the end; the real end has a comma, colon or bracket behind it.
    if close is None or not _FOLLOWER.match(text, close.end()):
        return spot.fault(at, opened, message)
    inside = _TO_ESCAPE.sub(_escaped, text[opened : close.start()])
    return spot.fault(at, close.end(), message, Edit(at, close.end(), b'"' + inside + b'"'))


def _escaped(match: re.Match[bytes]) -> bytes:
    piece = match[0]
    if piece == rb"\'":
        return b"'"
    if piece == b'"':
        return rb"\""
    return piece if len(piece) > 1 else escape_of(piece[0])
