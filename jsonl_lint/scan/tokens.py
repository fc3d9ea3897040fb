"""The words of JSON as byte patterns, and how its strings are read and undone.

No pattern backtracks over more than it matched once, and every repetition of a group is bounded, so that a line of a
million escapes costs neither quadratic time nor the memory of a million saved states.
"""

from __future__ import annotations

import re

__all__ = [
    "FIRST_ELEMENT",
    "FIRST_MEMBER",
    "NEXT_ELEMENT",
    "NEXT_MEMBER",
    "NON_FINITE",
    "NUMBER",
    "SPACE",
    "VALUE",
    "read_string",
    "skip_blanks",
    "text_of",
    "unescape",
]

BLANK = rb"[ \t\n\r]*"
PLAIN = rb'[^"\\\x00-\x1f]*'
HIGH = rb"u[dD][89abAB][0-9a-fA-F]{2}"
LOW = rb"u[dD][c-fC-F][0-9a-fA-F]{2}"
ESCAPE = rb'\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|' + HIGH + rb"\\" + LOW + rb")"
STRING = rb'"' + PLAIN + rb"(?:" + ESCAPE + PLAIN + rb'){0,1000}"'
WORD_END = rb"(?![0-9A-Za-z_$.+\-])"
SMALL = rb"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?"
LARGE = rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

SCALAR_OR_OPEN = (
    rb"(?:(" + STRING + rb"|(?:true|false|null|" + SMALL + rb")" + WORD_END + rb")|([\[{])|(" + LARGE + rb")" + WORD_END
) + rb")"
MEMBER = rb'"(' + PLAIN + rb')"' + BLANK + rb":" + BLANK + SCALAR_OR_OPEN
ELEMENT = rb"()" + SCALAR_OR_OPEN

# What follows the start of a container or a value in it. Groups: 1 the closing bracket, 2 the key without its quotes,
# 3 a value that needs no second look, 4 an opening bracket, 5 a number whose size is in doubt.
FIRST_MEMBER = re.compile(BLANK + rb"(?:(\})|" + MEMBER + rb")")
NEXT_MEMBER = re.compile(BLANK + rb"(?:(\})|," + BLANK + MEMBER + rb")")
FIRST_ELEMENT = re.compile(BLANK + rb"(?:(\])|" + ELEMENT + rb")")
NEXT_ELEMENT = re.compile(BLANK + rb"(?:(\])|," + BLANK + ELEMENT + rb")")

SPACE = re.compile(BLANK)
VALUE = re.compile(rb"()()" + SCALAR_OR_OPEN)
NUMBER = re.compile(LARGE + WORD_END)
NON_FINITE = re.compile(rb"(?:NaN|-?Infinity)" + WORD_END)

_RUN = re.compile(PLAIN + rb"(?:" + ESCAPE + PLAIN + rb"){0,256}")
_LONE = re.compile(rb"\\(?:" + HIGH + rb"|" + LOW + rb")")
_ESCAPED = re.compile(rb"\\" + HIGH + rb"\\" + LOW + rb"|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_SHORT = {ord("b"): b"\b", ord("f"): b"\f", ord("n"): b"\n", ord("r"): b"\r", ord("t"): b"\t"}


def skip_blanks(text: bytes, position: int) -> int:
    """The offset of the first byte from here on that is not JSON's white space."""
    match = SPACE.match(text, position)
    assert match is not None
    return match.end()


def read_string(text: bytes, quote: int) -> tuple[int, list[int]]:
    """Read the string that opens at `quote`: the offset of what stops it, and the offsets of its lone surrogates.

    What stops a good string is its closing quote; anything else is a fault: a control character, a bad escape, the end.
    """
    position, lone = quote + 1, []
    while True:
        match = _RUN.match(text, position)
        assert match is not None
        if match.end() > position:
            position = match.end()
        elif surrogate := _LONE.match(text, position):
            lone.append(position)
            position = surrogate.end()
        else:
            return position, lone


def unescape(inside: bytes) -> bytes:
    """The UTF-8 of a good string's inside with its escapes undone; lone surrogates stay, as three bytes each."""
    if b"\\" not in inside:
        return inside
    return _ESCAPED.sub(_character, inside)


def _character(match: re.Match[bytes]) -> bytes:
    escape = match[0]
    if len(escape) == 2:
        return _SHORT.get(escape[1], escape[1:])
    units = [int(unit, 16) for unit in escape.split(rb"\u")[1:]]
    code = units[0] if len(units) == 1 else 0x10000 + ((units[0] - 0xD800) << 10) + (units[1] - 0xDC00)
    return chr(code).encode("utf-8", "surrogatepass")


def text_of(key: bytes) -> str:
    """The text of a key whose escapes are undone; U+FFFD where it is not UTF-8."""
    try:
        return key.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return key.decode("utf-8", "replace")
