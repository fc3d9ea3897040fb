"""The scanner: goes over the bytes of a line and names what keeps it from being JSON, or from being read safely."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit
from jsonl_lint.scan.cause import cause
from jsonl_lint.scan.columns import Columns
from jsonl_lint.scan.spot import Due, Spot
from jsonl_lint.scan.tokens import SPACE, skip_blanks
from jsonl_lint.scan.walk import STOPPED, Walk

__all__ = ["faults_in", "is_json"]

_NOT_JSON = frozenset({"syntax", "several-values", "too-deep", "non-finite"})
_GAP = re.compile(rb"[ \t\n\r]*,?[ \t\n\r]*(?=[\[{])")
_OBJECT = re.compile(rb'[ \t\n\r]*\{[ \t\n\r]*"')


def faults_in(text: bytes, max_depth: int) -> tuple[Fault, ...]:
    """The faults of one line, as `scan` gives them."""
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
