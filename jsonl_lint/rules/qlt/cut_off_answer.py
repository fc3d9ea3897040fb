"""The assistant's answer stops in the middle.

## What it does
Flags an assistant's text that ends its example and stops after a comma, after a word that can't end a sentence (an
article, a conjunction, a preposition; in English, German, French, Spanish, Italian and Portuguese), or inside a fence of
code. Short answers of fewer than six words are left alone.

## Why
Answers that were cut off by a limit of tokens teach the model to stop at any place.

## How to repair
Write the rest, or remove the example.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.rules.qlt.ending import candidates, compiled, last_answer
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "How do I get to the station?"}
FEW_WORDS = 6

# Words with which no sentence of these languages ends; those that are also a verb's particle ("put it in") are left out.
WORDS = frozenset(
    "the a an and or of because which whose if than while although whether their my your our into "
    "der die das und oder ein eine einen einem einer weil dass wenn den dem des sowie zum zur vom "
    "le la les et ou une des du de pour avec dans que qui sur mais car leur aux "
    "el los las y o una unos del con para por porque que sus "
    "il lo gli e ed di della dei delle degli che per nel nella sul "
    "os um uma do da dos das em no na ao são que com".split()
)  # fmt: skip
# Letters that stand for themselves ("vitamin A", "plan o") or words of another language ("das tat er, no").
DOUBTFUL = frozenset("a o e y no na do die los des".split())
COMMAS = (",", "、", "，", "،")
FENCE = r"(?m)^ {0,3}(`{3,}|~{3,})"
# A line feed as JSON writes it, at the end of some bytes; after an even number of backslashes it is one of those.
LINE_FEED = rb"(?<!\\)(?:\\\\)*\\(?:n|u000[aA])\Z"
BACKTICK = 0x60
# The ends of answers that are whole, and the words and bytes at the end of others.
ENDS = b".!?)*:>]}"
IS_END = bytes(byte in ENDS for byte in range(256))
LAST_WORDS = frozenset(word.encode() for word in WORDS)
LONGEST = max(map(len, LAST_WORDS)) + 1
# What may stand for a letter, a comma or a space, which no character of two escapes does.
ESCAPE = rb"\\u(?![dD][89a-fA-F])"
# Commas, and the white space beyond ASCII that may follow a word.
SPACES = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
DOUBTFUL_BYTES = tuple(char.encode() for char in (*COMMAS, *SPACES))


def suspects(block: bytes) -> Iterable[int]:
    """The lines of a block that may stop in the middle of a sentence, or in a fence."""
    return itertools.chain(open_fences(block), unfinished(block))


def open_fences(block: bytes) -> Iterator[int]:
    """The lines of a block whose last text has an odd number of fences, or fences of several lengths."""
    place = block.find(b"```") if b"`" in block else -1
    while place >= 0:
        start, end = block.rfind(b"\n", 0, place) + 1, block.find(b"\n", place)
        end = end if end >= 0 else len(block)
        found = last_answer(block, start, end)
        lengths = list(fence_lengths(block, *found)) if found is not None else []
        if found is None or len(lengths) % 2 or len(set(lengths)) > 1:
            yield place
        place = block.find(b"```", end)


def fence_lengths(block: bytes, start: int, end: int) -> Iterator[int]:
    """The lengths of the runs of backticks that may be fences: at the start of a text, as bytes, or of one of its lines."""
    place = block.find(b"```", start, end)
    while place >= 0:
        stop = place + 3
        while block[stop] == BACKTICK:
            stop += 1
        around = block[max(place - 16, start) : place]
        before = around.rstrip(b" ")
        if len(around) - len(before) <= 3 and (not before or compiled(LINE_FEED).search(before)):
            yield stop - place
        place = block.find(b"```", stop, end)


def unfinished(block: bytes) -> Iterable[int]:
    """The lines of a block that may stop in the middle of a sentence; in C those with a full stop or the like are ruled out."""
    found = candidates(block, "find_unended", IS_END)
    return [line.start for line in found if line.text < 0 or may_be_cut_off(block, line.text, line.text_end)]


def may_be_cut_off(block: bytes, start: int, end: int) -> bool:
    """Whether a text, as bytes, may stop in the middle of a sentence."""
    tail = block[max(start, end - LONGEST) : end]
    if compiled(ESCAPE).search(tail) is not None:
        return True
    return tail.rpartition(b" ")[2] in LAST_WORDS or tail.endswith(DOUBTFUL_BYTES)


@rule(
    "QLT005",
    at=Text,
    severity="info",
    repair="write the rest, or remove the example",
    triggers=["~~~"],
    suspects=suspects,
    bad=[
        Case(
            {
                "messages": [
                    QUESTION,
                    {"role": "assistant", "content": "Go down this road, turn left, and then take the"},
                ]
            },
            at="/messages/1/content",
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "Like this:\n```python\nprint(1)"}]},
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Plan A and"}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Go down this road and then ask again."}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "```\nx\n```"}]}),
    ],
)
def cut_off_answer(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.role != "assistant" or not text.is_last or text.is_arguments:
        return
    what = stop_of(text.text.rstrip())
    if what is not None:
        length = len(text.text)
        message = f"the answer stops {what}"
        yield Problem(message, plain=message, text_range=(max(length - 20, 0), length))


def stop_of(text: str) -> str | None:
    """Where in the middle a text stops; None if it does not."""
    if is_in_fence(text):
        return "inside a fence of code"
    if len(text.split()) < FEW_WORDS and not (text.endswith(COMMAS[1:]) and len(text) > 12):
        return None
    if text.endswith(COMMAS):
        return "after a comma"
    last = text.rpartition(" ")[2]
    # A capital letter, or a word of its own line, may be a name, a label or an item of a list.
    if "\n" in last or not last.islower() or last in DOUBTFUL or last not in WORDS:
        return None
    return "in the middle of a sentence"


def is_in_fence(text: str) -> bool:
    """Whether a fence of code is open at the end of a text."""
    opened = ""
    for match in re.finditer(FENCE, text):
        if not opened:
            opened = match[1]
        elif match[1].startswith(opened):
            opened = ""
    return bool(opened)
