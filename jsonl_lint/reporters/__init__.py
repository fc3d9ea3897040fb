"""The output formats, one file each. A reporter takes a report and writes text; it neither sorts nor decides."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol, TextIO, cast

import msgspec

from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.finding import Finding
from jsonl_lint.report import Report

__all__ = ["FORMATS", "LISTED", "Reporter", "Streaming", "View", "load_reporter"]

LISTED: dict[str, int | None] = {
    "text": 100,
    "concise": 100,
    "json": None,
    "jsonl": None,
    "sarif": None,
    "github": 100,
    "gitlab": None,
    "junit": None,
    "markdown": 20,
    "html": 200,
}
"""How many findings of each rule in each file a format lists unless it is told otherwise; None for all."""

FORMATS = tuple(LISTED)


class View(msgspec.Struct, frozen=True):
    """How a report is to be shown.

    `width` is in columns, `limit` how many findings of each rule in each file are listed; None is no bound. `found` are the
    findings where the report does not hold them itself; they are gone through more than once.
    """

    color: bool = False
    width: int | None = None
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False
    limit: int | None = None
    found: Iterable[Finding] | None = None


class Reporter(Protocol):
    """A module of this package."""

    def write(self, report: Report, out: TextIO, view: View) -> None:
        """Write the report."""


class Streaming(Reporter, Protocol):
    """A module that writes findings while the run goes on, and the rest at its end."""

    def tell(self, finding: Finding, out: TextIO) -> None:
        """Write one finding."""

    def finish(self, report: Report, out: TextIO, view: View) -> None:
        """Write what stands after the findings."""


def load_reporter(name: str) -> Reporter:
    """The reporter of a format, imported when it is asked for; `UsageError` with the nearest one if there is none."""
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}", "format")
    return cast("Reporter", importlib.import_module(f"jsonl_lint.reporters.{name}_format"))
