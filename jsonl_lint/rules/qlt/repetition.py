"""The assistant's answer repeats itself.

## What it does
Flags an assistant's text that ends its example and goes on with one and the same run of characters until its end: at
least five times, at least 120 characters in all, the last time perhaps cut off. Rows of one character (rules, dots) and
numbers are left alone.

## Why
Models that were stopped by a limit of tokens often ended in such a loop; the trained model learns to fall into it.

## How to repair
Cut the loop off, or remove the example.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.rules.qlt.ending import candidates
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What do you think?"}
TIMES = 5
LENGTH = 120
PERIOD = 200
PROBE = 12
# The characters that are the same as those one turn before: of the shortest loop all but the first turn, and a few that may
# be taken for white space at its end.
SAME = min(max(LENGTH, TIMES * period) - period for period in range(1, PERIOD + 1)) - PROBE
# A character takes six bytes at most, or twelve if it is one of those that take two escapes.
REACH = PROBE + 6 * PERIOD
# The same for the function in C.
SHAPE = b"".join(number.to_bytes(8, sys.byteorder) for number in (LENGTH - PROBE, SAME, PROBE, REACH))


def suspects(block: bytes) -> Iterable[int]:
    """The lines of a block whose last text, as bytes, ends with what stands in it just before too."""
    found = candidates(block, "find_loops", SHAPE)
    return [line.start for line in found if line.text < 0 or may_be_loop(block, line.text, line.text_end)]


def may_be_loop(block: bytes, start: int, end: int) -> bool:
    """Whether the end of the text between two places is the same as what stands a turn before it, as bytes."""
    probe = block[end - PROBE : end]
    first = max(end - REACH, start)
    before = block.find(probe, first, end - 1) if end - start >= LENGTH - PROBE else -1
    while before >= 0:
        period = end - PROBE - before
        if block[end - SAME : end] == block[end - SAME - period : end - period]:
            return True
        before = block.find(probe, before + 1, end - 1)
    return False


@rule(
    "QLT006",
    at=Text,
    severity="info",
    repair="cut the loop off, or remove the example",
    suspects=suspects,
    bad=[
        Case(
            {
                "messages": [
                    QUESTION,
                    {"role": "assistant", "content": "I think so. " + "I am not sure about that. " * 8},
                ]
            },
            at="/messages/1/content",
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "Well, " + "very good and " * 20 + "very"}]},
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "-" * 400}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Yes. " * 4}]}),
    ],
)
def repetition(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.role != "assistant" or not text.is_last or text.is_arguments:
        return
    found = loop_of(text.text.rstrip())
    if found is None:
        return
    start, period = found
    times = (len(text.text.rstrip()) - start) // period
    plain = f"the answer ends with the same {period} characters {times} times"
    yield Problem(plain, plain=plain, text_range=(start, len(text.text.rstrip())))


def loop_of(text: str) -> tuple[int, int] | None:
    """Where a loop at the end of a text begins, and how long one turn of it is; None if there is none."""
    probe = text[-PROBE:]
    if len(text) < LENGTH or len(set(text[-LENGTH:])) < 4:
        return None
    before = text.rfind(probe, max(0, len(text) - PROBE - PERIOD), len(text) - 1)
    if before < 0:
        return None
    period = len(text) - PROBE - before
    start = loop_start(text, period)
    turn = text[-period:]
    if len(text) - start < max(LENGTH, TIMES * period) or not any(char.isalpha() for char in turn):
        return None
    return start, period


def loop_start(text: str, period: int) -> int:
    """How far back each character is the same as the one a turn later."""
    index = len(text) - period - 1
    while index >= 0 and text[index] == text[index + period]:
        index -= 1
    return index + 1
