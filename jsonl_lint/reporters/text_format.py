"""`text`: each finding with the spot in its line marked and the repair, and a summary."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TextIO

from jsonl_lint.finding import Excerpt, Finding
from jsonl_lint.registry import all_rules
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed
from jsonl_lint.reporters.summary import COLORS, DIM, headline, painted, shown, write_summary

__all__ = ["write"]

DEFAULT_WIDTH = 100
MARGIN = "  | "


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    rules = all_rules(report.plugins)
    for finding in listed(report, view):
        out.write(headline(finding, view) + "\n")
        for line in marked(finding, view):
            out.write(f"{painted(MARGIN, DIM, view)}{line}\n")
        rule = rules.get(finding.code)
        if rule is not None:
            out.write(f"  {painted('= repair:', DIM, view)} {rule.repair}\n")
        out.write("\n")
    write_summary(report, out, view)


def marked(finding: Finding, view: View) -> Iterator[str]:
    """The excerpt of a finding's line and, below it, the mark."""
    excerpt = finding.excerpt
    if excerpt is None or not excerpt.text:
        return
    before, spot, after = pieces(excerpt, (view.width or DEFAULT_WIDTH) - len(MARGIN) - 1)
    yield before + spot + after
    yield " " * columns(before) + painted("^" * max(columns(spot), 1), COLORS[finding.severity], view)


def pieces(excerpt: Excerpt, width: int) -> tuple[str, str, str]:
    """What stands before the spot, the spot, and what stands after it, made visible and cut to a width."""
    width = max(width, 20)
    before, spot, after = (
        shown(excerpt.text[: excerpt.start]),
        shown(excerpt.text[excerpt.start : excerpt.end]),
        shown(excerpt.text[excerpt.end :]),
    )
    spot, was_cut = start_of(spot, width // 2)
    room = width - columns(spot)
    before, cut_left = end_of(before, max(room // 2, room - columns(after)))
    after, cut_right = start_of(after, room - columns(before))
    left = "…" if cut_left or excerpt.cut_left else ""
    right = "…" if was_cut or cut_right or excerpt.cut_right else ""
    return trimmed(left, before, first=True), spot, "…" if was_cut else trimmed(right, after, first=False)


def trimmed(mark: str, text: str, *, first: bool) -> str:
    """A text with the mark of omission in the place of its outermost character."""
    if not mark:
        return text
    return mark + text[1:] if first else text[:-1] + mark


def start_of(text: str, width: int) -> tuple[str, bool]:
    """As much of a text's start as fits a width, and whether that cuts it."""
    used = 0
    for index, char in enumerate(text):
        used += columns(char)
        if used > width:
            return text[:index], True
    return text, False


def end_of(text: str, width: int) -> tuple[str, bool]:
    """As much of a text's end as fits a width, and whether that cuts it."""
    kept, was_cut = start_of(text[::-1], width)
    return kept[::-1], was_cut


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
