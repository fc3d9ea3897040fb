"""Where the last answers of chat lines stand, told from the bytes of the lines alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

__all__ = ["Ending", "candidates", "compiled", "last_answer"]

# How most lines end.
CLOSING = b'"}]}'
LAST = b"} \r\t"
KEY = b'"content"'
# Behind a list stands another key: the messages may stand anywhere in the line. In a text no quote comes without a backslash.
MORE = re.compile(rb'\][ \t]*,[ \t]*"')
BACKSLASH = 0x5C

# White space as it may be spelled, and the bytes with which that may end.
SPACE = (
    rb"(?:[ ]|\\[ntrf]|\\u(?:00(?:09|0[a-dA-D]|1[c-fC-F]|20|85|[aA]0)|1680|20(?:0[0-9aA]|2[89fF]|5[fF])|3000)"
    rb"|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)+\Z"
)
LONGEST_SPACE = 6
SPACE_ENDS = b" ntr0123456789abcdefABCDEF" + bytes(range(0x80, 0xC0))

# So much before the end of the messages is enough for a weight, and for all keys that may follow the content: a name has 64
# characters.
REACHES = (32, 200)
END = rb'"(?:\s*,\s*"(?:role|name|weight)"\s*:\s*(?:"[^"\\]*"|[-+.\w]+))*\s*\}\s*\]\s*[},]\s*\Z'

# In a block that is shorter, a loop costs less than loading the parts in C, which give so many lines at a time.
MANY_BYTES = 32 * 1024
AT_ONCE = 256


class Ending(msgspec.Struct, frozen=True, gc=False):
    """A line, from its start to where it stops, and its last answer, white space at its end aside; -1 where in doubt."""

    start: int
    stop: int
    text: int
    text_end: int


def candidates(block: bytes, name: str, parameter: bytes) -> Iterable[Ending]:
    """The last answers of the lines of a block; of a large one those alone that a function in C does not rule out."""
    found = found_in_c(block, name, parameter) if len(block) >= MANY_BYTES else None
    if found is None:
        return endings(block)
    return [ending if ending.text >= 0 else ending_of(block, ending.start, ending.stop) for ending in found]


def found_in_c(block: bytes, name: str, parameter: bytes) -> list[Ending] | None:
    """What a function in C finds, which takes a parameter as bytes; None where there is none."""
    from ctypes import byref, c_char_p, c_int64, c_void_p

    from jsonl_lint.native import function

    search = function(name, c_char_p, c_int64, c_int64, c_char_p, c_void_p, c_int64)
    if search is None:
        return None
    found: list[Ending] = []
    some = (c_int64 * 4 * AT_ONCE)()
    count = AT_ONCE
    while count == AT_ONCE:
        start = found[-1].stop + 1 if found else 0
        count = search(block, len(block), start, parameter, byref(some), AT_ONCE)
        found += [Ending(*numbers) for numbers in some[:count]]
    return found


def endings(block: bytes) -> Iterator[Ending]:
    """The last answers of the lines of a block."""
    start = 0
    while start < len(block):
        end = block.find(b"\n", start)
        stop = end if end >= 0 else len(block)
        if stop > start:
            yield ending_of(block, start, stop)
        start = stop + 1


def ending_of(block: bytes, start: int, stop: int) -> Ending:
    """The last answer of a line."""
    return Ending(start, stop, *(last_answer(block, start, stop) or (-1, -1)))


def last_answer(block: bytes, start: int, stop: int) -> tuple[int, int] | None:
    """Where the text of the last message of a line begins and ends, white space at its end aside; None if in doubt.

    A line that does not end with a bracket is no JSON; there is no text in it then.
    """
    if block[stop - 1] not in LAST:
        return start, start
    end = stop - len(CLOSING)
    if block[end:stop] != CLOSING:
        end = end_before_keys(block, start, stop)
    elif MORE.search(block, start, end) is not None:
        return None
    end = without_space(block, start, end)
    quote = opening_quote(block, start, end) if end > start else -1
    is_content = quote > start + len(KEY) and KEY in block[quote - len(KEY) - 4 : quote]
    return (quote + 1, end) if is_content else None


def end_before_keys(block: bytes, start: int, stop: int) -> int:
    """Where a text ends after which other keys of its message follow, or tools; -1 if in doubt."""
    # The brackets of the messages' end stand at the end of tools too, but after another bracket.
    has_more = block[stop - 3 : stop] != CLOSING[1:] or block[stop - 4] == CLOSING[1]
    tools = block.find(b'"tools"', start, stop) if has_more else -1
    stop = tools if tools >= 0 else stop
    if MORE.search(block, start, stop) is not None:
        return -1
    for reach in REACHES:
        first = max(stop - reach, start)
        match = compiled(END).search(block, first, stop)
        if match is not None:
            return match.start()
    return -1


def without_space(block: bytes, start: int, end: int) -> int:
    """Where a text ends without the white space at its end."""
    while end > start and block[end - 1] in SPACE_ENDS:
        match = compiled(SPACE).search(block, max(end - LONGEST_SPACE, start), end)
        if match is None:
            break
        end = match.start()
    return end


@cache
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """A pattern, made when it is first needed: most lines need neither."""
    return re.compile(pattern)


def opening_quote(block: bytes, start: int, end: int) -> int:
    """Where the text begins that ends at a quote: within a text every quote has a backslash before it."""
    quote = block.rfind(b'"', start, end)
    while quote > start and block[quote - 1] == BACKSLASH:
        quote = block.rfind(b'"', start, quote)
    return quote
