"""What is wrong with a line before it means anything, and where in it each value stands.

Works on bytes, in linear time and without recursion, on any input. Whether strings hold valid UTF-8 is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit
from jsonl_lint.scan.cause import cause
from jsonl_lint.scan.columns import Columns, column
from jsonl_lint.scan.locate import inside_string, locate
from jsonl_lint.scan.spot import Due, Spot
from jsonl_lint.scan.tokens import SPACE, skip_blanks
from jsonl_lint.scan.walk import STOPPED, Walk

__all__ = ["Columns", "column", "inside_string", "is_json", "locate", "scan"]

_NOT_JSON = frozenset({"syntax", "several-values", "too-deep", "non-finite"})
_GAP = re.compile(rb"[ \t\n\r]*,?[ \t\n\r]*(?=[\[{])")
_OBJECT = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"')


def scan(text: bytes, *, max_depth: int = 200) -> tuple[Fault, ...]:
    """The faults of one line, in order of position; none for strict JSON (RFC 8259) whose values are safe to read.

    The kinds `syntax`, `too-deep` and `several-values` end the scan, the others do not.
    """
    columns = Columns(text)
    walk = Walk(text, columns, max_depth)
    end = walk.value(0)
    if end != STOPPED and not SPACE.fullmatch(text, end):
        walk.faults.append(_after_value(text, end, columns, max_depth))
    return tuple(walk.faults)


def is_json(faults: Iterable[Fault]) -> bool:
    """Whether a text with these faults is JSON by RFC 8259 (no deeper than the scan went)."""
    return not any(fault.kind in _NOT_JSON for fault in faults)


def _after_value(text: bytes, end: int, columns: Columns, max_depth: int) -> Fault:
    """The fault of a text that goes on behind its value: more values, or something else."""
    edits: list[Edit] = []
    last = end
    while gap := _GAP.match(text, last):
        stop = Walk(text, columns, max_depth).value(gap.end())
        if stop == STOPPED and not (_OBJECT.match(text) and _OBJECT.match(text, gap.end())):
            break
        # What is wrong with a further object is said when it has a line of its own.
        edits.append(Edit(last, gap.end(), b"\n"))
        last = stop if stop != STOPPED else len(text)
    if edits:
        message = f"{len(edits) + 1} JSON values on one line"
        return Fault("several-values", edits[0].end, last, message, (), tuple(edits))
    here = skip_blanks(text, end)
    return cause(Spot(text, here, Due.END, end, -1, 0, (), columns))
