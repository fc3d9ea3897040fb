"""`jsonl`: one JSON object a line, each finding as soon as it is sure, and last the summary.

Its schema is `schemas/report-lines.schema.json`.
"""

from __future__ import annotations

from typing import TextIO

from jsonl_lint.finding import Finding
from jsonl_lint.report import Report, finding_line, summary_line
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed

__all__ = ["finish", "tell", "write"]


def tell(finding: Finding, out: TextIO) -> None:
    """Write one finding."""
    out.write(finding_line(finding).decode() + "\n")


def finish(report: Report, out: TextIO, view: View) -> None:
    """Write the summary."""
    out.write(summary_line(report).decode() + "\n")


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    for finding in listed(report, view):
        tell(finding, out)
    finish(report, out, view)
