"""Verdicts on lines that differ in nothing but their texts: judged once, remembered, and told again.

A file in which every line is bad mostly has the same few defects again and again. What the rules on structure say of a line
does not depend on the words in it, as long as something of a text can be seen: it follows from the line's frame, which is
what is left when these are cut out:

- texts, and numbers that no rule looks at;
- ids, of which it matters only which are equal: their numbers in the line stand for them;
- names of speakers, of which it matters only whether they have the signs of one, and addresses of images on the web;
- what cannot be read, since something before it is no JSON;
- lists of tools: few are different, and numbers stand for them too;
- arguments of calls: what the rules on calls say of them is found out for each line, and is a part of what is remembered.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from copy import copy
from functools import cached_property, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

import msgspec

from jsonl_lint.finding import Path, Severity
from jsonl_lint.judge import HARD, Judge, Verdict, decode, faults_of, marks
from jsonl_lint.outcomes import Called, Outcome, called_in, outcomes_of
from jsonl_lint.parts import Image, Tool, ToolCall
from jsonl_lint.rule import Conversation, Line, Message, Roles, Row
from jsonl_lint.text import is_utf8
from jsonl_lint.views import order_of

if TYPE_CHECKING:
    from jsonl_lint.frames import Frame, Framer

__all__ = ["Alike", "Known", "has_value", "value_of"]

# Keys under which rules look at more than whether a text has anything to see. Whatever stands under others is cut out.
LOOKED_AT = (
    "messages role name weight tool_calls function_call type function parallel_tool_calls"
    " image_url url detail input preferred_output non_preferred_output"
).split()
IDS = ("id", "tool_call_id")

# What is remembered is small, whatever the data.
MAX_FAMILIES = 2000
MAX_VERDICTS = 50
MAX_FRAME_BYTES = 2000
MAX_LINE_BYTES = 64 * 1024
MAX_DECLARED = 256
MAX_DECLARED_BYTES = 16 * 1024

# To make ready for it takes as long as to judge so many lines.
FEW = 30

# After so many lines in a row of which none was like another, so many are judged without a look at their frames.
PATIENCE = 50
REST = 500

Key = tuple[bytes, bool, tuple[int, ...]]
"""The frame of a line, whether the line is UTF-8, and the numbers of what it declares."""


class Known(msgspec.Struct, frozen=True):
    """What is remembered of lines: their verdict but for the value, the codes and severities of its hits, and the roles.

    `roles` is None where there is no example. If it `is_simple`, there is nothing in the verdict but hits, images and a value.
    """

    verdict: Verdict
    tally: Sequence[tuple[str, Severity]]
    roles: tuple[str | None, ...] | None
    is_simple: bool

    def verdict_on(self, text: bytes) -> Verdict:
        """The verdict on a line."""
        verdict = copy(self.verdict)
        if verdict.value is not msgspec.UNSET:
            verdict.value = value_of(text)
        verdict.remote = [(address_at(verdict.value, path), path) for _, path in verdict.remote]
        return verdict


class Family(msgspec.Struct):
    """The lines of one frame: the calls in each of them, and what is known by what the rules say of these."""

    calls: Sequence[Called]
    known: dict[tuple[Outcome, ...], Known]


class Alike:
    """Judges lines as a judge does; of a line that is like an earlier one it gives that one's verdict.

    Such a verdict has the right number of hits, of the right rules and in the right order; only if it `is_exact` their places
    and words are this line's own.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.families: dict[Key, Family] = {}
        self.declared: dict[bytes, int] = {}
        self.numbers = itertools.count()
        self.unlike = 0
        self.resting = FEW
        self.is_bad = False
        # Of two outputs it is asked whether they are equal, images are to be fetched, and rules of others may look at anything.
        kinds = (Line, Row, Message, Roles, Conversation, Tool, ToolCall, Image)
        rules = [rule for kind in kinds for rule in judge.rules(kind)]
        is_own = all(rule.gated and rule.url for rule in rules)
        self.is_open = is_own and judge.plan.method != "dpo" and not judge.plan.fetches

    @cached_property
    def framer(self) -> Framer:
        """What gives the frames of lines; what it needs takes a while to load."""
        from jsonl_lint.frames import Framer

        has_pattern = self.judge.plan.facts.call_id_pattern is not None
        return Framer([*LOOKED_AT, *(IDS if has_pattern else ())], MAX_LINE_BYTES)

    def line(self, text: bytes) -> Verdict:
        """What is wrong with a line, given without its line feed."""
        frame = self.frame(text)
        if frame is None:
            return self.judge.line(text)
        key = self.key(frame, text)
        known = self.told(key, frame)
        self.is_bad = known is not None and bool(known.tally)
        if known is not None:
            self.unlike = 0
            return known.verdict_on(text)
        self.unlike += 1
        verdict = self.judge.line(text)
        self.remember(key, frame, verdict)
        return verdict

    def bad_again(self, text: bytes) -> Known | None:
        """What is known of a line that is like an earlier bad one; None for any other.

        Worth the time behind such a line only, so that it says None behind others.
        """
        if not self.is_bad:
            return None
        known = self.known(text)
        self.is_bad = known is not None and bool(known.tally)
        return known if self.is_bad else None

    def has_value(self, text: bytes) -> bool:
        """Whether the JSON of a line can be read, whatever else is wrong with it."""
        known = self.known(text)
        return has_value(text) if known is None else known.verdict.value is not msgspec.UNSET

    def known(self, text: bytes) -> Known | None:
        """What is known of an earlier line that this one is like."""
        frame = self.frame(text)
        return None if frame is None else self.told(self.key(frame, text), frame)

    def frame(self, text: bytes) -> Frame | None:
        """The frame of a line; None if it does not tell all, or is not worth the time."""
        if self.resting:
            self.resting -= 1
            return None
        if not self.is_open or len(text) > MAX_LINE_BYTES or self.framer.cut is None:
            return None
        if self.unlike > PATIENCE:
            self.unlike, self.resting = 0, REST
            return None
        text = text.removesuffix(b"\r")
        # A carriage return may end a line for other readers, also behind a broken string.
        frame = None if b"\r" in text else self.framer.frame(text)
        if frame is None or sum(map(len, frame.declared)) > MAX_DECLARED_BYTES:
            return None
        return None if frame.arguments and not is_utf8(text) else frame

    def key(self, frame: Frame, text: bytes) -> Key:
        """By what the lines of a frame are known."""
        return frame.kept, text.isascii() or is_utf8(text), tuple([self.number(each) for each in frame.declared])

    def number(self, declared: bytes) -> int:
        """What stands for a list of tools or functions."""
        number = self.declared.get(declared)
        if number is None:
            if len(self.declared) >= MAX_DECLARED:
                self.forget()
            number = self.declared[declared] = next(self.numbers)
        return number

    def forget(self) -> None:
        """Forget all that is remembered; the numbers of what was declared do not come again."""
        self.families.clear()
        self.declared.clear()

    def told(self, key: Key, frame: Frame) -> Known | None:
        """What is remembered of lines with a frame, and with what the rules say of the calls in this one."""
        family = self.families.get(key)
        if family is None:
            return None
        outcomes = outcomes_of(self.judge, family.calls, frame.arguments)
        return family.known.get(outcomes) if outcomes is not None else None

    def remember(self, key: Key, frame: Frame, verdict: Verdict) -> None:
        """Keep the verdict on lines of a frame, if it tells all of them."""
        if verdict.failures or not tells_all(key):
            return
        family = self.families.get(key) or self.family(frame, verdict)
        outcomes = outcomes_of(self.judge, family.calls, frame.arguments) if family is not None else None
        if family is None or outcomes is None or len(family.known) >= MAX_VERDICTS:
            return
        if len(self.families) >= MAX_FAMILIES:
            self.forget()
        self.families[key] = family
        is_exact = frame.is_told and all(hit.problem.span is None for hit in verdict.hits)
        severity_of = self.judge.plan.severity_of
        tally = [(hit.rule.code, severity_of(hit.rule, hit.problem)) for hit in verdict.hits]
        roles = order_of(verdict.value) if is_example(verdict) else None
        family.known[outcomes] = Known(without_value(verdict, is_exact), tally, roles, is_simple(verdict))

    def family(self, frame: Frame, verdict: Verdict) -> Family | None:
        """The family of a line's frame; None if something else than calls has arguments."""
        is_read = is_example(verdict)
        calls = tuple(called_in(Row(verdict.value, self.judge.plan.method))) if is_read else ()
        return Family(calls, {}) if not is_read or len(calls) == len(frame.arguments) else None


def address_at(value: Any, path: Path) -> str:
    """The address of the image at a path of a value."""
    part = reduce(getitem, path, value)
    return str(part["image_url"]["url"])


def is_example(verdict: Verdict) -> bool:
    """Whether a line is an example of the plan's method, whatever is wrong with it."""
    return isinstance(verdict.value, dict) and verdict.other_method is None


def is_simple(verdict: Verdict) -> bool:
    """Whether a verdict holds nothing but hits, images and a value."""
    beside = (
        verdict.blocked_by,
        verdict.failures,
        verdict.other_method,
        verdict.omissions,
        verdict.blank,
        verdict.cr_ends,
    )
    return not any(beside)


def without_value(verdict: Verdict, is_exact: bool) -> Verdict:
    """A verdict without the value, which may be large, but for whether there is one."""
    known = copy(verdict)
    known.is_exact = is_exact
    known.value = msgspec.UNSET if verdict.value is msgspec.UNSET else None
    return known


def tells_all(key: Key) -> bool:
    """Whether a frame is small, and no key that is looked at may hide behind an escape in it."""
    kept, _, _ = key
    return len(kept) <= MAX_FRAME_BYTES and b"\\" not in kept


def has_value(text: bytes) -> bool:
    """Whether the JSON of a line can be read, found out anew."""
    text = text.removesuffix(b"\r")
    body = text[marks(text) :]
    return bool(body.strip()) and not any(fault.kind in HARD for fault in faults_of(body))


def value_of(text: bytes) -> Any:
    """The value of a line without a hard fault."""
    text = text.removesuffix(b"\r")
    return decode(text[marks(text) :])
