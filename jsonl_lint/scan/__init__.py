"""What is wrong with a line before it means anything, and where in it each value stands.

Works on bytes, in linear time and without recursion, on any input. Whether strings hold valid UTF-8 is asked elsewhere. The
patterns that this takes are made when the first line asks for it, which clean ones do not.
"""

from __future__ import annotations

from collections.abc import Collection

from jsonl_lint.fault import Fault, Span
from jsonl_lint.finding import Path
from jsonl_lint.scan.columns import Columns, column

__all__ = ["Columns", "column", "inside_string", "locate", "scan"]


def scan(text: bytes, *, max_depth: int = 200) -> tuple[Fault, ...]:
    """The faults of one line, in order of position; none for strict JSON (RFC 8259) whose values are safe to read.

    The kinds `syntax`, `too-deep` and `several-values` end the scan, the others do not.
    """
    from jsonl_lint.scan.scanner import faults_in

    return faults_in(text, max_depth)


def locate(text: bytes, paths: Collection[Path]) -> dict[Path, Span]:
    """The spans of the values at these paths, and of their keys; a path that leads nowhere is left out.

    Of a key named twice the last occurrence counts. Of a text with a hard fault, what ends before the fault is found;
    a fault inside a value that no path goes into may pass unseen.
    """
    from jsonl_lint.scan.locating import spans_of

    return spans_of(text, paths)


def inside_string(text: bytes, span: Span, start: int, end: int) -> tuple[int, int]:
    """The bytes of the characters from `start` up to `end` of a string, as Python reads it, that stands at a span.

    `UnicodeDecodeError` where the string is not UTF-8, because then its characters can't be counted.
    """
    from jsonl_lint.scan.locating import bytes_of

    return bytes_of(text, span, start, end)
