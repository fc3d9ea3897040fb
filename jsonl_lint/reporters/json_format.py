"""`json`: the whole report as one JSON object, of the schema `schemas/report.schema.json`."""

from __future__ import annotations

from typing import TextIO

from jsonl_lint.report import Report
from jsonl_lint.reporters import View

__all__ = ["write"]


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    out.write(report.to_json() + "\n")
