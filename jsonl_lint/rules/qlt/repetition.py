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

import re
from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What do you think?"}
TIMES = 5
LENGTH = 120
PERIOD = 200
PROBE = 12
# A character takes six bytes at most.
REACH = PROBE + 6 * PERIOD
END = re.compile(rb'(?:\\[ntr]| )*"\}\]\}[ \r]*\Z')


def suspects(block: bytes) -> Iterator[int]:
    """The lines of a block whose end, as bytes, stands in them just before too."""
    start, size = 0, len(block)
    find = block.find
    while start < size:
        end = find(b"\n", start)
        stop = end if end >= 0 else size
        if stop - start > LENGTH:
            quote = stop - 4
            if block[quote:stop] != b'"}]}' or block[quote - 1] in b" nrt":
                quote = end_of_text(block, stop)
            probe = block[quote - PROBE : quote]
            if quote < start or b'"' in probe or find(probe, max(start, quote - REACH), quote - 1) >= 0:
                yield start
        start = stop + 1


def end_of_text(block: bytes, stop: int) -> int:
    """Where the text at the end of a line ends, its white space set aside; -1 where there is no telling."""
    match = END.search(block[max(stop - 64, 0) : stop])
    return stop - len(match[0]) if match is not None else -1


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
