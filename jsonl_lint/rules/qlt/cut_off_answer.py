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
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
ENDS = b".!?)*:>]}"
# In a block that is shorter, a regular expression costs less than loading numpy.
# The line ends with another key than the message's content; a name has 64 characters at most.
OTHER_KEY = re.compile(rb'"(?!content")\w+"\s*:\s*"[^"\\]*"[\s}\]]*\Z')
ESCAPED_QUOTE = re.compile(rb'\\"(?:\\[ntr]| )*"[\s}\]]*\Z')
FEW_BYTES = 32 * 1024
TAIL = re.compile(rb'(\\?)([^\s"\\]*)(?:\\[ntr]| )*"[\s}\]]*\Z')


def suspects(block: bytes) -> Iterable[int]:
    """The lines of a block that may stop in the middle of a sentence, or in a fence."""
    return itertools.chain(open_fences(block), unfinished(block))


def open_fences(block: bytes) -> Iterator[int]:
    """The lines of a block whose last message holds an odd number of fences, or fences of several lengths."""
    fence = block.find(b"```")
    while fence >= 0:
        start, end = block.rfind(b"\n", 0, fence) + 1, block.find(b"\n", fence)
        end = end if end >= 0 else len(block)
        last = block[max(block.rfind(b'"role"', start, end), start) : end]
        if b'"content"' not in last or b"````" in last or last.count(b"```") % 2:
            yield fence
        fence = block.find(b"```", end)


def unfinished(block: bytes) -> Iterable[int]:
    """The lines of a block that may stop in the middle of a sentence: all but those that end with a full stop or the like."""
    if len(block) < FEW_BYTES:
        ends = [match.start() for match in re.finditer(rb"\n|\Z", block)]
        return [end - 1 for end in ends if may_be_cut_off(block, end)]
    import numpy

    bytes_of = numpy.frombuffer(block, numpy.uint8)
    places = numpy.flatnonzero(bytes_of == 10)
    places = places[places > 5]
    is_closed = bytes_of[places - 4] == ord('"')
    is_ended = numpy.isin(bytes_of[places - 5], numpy.frombuffer(ENDS, numpy.uint8))
    doubtful = places[~(is_closed & is_ended)].tolist()
    return [end - 1 for end in (*doubtful, len(block)) if may_be_cut_off(block, end)]


def may_be_cut_off(block: bytes, end: int) -> bool:
    """Whether what stands before a line's end may be a text that stops in the middle of a sentence."""
    tail = block[max(end - 120, 0) : end]
    if OTHER_KEY.search(tail):
        return True
    match = TAIL.search(tail)
    if match is None or match[1] or not match[2]:
        # An escaped quote ends no word; any other escape may stand for a letter or a comma.
        return end > 0 and not ESCAPED_QUOTE.search(tail)
    word = match[2].decode("utf-8", "ignore")
    return word.endswith(COMMAS) or word in WORDS


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
    for match in FENCE.finditer(text):
        if not opened:
            opened = match[1]
        elif match[1].startswith(opened):
            opened = ""
    return bool(opened)
