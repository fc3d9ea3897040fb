"""The output formats, one file each. A reporter takes a report and writes text; it neither sorts nor decides."""

from __future__ import annotations

import importlib
from typing import Protocol, TextIO, cast

import msgspec

from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.report import Report

__all__ = ["FORMATS", "Reporter", "View", "load_reporter"]

FORMATS = ("text", "concise", "json")


class View(msgspec.Struct, frozen=True):
    """How a report is to be shown; `width` in columns, None for no bound."""

    color: bool = False
    width: int | None = None
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False


class Reporter(Protocol):
    """A module of this package."""

    def write(self, report: Report, out: TextIO, view: View) -> None:
        """Write the report."""


def load_reporter(name: str) -> Reporter:
    """The reporter of a format, imported when it is asked for; `UsageError` with the nearest one if there is none."""
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}{nearest(name, FORMATS)}")
    return cast("Reporter", importlib.import_module(f"jsonl_lint.reporters.{name}_format"))
