"""The walk over one JSON value, with an explicit stack: whole members by one pattern each, odd ones token by token."""

from __future__ import annotations

import re
from collections.abc import Callable

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Path
from jsonl_lint.scan import tokens
from jsonl_lint.scan.cause import broken_string, cause
from jsonl_lint.scan.columns import Columns
from jsonl_lint.scan.soft import duplicate_key, lone_surrogate, non_finite, out_of_range
from jsonl_lint.scan.spot import Due, Spot
from jsonl_lint.scan.tokens import read_string, skip_blanks, text_of, unescape

__all__ = ["STOPPED", "Walk"]

STOPPED = -1
"""Stands for the next offset where a hard fault has ended the walk."""

_CLOSE, _KEY, _OPEN, _NUMBER = 1, 2, 4, 5
_BRACE = ord("{")

_Match = Callable[[bytes, int], "re.Match[bytes] | None"]
_FIRST_ELEMENT: _Match = tokens.FIRST_ELEMENT.match
_NEXT_ELEMENT: _Match = tokens.NEXT_ELEMENT.match
_FIRST_MEMBER: _Match = tokens.FIRST_MEMBER.match
_NEXT_MEMBER: _Match = tokens.NEXT_MEMBER.match


class _Frame:
    """An open container: an object has `keys` (with the offsets of their first occurrences), an array has none."""

    __slots__ = ("index", "key", "keys", "next", "start")

    def __init__(self, start: int, is_object: bool) -> None:
        self.start = start
        self.index = -1
        self.key = b""
        if is_object:
            self.keys: dict[bytes, int] | None = {}
            self.next = _FIRST_MEMBER
        else:
            self.keys = None
            self.next = _FIRST_ELEMENT

    @property
    def fresh(self) -> bool:
        """Whether nothing has been read of it yet."""
        return self.index < 0 if self.keys is None else not self.keys

    @property
    def step(self) -> str | int:
        """The step of a path from this container to what is being read in it."""
        return self.index if self.keys is None else text_of(self.key)


class Walk:
    """One walk from `start` over one value of the text; what is wrong with it gathers in `faults`."""

    __slots__ = ("_columns", "_frames", "_max_depth", "_text", "faults")

    def __init__(self, text: bytes, columns: Columns, max_depth: int) -> None:
        self.faults: list[Fault] = []
        self._text = text
        self._columns = columns
        self._max_depth = max_depth
        self._frames: list[_Frame] = []

    def value(self, start: int) -> int:
        """Read one value with blanks before it: the offset behind it, or `STOPPED`."""
        position = self._value(skip_blanks(self._text, start), Due.START)
        while self._frames and position != STOPPED:
            position = self._contents(position)
        return position

    def _contents(self, position: int) -> int:
        """Read on in the innermost container by whole members, until an odd one has been read or all is closed."""
        text, frames, max_depth = self._text, self._frames, self._max_depth
        frame = frames[-1]
        while match := frame.next(text, position):
            group, position = match.lastindex, match.end()
            if group == _CLOSE:
                frames.pop()
                if not frames:
                    return position
                frame = frames[-1]
                continue
            keys = frame.keys
            if keys is None:
                frame.index += 1
                frame.next = _NEXT_ELEMENT
            else:
                frame.next = _NEXT_MEMBER
                frame.key = key = match[_KEY]
                if key in keys:
                    self._again(frame, match.start(_KEY) - 1, match.end(_KEY) + 1)
                else:
                    keys[key] = match.start(_KEY) - 1
            if group == _OPEN:
                if len(frames) >= max_depth:
                    return self._too_deep(position - 1)
                frame = _Frame(position - 1, text[position - 1] == _BRACE)
                frames.append(frame)
            elif group == _NUMBER:
                self._number(match.start(_NUMBER), position)
        return self._odd_step(frame, position)

    def _odd_step(self, frame: _Frame, position: int) -> int:
        """Read one separator and what it leads to, token by token."""
        here = skip_blanks(self._text, position)
        byte = self._text[here : here + 1]
        if byte == (b"]" if frame.keys is None else b"}"):
            self._frames.pop()
            return here + 1
        fresh = frame.fresh
        if not fresh:
            if byte != b",":
                return self._stop(Due.ELEMENT_END if frame.keys is None else Due.MEMBER_END, here, position)
            position = here + 1
            here = skip_blanks(self._text, position)
        if frame.keys is not None:
            return self._member(frame, here, Due.FIRST_KEY if fresh else Due.KEY)
        due = Due.FIRST_ELEMENT if fresh else Due.ELEMENT
        frame.index += 1
        frame.next = _NEXT_ELEMENT
        return self._value(here, due)

    def _member(self, frame: _Frame, here: int, due: Due) -> int:
        text = self._text
        if text[here : here + 1] != b'"':
            return self._stop(due, here, here)
        stop, lone = read_string(text, here)
        if text[stop : stop + 1] != b'"':
            return self._stop_in_string(here, stop, lone, self._container_path)
        assert frame.keys is not None
        frame.next = _NEXT_MEMBER
        frame.key = unescape(text[here + 1 : stop])
        if frame.keys.setdefault(frame.key, here) != here:
            self._again(frame, here, stop + 1)
        self._lone(lone, self._path)
        colon = skip_blanks(text, stop + 1)
        if text[colon : colon + 1] != b":":
            return self._stop(Due.COLON, colon, stop + 1)
        return self._value(skip_blanks(text, colon + 1), Due.MEMBER_VALUE)

    def _value(self, here: int, due: Due) -> int:
        match = tokens.VALUE.match(self._text, here)
        if match is None:
            return self._odd_value(here, due)
        if match.lastindex == _OPEN:
            return self._open(here)
        if match.lastindex == _NUMBER:
            self._number(here, match.end())
        return match.end()

    def _odd_value(self, here: int, due: Due) -> int:
        text = self._text
        if text[here : here + 1] == b'"':
            stop, lone = read_string(text, here)
            if text[stop : stop + 1] != b'"':
                return self._stop_in_string(here, stop, lone, self._path)
            self._lone(lone, self._path)
            return stop + 1
        if match := tokens.NON_FINITE.match(text, here):
            self.faults.append(non_finite(text, here, match.end(), self._path()))
            return match.end()
        return self._stop(due, here, here)

    def _open(self, bracket: int) -> int:
        if len(self._frames) >= self._max_depth:
            return self._too_deep(bracket)
        self._frames.append(_Frame(bracket, self._text[bracket] == _BRACE))
        return bracket + 1

    def _too_deep(self, bracket: int) -> int:
        message = f"nested deeper than {self._max_depth} levels"
        self.faults.append(Fault("too-deep", bracket, bracket + 1, message, self._container_path()))
        return STOPPED

    def _again(self, frame: _Frame, start: int, end: int) -> None:
        assert frame.keys is not None
        first = self._columns.at(frame.keys[frame.key])
        self.faults.append(duplicate_key(frame.key, start, end, first, self._path()))

    def _number(self, start: int, end: int) -> None:
        if message := out_of_range(self._text[start:end]):
            self.faults.append(Fault("number-range", start, end, message, self._path()))

    def _lone(self, offsets: list[int], path_of: Callable[[], Path]) -> None:
        if offsets:
            path = path_of()
            self.faults.extend(lone_surrogate(self._text, at, path) for at in offsets)

    def _path(self) -> Path:
        return tuple(frame.step for frame in self._frames)

    def _container_path(self) -> Path:
        return tuple(frame.step for frame in self._frames[:-1])

    def _spot(self, due: Due, here: int, before: int) -> Spot:
        frames = self._frames
        opener = frames[-1].start if frames else -1
        return Spot(self._text, here, due, before, opener, len(frames), self._container_path(), self._columns)

    def _stop(self, due: Due, here: int, before: int) -> int:
        self.faults.append(cause(self._spot(due, here, before)))
        return STOPPED

    def _stop_in_string(self, quote: int, stop: int, lone: list[int], path_of: Callable[[], Path]) -> int:
        self._lone(lone, path_of)
        self.faults.append(broken_string(self._spot(Due.END, stop, stop), quote))
        return STOPPED
