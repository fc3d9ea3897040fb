"""What is remembered of lines: the verdicts on those of one frame, and of calls of which the rules say the same.

What the rules on structure say of a line follows from its frame, which is what is left when these are cut out:

- texts, and numbers that no rule looks at;
- ids, of which it matters only which are equal: their numbers in the line stand for them;
- the same of keys with digits behind the messages, of which no rule knows any;
- names of speakers, of which it matters only whether they have the signs of one, and addresses of images on the web;
- what cannot be read, since something before it is no JSON;
- tools: a number stands for what the rules say of each of them, and for lists of functions, of which few are different;
- names and arguments of calls: what the rules on calls say is found out for each line, and is a part of what is remembered.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from copy import copy
from functools import reduce
from operator import getitem
from string import digits
from typing import Any

import msgspec

from jsonl_lint.declared import Declarations, Declared, Said
from jsonl_lint.finding import Path, Severity
from jsonl_lint.frames import Frame, Framer
from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.outcomes import Calls, calls_in, outcomes_of
from jsonl_lint.rule import Row
from jsonl_lint.text import is_utf8
from jsonl_lint.values import value_of
from jsonl_lint.views import order_of, pictures_in

__all__ = ["LOOKED_AT", "MAX_LINE_BYTES", "Known", "Memory", "Sight"]

# Keys under which rules look at more than whether a text has anything to see. Whatever stands under others is cut out.
LOOKED_AT = (
    "messages role name weight tool_calls function_call type function parallel_tool_calls"
    " image_url url detail input preferred_output non_preferred_output"
).split()
IDS = ("id", "tool_call_id")

# What is remembered is small, whatever the data: so many verdicts and hits in them, of so small frames.
MOST_HELD = 4000
MAX_FRAME_BYTES = 2000
MAX_LINE_BYTES = 64 * 1024
MAX_LISTS = 256
MAX_LIST_BYTES = 16 * 1024

Key = tuple[bytes, bool, tuple[int, ...]]
"""The frame of a line, whether the line is UTF-8, and the numbers for its tools and its lists of functions."""


class Known(msgspec.Struct, frozen=True):
    """What is remembered of lines: their verdict but for the value, the codes and severities of its hits, and the example.

    Of that it is the roles and how many images there are; None where there is no example. If it `is_simple`, there is nothing
    in the verdict but hits, images and a value.
    """

    verdict: Verdict
    tally: Sequence[tuple[str, Severity]]
    roles: tuple[str | None, ...] | None
    pictures: int | None
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

    calls: Calls
    known: dict[tuple[Said, ...], Known]


class Sight(msgspec.Struct, frozen=True):
    """What is seen of a line before it is judged."""

    key: Key
    frame: Frame
    declared: Declared


class Memory:
    """Remembers what a judge says of lines."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.families: dict[Key, Family] = {}
        self.declarations = Declarations(judge)
        self.lists: dict[bytes, int] = {}
        self.numbers = itertools.count()
        self.held = 0
        facts = judge.plan.facts
        # No key of our own has a digit, by which keys are known that may be ever new.
        numbered = [key for key in facts.row_keys if set(key) & set(digits)]
        ids = IDS if facts.call_id_pattern is not None else ()
        self.framer = Framer([*LOOKED_AT, *numbered, *ids], MAX_LINE_BYTES)

    @property
    def is_able(self) -> bool:
        """Whether the part in C is there that it takes."""
        return self.framer.cut is not None

    def sight(self, text: bytes) -> Sight | None:
        """What is seen of a line; None if that does not tell all."""
        text = text.removesuffix(b"\r")
        # A carriage return may end a line for other readers, also behind a broken string.
        if len(text) > MAX_LINE_BYTES or b"\r" in text:
            return None
        frame = self.framer.frame(text)
        if frame is None or sum(map(len, frame.functions)) > MAX_LIST_BYTES:
            return None
        is_valid = is_utf8(text)
        if not is_valid and (frame.arguments or frame.called or frame.bare):
            return None
        declared = self.declarations.of(text, frame)
        if declared is None:
            return None
        numbers = (declared.number, *map(self.number, frame.functions)) if frame.functions else (declared.number,)
        return Sight((frame.kept, is_valid, numbers), frame, declared)

    def number(self, functions: bytes) -> int:
        """What stands for a list of functions."""
        number = self.lists.get(functions)
        if number is None:
            if len(self.lists) >= MAX_LISTS:
                self.forget()
            number = self.lists[functions] = next(self.numbers)
        return number

    def forget(self) -> None:
        """Forget all that is remembered; the numbers of lists do not come again."""
        self.families.clear()
        self.lists.clear()
        self.held = 0

    def told(self, sight: Sight) -> Known | None:
        """What is remembered of lines with a frame, and with what the rules say of the calls in this one."""
        family = self.families.get(sight.key)
        if family is None:
            return None
        outcomes = outcomes_of(self.judge, family.calls, sight.frame, sight.declared)
        return family.known.get(outcomes) if outcomes is not None else None

    def remember(self, sight: Sight, verdict: Verdict) -> None:
        """Keep the verdict on a line, if it tells all of those that look the same."""
        key, frame = sight.key, sight.frame
        if verdict.failures or not tells_all(key):
            return
        family = self.families.get(key) or self.family(frame, verdict)
        outcomes = outcomes_of(self.judge, family.calls, frame, sight.declared) if family is not None else None
        if family is None or outcomes is None:
            return
        self.held += 1 + len(verdict.hits)
        if self.held > MOST_HELD:
            self.forget()
            family = Family(family.calls, {})
        self.families[key] = family
        is_exact = frame.is_told and all(hit.problem.span is None for hit in verdict.hits)
        severity_of = self.judge.plan.severity_of
        tally = [(hit.rule.code, severity_of(hit.rule, hit.problem)) for hit in verdict.hits]
        roles, pictures = (order_of(verdict.value), pictures_in(verdict.value)) if is_example(verdict) else (None, None)
        family.known[outcomes] = Known(without_value(verdict, is_exact), tally, roles, pictures, is_simple(verdict))

    def family(self, frame: Frame, verdict: Verdict) -> Family | None:
        """The family of a line's frame; None if something else than calls has names or arguments like theirs."""
        if not is_example(verdict):
            return Family(Calls(), {})
        calls = calls_in(Row(verdict.value, self.judge.plan.method))
        is_all = (calls.names, calls.arguments) == (len(frame.called), len(frame.arguments))
        return Family(calls, {}) if is_all else None


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
    known.seen = []
    known.value = msgspec.UNSET if verdict.value is msgspec.UNSET else None
    return known


def tells_all(key: Key) -> bool:
    """Whether a frame is small, and no key that is looked at may hide behind an escape in it."""
    kept, _, _ = key
    return len(kept) <= MAX_FRAME_BYTES and b"\\" not in kept
