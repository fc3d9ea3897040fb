"""The exit codes, and the one place that decides which it is."""

from __future__ import annotations

import enum
import os
import sys
from typing import TYPE_CHECKING

import click

from jsonl_lint.version import __version__

if TYPE_CHECKING:
    from jsonl_lint.report import Report

__all__ = ["ExitCode", "exit_code", "leave_pipe", "report_bug"]

ISSUES = "https://github.com/jsonl-lint/jsonl-lint/issues"


class ExitCode(enum.IntEnum):
    """What the command's exit code says."""

    CLEAN = 0
    FINDINGS = 1
    UNUSABLE = 2
    BUG = 3
    INTERRUPTED = 130


def exit_code(report: Report) -> ExitCode:
    """The exit code for a finished report."""
    if report.failures:
        return ExitCode.BUG
    if report.input_errors:
        return ExitCode.UNUSABLE
    return ExitCode.FINDINGS if report.has_findings else ExitCode.CLEAN


def leave_pipe() -> None:
    """Write no more to standard output: its reader has seen enough, which is no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def report_bug(error: BaseException) -> None:
    """Say that this is a bug of jsonl-lint, and what to report."""
    import traceback

    click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    click.echo(
        f"jsonl-lint {__version__}: this is a bug in jsonl-lint, not in your data.\n"
        f"Please report it with the lines above (and, if you may, the line of data that it names) at {ISSUES}",
        err=True,
    )
