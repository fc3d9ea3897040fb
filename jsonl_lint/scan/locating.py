"""Where the values at given paths stand in a line: one pass that reads only what leads to them."""

from __future__ import annotations

import re
from collections.abc import Collection

import orjson

from jsonl_lint.fault import Span
from jsonl_lint.finding import Path
from jsonl_lint.scan.tokens import NON_FINITE, VALUE, read_string, skip_blanks, text_of, unescape

__all__ = ["bytes_of", "spans_of"]

_BLANKS = b" \t\n\r"

_NOWHERE = -1
_CONTAINERS = (b"{", b"[")

_Wanted = dict["str | int", "_Wanted"]

_ESCAPED_RUN = re.compile(rb'(?:\\.[^"\\]*){0,256}', re.DOTALL)
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*(?:"[^"\\]*(?:\\.[^"\\]*){0,64}"[^"\[\]{}]*){0,64}', re.DOTALL)
# One character each: a pair of escaped surrogates, any other escape; or a run without escapes.
_CHARACTERS = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.)|[^\\]+", re.DOTALL
)
_PLAIN_RUN = re.compile(rb'"[^"\\]*')


class _Found:
    """A value at a wanted place, without `span` until its end is seen, and what was found inside it."""

    __slots__ = ("inside", "key", "span", "start")

    def __init__(self, start: int, key: tuple[int, int]) -> None:
        self.start = start
        self.key = key
        self.span: Span | None = None
        self.inside: dict[str | int, _Found] = {}

    def close(self, end: int) -> None:
        self.span = Span(self.start, end, *self.key)


class _Open:
    """A container that is being read: what is wanted of it, what was found, how many items have been seen."""

    __slots__ = ("closer", "count", "found", "wanted")

    def __init__(self, closer: bytes, wanted: _Wanted, found: _Found) -> None:
        self.closer = closer
        self.wanted = wanted
        self.found = found
        self.count = 0


def spans_of(text: bytes, paths: Collection[Path]) -> dict[Path, Span]:
    """Where values stand in a line, as `locate` gives it."""
    if set(paths) == {()} and (span := _whole(text)) is not None:
        return {(): span}
    root = _Found(skip_blanks(text, 0), (-1, -1))
    _read(text, _tree(paths), root)
    spans = {}
    for path in paths:
        found: _Found | None = root
        for step in path:
            found = found and found.inside.get(step)
        if found and found.span:
            spans[path] = found.span
    return spans


def _whole(text: bytes) -> Span | None:
    """Where the value of a line stands whose JSON a decoder takes, which says so sooner than the end is found."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    start = len(text) - len(text.lstrip(_BLANKS))
    return Span(start, len(text.rstrip(_BLANKS)))


def _tree(paths: Collection[Path]) -> _Wanted:
    root: _Wanted = {}
    for path in paths:
        node = root
        for step in path:
            node = node.setdefault(step, {})
    return root


def _read(text: bytes, wanted: _Wanted, root: _Found) -> None:
    stack: list[_Open] = []
    position = _enter(text, wanted, root, stack)
    while stack and position != _NOWHERE:
        top = stack[-1]
        position = skip_blanks(text, position)
        if text[position : position + 1] == top.closer:
            position += 1
            top.found.close(position)
            stack.pop()
            continue
        if top.count:
            if text[position : position + 1] != b",":
                return
            position = skip_blanks(text, position + 1)
        top.count += 1
        position = _item(text, position, top, stack)


def _item(text: bytes, position: int, top: _Open, stack: list[_Open]) -> int:
    """Read one element, or one key with its value: the offset to go on at, or `_NOWHERE`."""
    step: str | int = top.count - 1
    key = (-1, -1)
    if top.closer == b"}":
        if text[position : position + 1] != b'"':
            return _NOWHERE
        stop, _ = read_string(text, position)
        colon = skip_blanks(text, stop + 1)
        if text[stop : stop + 1] != b'"' or text[colon : colon + 1] != b":":
            return _NOWHERE
        key = (position, stop + 1)
        step = text_of(unescape(text[position + 1 : stop]))
        position = skip_blanks(text, colon + 1)
    wanted = top.wanted.get(step)
    if wanted is None:
        return _end_of_value(text, position)
    found = top.found.inside[step] = _Found(position, key)
    return _enter(text, wanted, found, stack)


def _enter(text: bytes, wanted: _Wanted, found: _Found, stack: list[_Open]) -> int:
    """Read a wanted value, or open it if something inside it is wanted too."""
    byte = text[found.start : found.start + 1]
    if wanted and byte in _CONTAINERS:
        stack.append(_Open(b"}" if byte == b"{" else b"]", wanted, found))
        return found.start + 1
    end = _end_of_value(text, found.start)
    if end != _NOWHERE:
        found.close(end)
    return end


def _end_of_value(text: bytes, start: int) -> int:
    byte = text[start : start + 1]
    if byte in _CONTAINERS:
        return _end_of_container(text, start)
    if match := VALUE.match(text, start) or NON_FINITE.match(text, start):
        return match.end()
    if byte != b'"':
        return _NOWHERE
    stop, _ = read_string(text, start)
    return stop + 1 if text[stop : stop + 1] == b'"' else _NOWHERE


def _end_of_container(text: bytes, start: int) -> int:
    """The end of a container, by its brackets alone."""
    depth, position = 0, start
    while True:
        match = _TO_BRACKET.match(text, position)
        assert match is not None
        position = match.end()
        byte = text[position : position + 1]
        if not byte:
            return _NOWHERE
        if byte == b'"':
            position = _end_of_long_string(text, position)
            if position == _NOWHERE:
                return _NOWHERE
            continue
        position += 1
        depth += 1 if byte in _CONTAINERS else -1
        if not depth:
            return position


def _end_of_long_string(text: bytes, quote: int) -> int:
    """The end of a string by its quotes alone, with as many escapes as it likes."""
    match = _PLAIN_RUN.match(text, quote)
    assert match is not None
    position = match.end()
    while match := _ESCAPED_RUN.match(text, position):
        if match.end() == position:
            break
        position = match.end()
    return position + 1 if text[position : position + 1] == b'"' else _NOWHERE


def bytes_of(text: bytes, span: Span, start: int, end: int) -> tuple[int, int]:
    """Where characters of a string stand, as `inside_string` gives it."""
    inside = text[span.start + 1 : span.end - 1]
    offset = span.start + 1
    return offset + _bytes_before(inside, start), offset + _bytes_before(inside, end)


def _bytes_before(inside: bytes, characters: int) -> int:
    """How many bytes of a string's inside its first characters take."""
    for match in _CHARACTERS.finditer(inside):
        run = "x" if match[1] else match[0].decode()
        if len(run) > characters:
            return match.start() + len(run[:characters].encode())
        characters -= len(run)
    return len(inside)
