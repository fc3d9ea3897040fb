"""`jsonl-lint fix`: repair files in their places, into another one, or show what would change."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TextIO

import click

from jsonl_lint.cli.exit import ExitCode, exit_code
from jsonl_lint.cli.outputs import terminal_width, unless_left, wants_color
from jsonl_lint.cli.settings import configured, selection_options, source_options, told
from jsonl_lint.config import Display
from jsonl_lint.errors import JsonlLintError, UsageError
from jsonl_lint.paths import expand
from jsonl_lint.repair.files import fix_path, show_changes
from jsonl_lint.repair.fixer import FixedFile, Fixer
from jsonl_lint.report import Report
from jsonl_lint.reporters import FORMATS, LISTED, View, load_reporter
from jsonl_lint.source import STDIN

__all__ = ["command"]


@click.command(
    "fix",
    epilog="Exit codes: 0 nothing is left (with --diff: nothing would change), 1 findings are left (or changes would be "
    "made), 2 unusable input or output, 3 bug, 130 interrupted.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--unsafe", is_flag=True, help="Make fixes too that guess at what was meant.")
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "-o", "--output", "destination", metavar="FILE", help="Write there instead of in place; - is standard output."
)
@click.option("--backup", is_flag=True, help="Keep the original beside the result, with .bak behind its name.")
@selection_options
@click.option("--max-findings", type=click.IntRange(0), metavar="N", help="List at most N findings of a rule.")
@click.option("--format", metavar="FORMAT", help=f"How to say what is left: {', '.join(FORMATS)} (default: text).")
@click.option("--redact", is_flag=True, help="Keep every word of the data out of the report.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only, no summary.")
@source_options
def command(
    paths: tuple[str, ...], *, unsafe: bool, diff: bool, destination: str | None, backup: bool, **options: Any
) -> int:
    """Repair what can be repaired without doubt, and say what is left.

    A file is replaced when its repair is complete and on the disk, or not at all. PATH is a file, a folder, a glob, or -
    for standard input, which goes to standard output.
    """
    configuration = configured(paths, options)
    with told(configuration):
        display = configuration.display()
        load_reporter(display.format)
        if diff and configuration.settings().redact:
            raise UsageError("--diff shows lines of the data, which --redact forbids", "redact")
        fixer = Fixer(configuration.settings(max_findings=LISTED[display.format]), unsafe)
    with stopped_by_signals():
        files = all_files(paths, fixer)
        if destination is not None and len(files) > 1:
            raise UsageError(f"--output {destination}: {len(files)} files can't go into one")
        for path in files:
            fixed_one(fixer, path, destination, diff=diff, backup=backup)
    report = fixer.report
    for file in fixer.files:
        click.echo(summary_of(file, would=diff), err=True)
    for error in report.input_errors:
        click.echo(f"jsonl-lint: {error}", err=True)
    if diff:
        return ExitCode.UNUSABLE if report.input_errors else ExitCode(any(file.changed for file in fixer.files))
    # Where the data go to standard output, the report does not.
    out = sys.stderr if destination == STDIN or (destination is None and STDIN in files) else sys.stdout
    write_report(report, display, out, fixer.run.settings.max_findings)
    return exit_code(report)


def all_files(paths: tuple[str, ...], fixer: Fixer) -> list[str]:
    """The files that the paths stand for; those that stand for none are noted in the report."""
    files: list[str] = []
    for path in paths:
        try:
            files += expand(path)
        except JsonlLintError as error:
            fixer.run.report.input_errors.append(str(error))
    return list(dict.fromkeys(files))


def fixed_one(fixer: Fixer, path: str, destination: str | None, *, diff: bool, backup: bool) -> None:
    """Repair one file; if it can't be, that is noted in the report and the file is as it was."""
    try:
        if diff:
            show_changes(fixer, path, write_diff)
        else:
            fix_path(fixer, path, destination, backup=backup)
    except JsonlLintError as error:
        fixer.run.report.input_errors.append(str(error))


def write_diff(piece: bytes) -> None:
    """Write a piece of a diff to standard output: its bytes, or on a terminal what can be shown of them."""
    if sys.stdout.isatty():
        from jsonl_lint.reporters.summary import shown

        click.echo(shown(piece.decode("utf-8", "replace").rstrip("\n")))
    else:
        sys.stdout.buffer.write(piece)


def summary_of(file: FixedFile, *, would: bool) -> str:
    """What was repaired in a file, or would be: `train.jsonl: fixed 3 (MSG003 2, WGT001 1)`."""
    if not file.changed:
        return f"{file.path}: nothing to fix"
    counts = ", ".join(f"{code} {count:,}" for code, count in file.fixed.items())
    return f"{file.path}: {'would fix' if would else 'fixed'} {sum(file.fixed.values()):,} ({counts})"


def write_report(report: Report, display: Display, out: TextIO, limit: int | None) -> None:
    """Write what is left, as `check` does, at most `limit` findings of each rule in each file."""
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="backslashreplace")
    view = View(color=wants_color(display, out), width=terminal_width(out), quiet=display.quiet, limit=limit)
    with unless_left():
        load_reporter(display.format).write(report, out, view)
        out.flush()


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let the signals that end a process end it as Ctrl-C does, so that nothing unfinished stays behind."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
