"""`jsonl-lint check`: the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

from jsonl_lint.atomic import written_whole
from jsonl_lint.cli.exit import ExitCode, exit_code, leave_pipe, report_bug
from jsonl_lint.config import Settings
from jsonl_lint.errors import UsageError
from jsonl_lint.linter import make_settings
from jsonl_lint.reporters import FORMATS, View, load_reporter
from jsonl_lint.run import Run

__all__ = ["command"]

# Enough to see the pattern of a defect, few enough to read.
LISTED_FOR_PEOPLE = 100

METHODS = click.Choice(["auto", "sft", "dpo", "rft", "completion"])
LEVELS = click.Choice(["error", "warning", "info", "never"])


@click.command("check", epilog="Exit codes: 0 clean, 1 findings, 2 unusable input or option, 3 bug, 130 interrupted.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--target", help="The service or trainer that is to take the data (default: azure-openai).")
@click.option("--method", type=METHODS, help="The training method (default: auto, from the first lines).")
@click.option("--model", help="The model to be trained, by name or alias (default: the target's).")
@click.option(
    "--select", multiple=True, metavar="CODES", help="Call these rules only: codes or prefixes, as MSG,TRN001."
)
@click.option("--extend-select", multiple=True, metavar="CODES", help="Call these rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not call these rules.")
@click.option(
    "--severity", multiple=True, metavar="CODE=LEVEL", help="Set a rule's level: error, warning, info or off."
)
@click.option("--fail-on", type=LEVELS, help="Exit with 1 from this level on (default: error).")
@click.option(
    "--max-findings", type=click.IntRange(0), metavar="N", help="List at most N findings of a rule; count all."
)
@click.option(
    "--format", "format_name", default="text", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: text)."
)
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report there, whole or not at all."
)
@click.option("--statistics", is_flag=True, help="Add how many findings each rule has.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only, no summary.")
def command(
    paths: tuple[str, ...], format_name: str, output: str | None, statistics: bool, quiet: bool, **options: Any
) -> int:
    """Say what a target would refuse or alter in the data.

    PATH is a file, a folder (every .jsonl, .jsonl.gz and .jsonl.zst in it), a glob, or - for standard input.
    """
    reporter = load_reporter(format_name)
    settings = settings_from(options, format_name)
    run = Run(settings)
    bug = checked(run, paths)
    report = run.finished()
    try:
        with opened(output) as out:
            color = output is None and wants_color(out)
            reporter.write(
                report, out, View(color=color, width=terminal_width(out), statistics=statistics, quiet=quiet)
            )
    except BrokenPipeError:
        leave_pipe()
    for error in report.input_errors:
        click.echo(f"jsonl-lint: {error}", err=True)
    for failure in report.failures:
        click.echo(f"jsonl-lint: {failure}; this is a bug in the rule", err=True)
    if bug is not None:
        report_bug(bug)
        return ExitCode.BUG
    return exit_code(report)


def checked(run: Run, paths: tuple[str, ...]) -> Exception | None:
    """Check all paths; the bug that ended it early, if there was one, so that what was found is still shown."""
    try:
        for path in paths:
            run.check(path)
    except Exception as bug:
        return bug
    return None


def settings_from(options: dict[str, Any], format_name: str) -> Settings:
    """The settings that the options say; those not given keep their defaults."""
    given = {name: value for name, value in options.items() if value not in (None, ())}
    for name in ("select", "extend_select", "ignore"):
        if name in given:
            given[name] = [code.strip() for item in given[name] for code in item.split(",") if code.strip()]
    if "severity" in given:
        given["severity"] = dict(pair(item) for item in given["severity"])
    if format_name in ("text", "concise"):
        given.setdefault("max_findings", LISTED_FOR_PEOPLE)
    return make_settings(given)


def pair(item: str) -> tuple[str, str]:
    """The code and level of `CODE=LEVEL`; `UsageError` for anything else."""
    code, equals, level = item.partition("=")
    if not equals:
        raise UsageError(f"--severity {item}: write CODE=LEVEL, as ENC001=off")
    return code.strip(), level.strip()


@contextmanager
def opened(output: str | None) -> Iterator[TextIO]:
    """Where the report goes: standard output, or a file that is written whole or not at all."""
    if output is None:
        # Data may hold characters that the terminal's encoding has not; they must not stop the report.
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        sys.stdout.flush()
        return
    with written_whole(output) as file:
        text = open(file.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)  # noqa: SIM115
        yield text
        text.close()


def wants_color(out: TextIO) -> bool:
    """Whether colours are wanted: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width(out: TextIO) -> int | None:
    """The terminal's width in columns; None where there is no terminal."""
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):
        return None
