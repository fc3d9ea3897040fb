"""Which findings a format lists, and how it names files."""

from __future__ import annotations

import os
from collections.abc import Iterator

from jsonl_lint.finding import Finding
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.text import plural

__all__ = ["listed", "relative", "unlisted"]


def listed(report: Report, view: View) -> Iterator[Finding]:
    """The findings of a report, of each rule in each file as many as the view lets in."""
    seen: dict[tuple[str, str], int] = {}
    for finding in report.findings if view.found is None else view.found:
        key = (finding.path, finding.code)
        seen[key] = seen.get(key, 0) + 1
        if view.limit is None or seen[key] <= view.limit:
            yield finding


def unlisted(report: Report, view: View) -> Iterator[str]:
    """For each rule of which not all findings are listed, how many more there are."""
    seen: dict[str, int] = {}
    for finding in listed(report, view):
        seen[finding.code] = seen.get(finding.code, 0) + 1
    for code, count in sorted(report.counts.by_code.items()):
        if count > seen.get(code, 0):
            yield f"... and {plural(count - seen.get(code, 0), 'more finding')} of {code} (--max-findings)"


def relative(path: str) -> str:
    """A path as other tools take it: from the current folder where it is below it, with slashes."""
    if path == "-" or "://" in path or path.startswith("<"):
        return path
    from pathlib import PurePath

    inside = os.path.relpath(path)
    return PurePath(path if inside.startswith("..") else inside).as_posix()
