"""How characters and pieces of the data are named in messages: never raw controls, never more than a few letters."""

from __future__ import annotations

__all__ = ["CONTROLS", "character", "escape_of", "name_of", "shown"]

CONTROLS = {
    0x00: "NUL",
    0x08: "backspace",
    0x09: "tab",
    0x0A: "line feed",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x0D: "carriage return",
    0x1B: "escape character",
}

_NAMES = {
    ",": "a comma",
    ":": "a colon",
    ";": "a semicolon",
    "'": "a single quote",
    "`": "a backtick",
    "\\": "a backslash",
    "\u00a0": "a no-break space",
    "\u00ab": "a smart quote",
    "\u00bb": "a smart quote",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u200e": "a left-to-right mark",
    "\u200f": "a right-to-left mark",
    "\u2013": "an en dash",
    "\u2014": "an em dash",
    "\u2018": "a smart quote",
    "\u2019": "a smart quote",
    "\u201a": "a smart quote",
    "\u201b": "a smart quote",
    "\u201c": "a smart quote",
    "\u201d": "a smart quote",
    "\u201e": "a smart quote",
    "\u201f": "a smart quote",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\u202f": "a narrow no-break space",
    "\u2060": "a word joiner",
    "\u2212": "a minus sign",
    "\u3000": "an ideographic space",
    "\u3001": "an ideographic comma",
    "\ufeff": "a byte order mark",
    "\ufffd": "a replacement character",
}
_SHORT_ESCAPES = {0x08: rb"\b", 0x09: rb"\t", 0x0A: rb"\n", 0x0C: rb"\f", 0x0D: rb"\r"}
_SHOWN = 20


def character(text: bytes, at: int) -> tuple[str, int]:
    """The character at an offset, empty where the bytes are not UTF-8, and the offset behind it."""
    lead = text[at]
    size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    try:
        return text[at : at + size].decode(), at + size
    except UnicodeDecodeError:
        return "", at + 1


def escape_of(control: int) -> bytes:
    """How JSON writes a control character in a string."""
    return _SHORT_ESCAPES.get(control) or b"\\u%04x" % control


def name_of(char: str) -> str:
    """What a message calls a character: a name where it has one, itself where it can be seen, its code point."""
    if not char:
        return "a byte that is not UTF-8"
    code = ord(char)
    if code < 0x80:
        return _NAMES.get(char) or _ascii_name(char)
    if 0xFF01 <= code <= 0xFF5E:
        return f"a full-width {chr(code - 0xFEE0)} (U+{code:04X})"
    name = _NAMES.get(char) or (char if char.isprintable() else "")
    return f"{name} (U+{code:04X})" if name else f"U+{code:04X}"


def _ascii_name(char: str) -> str:
    code = ord(char)
    if code in CONTROLS:
        return f"a {CONTROLS[code]} (U+{code:04X})"
    return char if char.isprintable() else f"a control character (U+{code:04X})"


def shown(piece: str) -> str:
    """A piece of the data as a message may show it: at most 20 characters, the invisible ones as U+XXXX."""
    visible = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in piece[: _SHOWN + 1])
    return visible if len(visible) <= _SHOWN else visible[: _SHOWN - 1] + "…"
