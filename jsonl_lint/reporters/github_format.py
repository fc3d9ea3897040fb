"""`github`: workflow commands that GitHub Actions shows as annotations of a pull request.

GitHub shows the first ten of each level in a step. The first finding of each rule comes before all others, so that none of
the many findings of one rule keep another rule's from being seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, relative
from jsonl_lint.reporters.summary import shown, write_summary

__all__ = ["write"]

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    for is_first in (True, False):
        for finding in turns(report, view, is_first=is_first):
            out.write(annotation(finding) + "\n")
    write_summary(report, out, view)


def turns(report: Report, view: View, *, is_first: bool) -> Iterator[Finding]:
    """The first finding of each rule, or all but these."""
    met: set[str] = set()
    for finding in listed(report, view):
        if (finding.code not in met) == is_first:
            yield finding
        met.add(finding.code)


def annotation(finding: Finding) -> str:
    """One finding as a workflow command."""
    places = {
        "file": relative(finding.path),
        "line": finding.line,
        "col": finding.column,
        "title": f"{finding.code} {finding.name}",
    }
    given = ",".join(f"{key}={of_property(str(value))}" for key, value in places.items() if value is not None)
    return f"::{COMMANDS[finding.severity]} {given}::{of_message(shown(finding.message))}"


def of_message(text: str) -> str:
    """A text with the characters escaped that would end the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def of_property(text: str) -> str:
    """A text with the characters escaped that would end a property."""
    return of_message(text).replace(":", "%3A").replace(",", "%2C")
