"""`concise`: one line for each finding, and a summary."""

from __future__ import annotations

from typing import TextIO

from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed
from jsonl_lint.reporters.summary import headline, write_summary

__all__ = ["write"]


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    for finding in listed(report, view):
        out.write(headline(finding, view) + "\n")
    write_summary(report, out, view)
