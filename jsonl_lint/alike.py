"""Verdicts on lines that differ in nothing but their texts: judged once, remembered, and told again.

A file in which every line is bad mostly has the same few defects again and again. What the rules on structure say of a line
does not depend on the words in it, as long as something of a text can be seen: it follows from the line's frame, which is
all of its bytes but the insides of such texts, and numbers that no rule looks at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from functools import cached_property, lru_cache
from typing import Any

import msgspec
import orjson

from jsonl_lint.judge import HARD, Judge, Verdict, decode, faults_of, marks
from jsonl_lint.native import function
from jsonl_lint.parts import Image, Tool, ToolCall
from jsonl_lint.rule import Conversation, Line, Message, Roles, Row
from jsonl_lint.text import is_utf8

__all__ = ["Alike", "frame_of", "framer", "has_value", "pieces", "value_of"]

# Keys under which rules look at more than whether a text has anything to see. Whatever stands under others is cut out.
LOOKED_AT = (
    "messages role name weight tool_calls tool_call_id function_call type function arguments tools parallel_tool_calls"
    " functions parameters description strict image_url url detail input preferred_output non_preferred_output"
).split()

BLANKS = rb"[ \t]*"
PLAIN = rb'[^"\\\x00-\x1f]*'
# Any escape but half of a surrogate pair, of which a rule has a word to say.
PAIR = rb"[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
ESCAPE = rb'\\(?:["\\/bfnrt]|u(?:(?![dD][89a-fA-F])[0-9a-fA-F]{4}|' + PAIR + rb"))"
INSIDE = PLAIN + rb"(?:" + ESCAPE + PLAIN + rb")*"
STRING = rb'"' + INSIDE + rb'"'
# How a text begins that shows something for certain: no character that can't be seen begins with one of these bytes.
SHOWN = (
    rb"(?: |\\[nrt])*(?:[!#-\[\]-~\x80-\xc1\xc3-\xcc\xce-\xd7\xd9-\xe0\xe4-\xee\xf0-\xf2\xf4-\xff]"
    rb'|\\(?:["\\/]|u(?:04|[4-9][0-9a-fA-F])[0-9a-fA-F]{2}))'
)
# A number that every reader takes as it stands, and what follows the first digit of one that is too large for that.
NUMBER = rb"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,25})?(?:[eE][+-]?[0-9]{1,2})?(?=[ \t,}])"
LARGE = rb"[0-9]{16,300}(?=[ \t,}])"
KEY = rb'"(?!(?:' + "|".join(LOOKED_AT).encode() + rb')")' + PLAIN + rb'"' + BLANKS + rb":" + BLANKS

# String after string from the left, so that no quote is taken for another than it is. Group 1 ends before what is cut out
# next: a text, of which its quote stays, or a number, the first digit of which stays if it is large. Group 2 ends where a
# string is broken or cut off, which is as far as JSON can be read; group 3 is the rest of a line.
PIECES = (
    rb"((?:[^\"]*" + STRING + rb')*?[^"]*' + KEY + rb'(?:"|-?[1-9](?=[0-9]{16}))?)'
    rb'(?:(?<=")(?=' + SHOWN + rb")" + INSIDE + rb'"|(?<=[0-9])' + LARGE + rb'|(?<![0-9"])' + NUMBER + rb")"
    rb"|((?:[^\"]*" + STRING + rb')*[^"]*")' + INSIDE + rb'(?:\Z|[\x00-\x1f]|\\(?:\Z|[^"\\/bfnrtu])).*'
    rb"|(.+)"
)

# What is remembered is small, whatever the data.
MAX_FRAMES = 2000
MAX_FRAME_BYTES = 2000
MAX_LINE_BYTES = 64 * 1024

# To go over many escapes takes longer than to judge the line, unless it is done in C.
MAX_ESCAPES = 40

# To make the pattern takes as long as to judge so many lines.
FEW = 30

# After so many lines in a row of which none was like another, so many are judged without a look at their frames.
PATIENCE = 50
REST = 500

Frame = tuple[bytes, bool]
"""What is left of a line, and whether the line is UTF-8. Lines with equal frames have the same defects of structure.

Where these stand, and words that tell of a place, may be others.
"""


@lru_cache(maxsize=1)
def pieces() -> re.Pattern[bytes]:
    """The pattern of what stays in a frame, made when it is first needed."""
    return re.compile(PIECES, re.DOTALL)


def frame_of(text: bytes) -> bytes:
    """What is left of a line: a line feed, which no line holds, stands for what was cut out, and two for all that follows."""
    found = pieces().findall(text)
    return b"".join(
        [before + b"\n" if before else broken + b"\n\n" if broken else rest for before, broken, rest in found]
    )


def framer() -> Callable[[bytes], bytes]:
    """What gives the frames of lines that are not too long: a function in C, where it is installed."""
    from ctypes import c_char_p, c_int64, create_string_buffer, string_at

    frame = function("frame", c_char_p, c_int64, c_char_p, c_char_p)
    if frame is None:
        return frame_of
    out = create_string_buffer(MAX_LINE_BYTES + 2)
    looked_at = b"\x01" + "\x01".join(LOOKED_AT).encode() + b"\x01"
    return lambda text: string_at(out, frame(text, len(text), looked_at, out))


class Alike:
    """Judges lines as a judge does; of a line that is like an earlier one it gives that one's verdict.

    Such a verdict has the right number of hits, of the right rules and in the right order; only if it `is_exact` their places
    and words are this line's own.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.known: dict[Frame, Verdict] = {}
        self.unlike = 0
        self.resting = FEW
        self.is_bad = False
        self.swift: Callable[[bytes], bytes] | None = None

    @cached_property
    def is_open(self) -> bool:
        """Whether frames tell all: of two outputs it is asked whether they are equal, and rules of others look at anything."""
        kinds = (Line, Row, Message, Roles, Conversation, Tool, ToolCall, Image)
        rules = [rule for kind in kinds for rule in self.judge.rules(kind)]
        return self.judge.plan.method != "dpo" and all(rule.gated and rule.url for rule in rules)

    def line(self, text: bytes) -> Verdict:
        """What is wrong with a line, given without its line feed."""
        frame = self.frame(text)
        if frame is None:
            return self.judge.line(text)
        known = self.known.get(frame)
        self.is_bad = known is not None and bool(known.hits)
        if known is not None:
            self.unlike = 0
            return told(known, text)
        self.unlike += 1
        verdict = self.judge.line(text)
        self.remember(frame, verdict)
        return verdict

    def bad_again(self, text: bytes) -> Verdict | None:
        """What is wrong with a line that is like an earlier bad one; None for any other.

        Worth the time behind such a line only, so that it says None behind others.
        """
        if not self.is_bad:
            return None
        frame = self.frame(text)
        known = self.known.get(frame) if frame is not None else None
        self.is_bad = known is not None and bool(known.hits)
        return told(known, text) if known is not None and self.is_bad else None

    def has_value(self, text: bytes) -> bool:
        """Whether the JSON of a line can be read, whatever else is wrong with it."""
        frame = self.frame(text)
        known = self.known.get(frame) if frame is not None else None
        return has_value(text) if known is None else known.value is not msgspec.UNSET

    def frame(self, text: bytes) -> Frame | None:
        """The frame of a line; None if it does not tell all, or is not worth the time."""
        if self.resting:
            self.resting -= 1
            return None
        if not self.is_open or len(text) > MAX_LINE_BYTES:
            return None
        if self.unlike > PATIENCE:
            self.unlike, self.resting = 0, REST
            return None
        text = text.removesuffix(b"\r")
        # A carriage return may end a line for other readers, also behind a broken string; in tools any key may matter.
        if b"\r" in text or b'"tool' in text or b'"function' in text:
            return None
        if self.swift is None:
            self.swift = framer()
        if self.swift is frame_of and text.count(b"\\") > MAX_ESCAPES:
            return None
        return self.swift(text), text.isascii() or is_utf8(text)

    def remember(self, frame: Frame, verdict: Verdict) -> None:
        """Keep the verdict on lines of a frame, if it tells all of them."""
        if verdict.failures or not tells_all(frame):
            return
        if len(self.known) >= MAX_FRAMES:
            self.known.clear()
        known = copy(verdict)
        known.is_exact = all(hit.problem.span is None for hit in verdict.hits)
        if known.value is not msgspec.UNSET:
            # The value itself may be large.
            known.value = None
        self.known[frame] = known


def told(known: Verdict, text: bytes) -> Verdict:
    """A remembered verdict for another line."""
    verdict = copy(known)
    if verdict.value is not msgspec.UNSET:
        verdict.value = value_of(text)
    return verdict


def tells_all(frame: Frame) -> bool:
    """Whether a frame is small, and no key that is looked at may hide behind an escape in it."""
    kept, _ = frame
    return len(kept) <= MAX_FRAME_BYTES and b"\\" not in kept


def has_value(text: bytes) -> bool:
    """Whether the JSON of a line can be read, found out anew."""
    text = text.removesuffix(b"\r")
    body = text[marks(text) :]
    return bool(body.strip()) and not any(fault.kind in HARD for fault in faults_of(body))


def value_of(text: bytes) -> Any:
    """The value of a line without a hard fault."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        text = text.removesuffix(b"\r")
        return decode(text[marks(text) :])
