"""What a file is by its first bytes: its encoding, and whether it is JSON Lines at all."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

import orjson

from jsonl_lint.fault import Fault
from jsonl_lint.formats import method_of
from jsonl_lint.scan import scan
from jsonl_lint.targets import Method
from jsonl_lint.text import BOM

__all__ = ["container_of", "encoding_of", "method_of_head"]

Container = Literal["array", "pretty"]

# The longest mark comes first, because that of UTF-16 begins that of UTF-32.
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# JSON begins with an ASCII character, so that the zero bytes around it tell the encoding (RFC 4627, section 3).
ZEROS = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}

# Where files with marks were joined; they say nothing of what the file is.
STRAY_MARKS = rb"(?m)^(?:\xef\xbb\xbf)+"

# Enough lines to tell what a file holds, few enough to cost nothing.
LINES_LOOKED_AT = 50


def encoding_of(head: bytes) -> str | None:
    """The encoding of a file that is UTF-16 or UTF-32, by its mark or its zero bytes; None for any other."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if len(head) < 4:
        return None
    return ZEROS.get(tuple(byte == 0 for byte in head[:4]))  # type: ignore[arg-type]


def container_of(head: bytes, is_whole: bool) -> Container | None:
    """What the file is where it is not JSON Lines: one array, or JSON printed over many lines; None if lines it is.

    `head` is the file's beginning, cut at a line's end; `is_whole` says that it is the whole file.
    """
    head = re.sub(STRAY_MARKS, b"", head) if BOM in head else head
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not lines:
        return None
    first = lines[0].lstrip()
    if first.startswith(b"["):
        return "array" if is_array(lines, is_whole) else None
    if first.startswith(b"{") and len(lines) > 1 and is_cut_off(lines[0]) and not is_object(lines[1]):
        fault = hard_fault(head)
        if fault is None or fault.start == len(head) or fault.kind == "several-values":
            return "pretty"
    return None


def is_array(lines: list[bytes], is_whole: bool) -> bool:
    """Whether the first line begins an array that holds the whole file: on one line, or going on over the next ones."""
    if is_cut_off(lines[0]):
        return True
    if len(lines) > 1 or not is_whole or hard_fault(lines[0]) is not None:
        return False
    return b"{" in lines[0]


def is_cut_off(line: bytes) -> bool:
    """Whether a line is a beginning of JSON that only lacks its end."""
    if is_json(line):
        return False
    fault = hard_fault(line)
    return fault is not None and fault.kind == "syntax" and fault.start == len(line)


def is_json(line: bytes) -> bool:
    """Whether a line is JSON: asked of a fast decoder, because the line may be a gigabyte long."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object by itself."""
    return line.lstrip().startswith(b"{") and hard_fault(line) is None


def hard_fault(text: bytes) -> Fault | None:
    """The fault that keeps a text from being JSON."""
    hard = ("syntax", "several-values", "too-deep")
    return next((fault for fault in scan(text) if fault.kind in hard), None)


def method_of_head(head: bytes) -> Method | None:
    """The method that most of the first lines are made for; None if none can be told."""
    lines = head.split(b"\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    methods = Counter(method for method in map(method_of_line, lines) if method is not None)
    return methods.most_common(1)[0][0] if methods else None


def method_of_line(line: bytes) -> Method | None:
    """The method that a line is made for, None if it is not JSON."""
    try:
        return method_of(orjson.loads(line))
    except orjson.JSONDecodeError:
        return None
