"""`jsonl-lint stats`: how large the data is, and what training on it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from jsonl_lint.cli.check_command import checked, closed
from jsonl_lint.cli.cost_options import cost_options
from jsonl_lint.cli.exit import exit_code, leave_pipe
from jsonl_lint.cli.settings import METHODS, complete_targets, configured, source_options, told
from jsonl_lint.config import Settings
from jsonl_lint.report import Report, as_json
from jsonl_lint.reporters.figures import cost_table, token_tables
from jsonl_lint.reporters.summary import shown
from jsonl_lint.run import Run, usable_cores
from jsonl_lint.stats import stats_data
from jsonl_lint.text import plural

__all__ = ["command"]


@click.command("stats", epilog="Exit codes: 0 counted, 2 unusable input or option, 3 bug, 130 interrupted.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--target", shell_complete=complete_targets, help="The service or trainer (default: azure-openai).")
@click.option("--method", type=METHODS, help="The training method (default: auto, from the first lines).")
@click.option("--model", help="The model that comes first, by name or alias (default: the target's).")
@cost_options
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", help="text or json.")
@source_options
def command(paths: tuple[str, ...], format_name: str, **options: Any) -> int:
    """Count tokens, by role and by example, and say what training costs, for every model of the target.

    PATH is a file, a folder (every .jsonl, .jsonl.gz and .jsonl.zst in it), a glob, or - for standard input.
    """
    configuration = configured(paths, options)
    with told(configuration):
        run = Run(counting(configuration.settings(jobs=usable_cores())))
    bug = checked(run, paths)
    report = run.finished()
    try:
        lines = [stats_json(report)] if format_name == "json" else as_text(report)
        click.echo("\n".join(lines))
    except BrokenPipeError:
        leave_pipe()
    return closed(report, bug) or exit_code(report)


def counting(settings: Settings) -> Settings:
    """The settings for a run that counts for every model and calls no rule: what is wrong is for `check` to say."""
    return Settings(
        target=settings.target,
        method=settings.method,
        model=settings.model,
        facts=settings.facts,
        tier=settings.tier,
        region=settings.region,
        epochs=settings.epochs,
        jobs=settings.jobs,
        per_file_target=settings.per_file_target,
        ignore=("ALL",),
        fail_on="never",
        all_models=True,
    )


def stats_json(report: Report) -> str:
    """The statistics as one JSON object."""
    return msgspec.json.format(as_json(stats_data(report)), indent=2).decode()


def as_text(report: Report) -> Iterator[str]:
    """The statistics for people."""
    for file in report.files:
        tokens = "" if file.tokens is None else f", {plural(file.tokens, 'token')}"
        examples = plural(file.examples, "example")
        yield f"{shown(file.path)}: {examples} ({file.method}, {file.role}), {plural(file.lines, 'line')}{tokens}"
    counted = report.models[:1]
    for one in counted:
        if one.tokens is not None:
            yield from ("", *token_tables(one.tokens, one.model))
    if costs := list(cost_table(report.models)):
        yield from ("", *costs)
    for item in report.unchecked:
        yield f"not counted: {item.what}: {item.count:,} ({item.why})"
