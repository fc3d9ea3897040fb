"""Verdicts on lines that differ in nothing but their texts: judged once, remembered, and told again.

A file in which every line is bad mostly has the same few defects again and again.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.parts import Image, Tool, ToolCall
from jsonl_lint.rule import Conversation, Line, Message, Roles, Row
from jsonl_lint.values import has_value

if TYPE_CHECKING:
    from jsonl_lint.families import Known, Memory, Sight

__all__ = ["Alike"]

# To make ready for it takes as long as to judge so many lines.
FEW = 30

# After so many lines in a row of which none was like another, so many are judged without a look at their frames.
PATIENCE = 50
REST = 500


class Alike:
    """Judges lines as a judge does; of a line that is like an earlier one it gives that one's verdict.

    Such a verdict has the right number of hits, of the right rules and in the right order; only if it `is_exact` their places
    and words are this line's own.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.unlike = 0
        self.resting = FEW
        self.is_bad = False

    @cached_property
    def memory(self) -> Memory:
        """What is remembered; what it needs takes a while to load."""
        from jsonl_lint.families import Memory

        return Memory(self.judge)

    @cached_property
    def is_open(self) -> bool:
        """Whether frames tell all: not of outputs, which are compared, nor of images to be fetched, nor for rules of others."""
        plan = self.judge.plan
        kinds = (Line, Row, Message, Roles, Conversation, Tool, ToolCall, Image)
        rules = [rule for kind in kinds for rule in self.judge.rules(kind)]
        is_own = all(rule.gated and rule.url for rule in rules)
        return is_own and plan.method != "dpo" and not plan.fetches and self.memory.is_able

    def line(self, text: bytes) -> Verdict:
        """What is wrong with a line, given without its line feed."""
        sight = self.sight(text)
        if sight is None:
            return self.judge.line(text)
        known = self.memory.told(sight)
        self.is_bad = known is not None and bool(known.tally)
        if known is not None:
            self.unlike = 0
            return known.verdict_on(text)
        self.unlike += 1
        verdict = self.judge.line(text)
        self.memory.remember(sight, verdict)
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
        sight = self.sight(text)
        return None if sight is None else self.memory.told(sight)

    def sight(self, text: bytes) -> Sight | None:
        """What is seen of a line; None if that does not tell all, or is not worth the time."""
        if self.resting:
            self.resting -= 1
            return None
        if not self.is_open:
            return None
        if self.unlike > PATIENCE:
            self.unlike, self.resting = 0, REST
            return None
        return self.memory.sight(text)
