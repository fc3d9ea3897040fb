"""Why a scan could not go on: the likely causes, tried one after another, and the repair where only one is meant."""

from __future__ import annotations

import re

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit
from jsonl_lint.scan.characters import CONTROLS, character, escape_of, name_of
from jsonl_lint.scan.quotes import single_quotes, smart_quotes
from jsonl_lint.scan.spot import Due, Spot
from jsonl_lint.scan.tokens import NUMBER, SPACE, VALUE, read_string, skip_blanks
from jsonl_lint.scan.words import WORD, bad_number, bad_word, unquoted_key

__all__ = ["broken_string", "cause"]

QUOTE_HINT = r"a double quote inside the text must be written \""

_ENDS = {
    Due.FIRST_ELEMENT: "inside an array",
    Due.ELEMENT: "after a comma",
    Due.ELEMENT_END: "inside an array",
    Due.FIRST_KEY: "inside an object",
    Due.KEY: "after a comma",
    Due.COLON: "after a key",
    Due.MEMBER_VALUE: "after a colon",
    Due.MEMBER_END: "inside an object",
}
_CLOSERS = {b"[": b"]", b"{": b"}"}
_COMMENT = re.compile(rb"//[^\n]*|#[^\n]*|/\*")
_CONTROL_OR_ESCAPE = re.compile(rb'\\.|[\x00-\x1f]|"', re.DOTALL)


def cause(spot: Spot) -> Fault:
    """The fault at a spot between the tokens."""
    for likely in _CAUSES:
        if fault := likely(spot):
            return fault
    return _unexpected(spot)


def broken_string(spot: Spot, quote: int) -> Fault:
    """The fault inside the string that opens at `quote` and stops at the spot."""
    text, at = spot.text, spot.at
    ends_in_escape = rb"\u0000".startswith(re.sub(rb"[0-9a-fA-F]", b"0", text[at : at + 6]))
    if at == len(text) or (text[at] == 0x5C and at + 6 > len(text) and ends_in_escape):
        return spot.cut_off(f"inside a string that began at column {spot.columns.at(quote)}")
    if text[at] != 0x5C:
        return _raw_control(spot)
    if text[at + 1 : at + 2] == b"u":
        return spot.fault(at, at + 2, r"bad escape \u; it takes four hexadecimal digits, as in \u00e9")
    char, end = character(text, at + 1)
    wrong = "\\" + char if "!" <= char <= "~" else "of " + name_of(char)
    return spot.fault(at, end, rf"bad escape {wrong}; JSON knows \" \\ \/ \b \f \n \r \t \uXXXX")


def _raw_control(spot: Spot) -> Fault:
    code = spot.text[spot.at]
    name = f"raw {CONTROLS[code]}" if code in CONTROLS else "control character"
    escape = escape_of(code).decode()
    mark = f" (U+{code:04X})" if escape.startswith(r"\u") else ""
    message = f"a {name}{mark} in a string; write it {escape}"
    return spot.fault(spot.at, spot.at + 1, message, *_control_edits(spot.text, spot.at))


def _control_edits(text: bytes, at: int) -> list[Edit]:
    """Edits for all raw control characters of the string from here on, so that one repair does for the string."""
    edits = []
    for match in _CONTROL_OR_ESCAPE.finditer(text, at):
        if match[0] == b'"':
            break
        if len(match[0]) == 1:
            edits.append(Edit(match.start(), match.end(), escape_of(match[0][0])))
    return edits


def _cut_off(spot: Spot) -> Fault | None:
    if spot.at < len(spot.text):
        return None
    if spot.due is Due.START:
        return spot.fault(spot.at, spot.at, "no text where a JSON value should stand")
    return spot.cut_off(_ENDS[spot.due])


def _byte_order_mark(spot: Spot) -> Fault | None:
    if spot.due is not Due.START or not spot.text.startswith(b"\xef\xbb\xbf", spot.at):
        return None
    return spot.fault(spot.at, spot.at + 3, "a byte order mark (U+FEFF) before the value")


def _closing_bracket(spot: Spot) -> Fault | None:
    byte = spot.byte
    if byte not in (b"]", b"}"):
        return None
    shown = byte.decode()
    if spot.opener < 0:
        return spot.fault(spot.at, spot.at + 1, f"an extra closing {shown} (no bracket is open)")
    opener = spot.text[spot.opener : spot.opener + 1]
    if byte != _CLOSERS[opener]:
        where = f"the {opener.decode()} at column {spot.columns.at(spot.opener)}"
        message = f"a closing {shown} where {where} needs {_CLOSERS[opener].decode()} (mismatched bracket)"
        return spot.fault(spot.at, spot.at + 1, message)
    if spot.due in (Due.KEY, Due.ELEMENT):
        comma = spot.text.rindex(b",", 0, spot.at)
        message = f"a comma before the closing {shown} (trailing comma)"
        return spot.fault(comma, comma + 1, message, Edit(comma, comma + 1, b""))
    if spot.due is Due.MEMBER_VALUE:
        return spot.fault(spot.at, spot.at + 1, "no value after the colon")
    return None


def _comma(spot: Spot) -> Fault | None:
    if spot.byte != b",":
        return None
    at, end = spot.at, spot.at + 1
    if spot.due is Due.END and SPACE.fullmatch(spot.text, end):
        return spot.fault(at, end, "a comma after the value (trailing comma)", Edit(at, end, b""))
    if spot.due in (Due.KEY, Due.ELEMENT):
        return spot.fault(at, end, "two commas with nothing between them")
    if spot.due in (Due.FIRST_KEY, Due.FIRST_ELEMENT, Due.START):
        return spot.fault(at, end, "a comma with nothing before it")
    if spot.due is Due.MEMBER_VALUE:
        return spot.fault(at, end, "no value after the colon")
    return None


def _comment(spot: Spot) -> Fault | None:
    match = _COMMENT.match(spot.text, spot.at)
    if match is None:
        return None
    if match[0] != b"/*":
        return spot.fault(spot.at, match.end(), "a comment; JSON has none")
    close = spot.text.find(b"*/", match.end())
    if close < 0:
        return spot.fault(spot.at, match.end(), "a comment that does not end; JSON has none")
    # A blank takes its place, so that the tokens at its sides do not grow together.
    return spot.fault(spot.at, close + 2, "a comment; JSON has none", Edit(spot.at, close + 2, b" "))


def _colon(spot: Spot) -> Fault | None:
    if spot.due is Due.COLON and spot.byte == b"=":
        return spot.fault(spot.at, spot.at + 1, "= instead of : after the key")
    if spot.byte != b":":
        return None
    if spot.due.key_due:
        return spot.fault(spot.at, spot.at + 1, "a colon with no key before it")
    if spot.due is Due.MEMBER_VALUE:
        return spot.fault(spot.at, spot.at + 1, "two colons after the key")
    if spot.due is Due.ELEMENT_END:
        return spot.fault(spot.at, spot.at + 1, "a colon in an array; keys belong in { }")
    return None


def _backslash(spot: Spot) -> Fault | None:
    if spot.byte != b"\\":
        return None
    return spot.fault(spot.at, spot.at + 1, "a backslash outside a string (is the line escaped twice?)")


def _comma_missing(spot: Spot) -> Fault | None:
    if not spot.due.separator_due:
        return None
    end, found = _found(spot)
    message = f"expected {spot.due.value} but found {found}"
    if _is_next_item(spot):
        return spot.fault(spot.at, end, f"{message} (missing comma)", Edit(spot.before, spot.before, b","))
    after_string = spot.text[spot.before - 1 : spot.before] == b'"'
    if after_string and spot.byte not in (b":", b"=", b";"):
        message = f"{message}; {QUOTE_HINT}"
    return spot.fault(spot.at, end, message)


def _is_next_item(spot: Spot) -> bool:
    """Whether a whole next element, or key with its colon, begins here, and is no piece of the text before it."""
    text, at = spot.text, spot.at
    if at == spot.before and text[at - 1 : at] == b'"':
        return False
    if spot.byte != b'"':
        return spot.due is Due.ELEMENT_END and VALUE.match(text, at) is not None
    stop, _ = read_string(text, at)
    if text[stop : stop + 1] != b'"':
        return False
    behind = skip_blanks(text, stop + 1)
    return text[behind : behind + 1] in ((b":",) if spot.due is Due.MEMBER_END else (b",", b"]"))


def _unexpected(spot: Spot) -> Fault:
    end, found = _found(spot)
    if spot.due is Due.END:
        return spot.fault(spot.at, end, f"unexpected text after the value ({found})")
    message = f"expected {spot.due.value} but found {found}"
    if spot.due is Due.COLON and spot.at == spot.before and WORD.match(spot.text, spot.at):
        message = f"{message}; {QUOTE_HINT}"
    return spot.fault(spot.at, end, message)


def _found(spot: Spot) -> tuple[int, str]:
    """The end of the token at a spot and what a message calls it."""
    text, at = spot.text, spot.at
    if spot.byte == b'"':
        stop, _ = read_string(text, at)
        return (stop + 1 if text[stop : stop + 1] == b'"' else at + 1), "a string"
    if match := NUMBER.match(text, at):
        return match.end(), "a number"
    char, end = character(text, at)
    word = WORD.match(text, at)
    if word is None:
        return end, name_of(char)
    if word[0] in (b"true", b"false", b"null"):
        return word.end(), word[0].decode()
    return word.end(), "a letter" if char.isalpha() else "a digit" if char.isdigit() else name_of(char)


_CAUSES = (
    _cut_off,
    _byte_order_mark,
    _closing_bracket,
    _comma,
    _comment,
    _colon,
    _backslash,
    single_quotes,
    smart_quotes,
    unquoted_key,
    bad_number,
    bad_word,
    _comma_missing,
)
