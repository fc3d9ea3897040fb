r"""Long texts in parts whose tokens add up to those of the whole text.

The patterns of the encodings look at most one character ahead and never back, so a text may be cut wherever two pieces of
the pattern meet. Two such places are certain in every encoding here:

* before a space that follows a character that is no white space: no piece has white space after anything else;
* around a run of white space that the pattern takes as one piece. `\s+(?!\S)` takes a run up to its last character, which
  the next piece may need; in o200k and cl100k a run begins after its last line break, which `\s*[\r\n]` has taken before.

The second one matters because tiktoken panics on `\s+(?!\S)` from about a million characters on (openai/tiktoken issue 15).
Before the end of a text cl100k and the older encodings have `\s++$`, which does not panic: such a run needs no cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LONG", "Part", "parts"]

Part = tuple[str, bool]
"""A text, and whether it is a single piece that the pattern must not see."""

LONG = 500_000
"""Texts of fewer characters need no cut."""

# White space as the patterns' regular expressions have it; Python's `\s` has four control characters more.
_BLANK = "\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN = {
    "o200k_base": f"[{_BLANK}]+",
    "cl100k_base": f"[{_BLANK}]+",
    "p50k_base": f"[{_BLANK}\r\n]+",
    "r50k_base": f"[{_BLANK}\r\n]+",
}
_TAKES_RUN_AT_END = {"o200k_base"}
_WORD_END = re.compile(r"(?<=\S) ")


def parts(text: str, encoding: str, longest: int = LONG) -> Iterator[Part]:
    """The parts of a text, none with a run of `longest` white-space characters unless it is a piece of its own.

    Other parts are about `longest` characters long where the text has spaces between words, which bounds the memory that
    their tokens take.
    """
    start = 0
    for piece_start, piece_end in _long_runs(text, encoding, longest):
        yield from _words(text, start, piece_start, longest)
        yield text[piece_start:piece_end], True
        start = piece_end
    yield from _words(text, start, len(text), longest)


def _long_runs(text: str, encoding: str, longest: int) -> Iterator[tuple[int, int]]:
    for run in re.finditer(_RUN[encoding], text):
        start, end = run.span()
        if end - start < longest:
            continue
        if end == len(text):
            if encoding in _TAKES_RUN_AT_END:
                yield start, end
        elif text[end] not in "\r\n":
            yield start, end - 1


def _words(text: str, start: int, end: int, longest: int) -> Iterator[Part]:
    while end - start > longest:
        word_end = _WORD_END.search(text, start + longest, end)
        if word_end is None:
            break
        yield text[start : word_end.start()], False
        start = word_end.start()
    if start < end:
        yield text[start:end], False
