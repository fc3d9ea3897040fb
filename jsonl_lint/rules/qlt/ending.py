"""Where the last answer of a chat line stands, told from the line's bytes alone."""

from __future__ import annotations

import re

__all__ = ["CLOSING", "last_answer"]

# How most lines end.
CLOSING = b'"}]}'
LAST = b"} \r\t"
KEY = b'"content"'
BACKSLASH = 0x5C

# So much before the end of the messages is enough for a weight, and for all keys that may follow the content: a name has 64
# characters.
REACHES = (32, 200)
END = re.compile(
    rb'(?:\\[ntr]| )*"(?:\s*,\s*"(?:role|name|weight)"\s*:\s*(?:"[^"\\]*"|[-+.\w]+))*\s*\}\s*\]\s*[},]\s*\Z',
)


def last_answer(block: bytes, start: int, stop: int) -> tuple[int, int] | None:
    """Where the text of the last message of a line begins and ends, white space at its end aside; None if in doubt.

    A line that does not end with a bracket is no JSON; there is no text in it then.
    """
    if block[stop - 1] not in LAST:
        return start, start
    end = stop - len(CLOSING)
    if block[end:stop] != CLOSING or block[end - 1] in b" nrt":
        end = end_before_keys(block, start, stop)
    quote = opening_quote(block, start, end) if end > start else -1
    is_content = quote > start + len(KEY) and KEY in block[quote - len(KEY) - 4 : quote]
    return (quote + 1, end) if is_content else None


def end_before_keys(block: bytes, start: int, stop: int) -> int:
    """Where a text ends after which other keys of its message follow, or white space or tools; -1 if in doubt."""
    # The brackets of the messages' end stand at the end of tools too, but after another bracket.
    has_more = block[stop - 3 : stop] != CLOSING[1:] or block[stop - 4] == CLOSING[1]
    tools = block.find(b'"tools"', start, stop) if has_more else -1
    stop = tools if tools >= 0 else stop
    for reach in REACHES:
        first = max(stop - reach, start)
        match = END.search(block, first, stop)
        if match is not None:
            return match.start()
    return -1


def opening_quote(block: bytes, start: int, end: int) -> int:
    """Where the text begins that ends at a quote: within a text every quote has a backslash before it."""
    quote = block.rfind(b'"', start, end)
    while quote > start and block[quote - 1] == BACKSLASH:
        quote = block.rfind(b'"', start, quote)
    return quote
