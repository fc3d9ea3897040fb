"""`jsonl-lint check`: the main job."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import click

from jsonl_lint.baseline import write_baseline
from jsonl_lint.cli.cost_options import cost_options
from jsonl_lint.cli.exit import ExitCode, exit_code, report_bug
from jsonl_lint.cli.outputs import Outputs, listed_at_most, opened, wanted_outputs
from jsonl_lint.cli.progress import Progress
from jsonl_lint.cli.settings import configured, selection_options, source_options, told
from jsonl_lint.config import Display, Settings
from jsonl_lint.configuration import Configuration
from jsonl_lint.finding import Finding
from jsonl_lint.report import Report
from jsonl_lint.reporters import FORMATS
from jsonl_lint.run import Run, usable_cores
from jsonl_lint.text import plural

__all__ = ["command"]

LEVELS = click.Choice(["error", "warning", "info", "never"])
COLORS = click.Choice(["auto", "always", "never"])


def complete_formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The formats whose names begin so."""
    return [name for name in FORMATS if name.startswith(incomplete)]


@click.command("check", epilog="Exit codes: 0 clean, 1 findings, 2 unusable input or option, 3 bug, 130 interrupted.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@selection_options
@cost_options
@click.option("--no-tokens", is_flag=True, help="Count no tokens but those of examples that may be too long.")
@click.option("--fail-on", type=LEVELS, help="Exit with 1 from this level on (default: error).")
@click.option(
    "--max-findings", type=click.IntRange(0), metavar="N", help="List at most N findings of a rule; count all."
)
@click.option(
    "--format", metavar="FORMAT", shell_complete=complete_formats, help=f"{', '.join(FORMATS)} (default: text)."
)
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write the report there, whole or not at all."
)
@click.option("--report", multiple=True, metavar="FORMAT=FILE", help="Write a further report, as sarif=findings.sarif.")
@click.option(
    "--baseline", type=click.Path(dir_okay=False), metavar="FILE", help="Do not report the findings known there."
)
@click.option(
    "--write-baseline", type=click.Path(dir_okay=False), metavar="FILE", help="Write all findings there as known."
)
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Share the work among N processes (default: one for each core)."
)
@click.option("--check-urls", is_flag=True, help="Fetch the images that are elsewhere, and check them too.")
@click.option("--allow-private", is_flag=True, help="Fetch images from addresses that are not public, too.")
@click.option("--validation", multiple=True, metavar="PATH", help="A validation file; it is checked too.")
@click.option("--redact", is_flag=True, default=None, help="Keep every word of the data out of the report.")
@click.option("--statistics", is_flag=True, help="Add how many findings each rule has.")
@click.option("--progress/--no-progress", default=None, help="Show how far a long run is (default: on a terminal).")
@click.option("--color", type=COLORS, help="Colours (default: auto, on a terminal).")
@click.option("-q", "--quiet", is_flag=True, help="Findings only, no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Say which facts were used, and where their sources disagree.")
@source_options
def command(paths: tuple[str, ...], write_baseline: str | None, **options: Any) -> int:
    """Say what a target would refuse or alter in the data.

    PATH is a file, a folder (every .jsonl, .jsonl.gz and .jsonl.zst in it), a glob, or - for standard input.
    """
    configuration = configured(paths, options)
    with told(configuration):
        if write_baseline is not None:
            return record(paths, configuration, write_baseline)
        return check(paths, configuration)


def check(paths: tuple[str, ...], configuration: Configuration) -> int:
    """Check the paths, write the reports, and give the exit code."""
    display = configuration.display()
    wanted = wanted_outputs(display)
    settings = configuration.settings(max_findings=listed_at_most(wanted), jobs=usable_cores())
    outputs = Outputs(display, configuration.values.get("max_findings"))
    progress = Progress(sys.stderr)

    def tell(finding: Finding) -> None:
        progress.clear()
        outputs.tell(finding)

    run = Run(settings, tell, keeps=False)
    run.watch = progress if wants_progress(display) else None
    with outputs.closing:
        outputs.open(wanted)
        try:
            bug = checked(run, paths)
        finally:
            progress.clear()
        report = run.finished()
        outputs.finish(report)
    return closed(report, bug) or exit_code(report)


def wants_progress(display: Display) -> bool:
    """Whether to show how far the run is: as asked, else on a terminal."""
    return sys.stderr.isatty() if display.progress is None else display.progress


def record(paths: tuple[str, ...], configuration: Configuration, baseline: str) -> int:
    """Write a baseline of everything that is found now."""
    found: Counter[tuple[str, str, str]] = Counter()

    def note(finding: Finding) -> None:
        found[(finding.path, finding.code, finding.fingerprint)] += 1

    settings: Settings = configuration.settings()
    run = Run(everything(settings), note, keeps=False)
    bug = checked(run, paths)
    report = run.finished()
    code = closed(report, bug)
    if code or not report.complete:
        click.echo("jsonl-lint: no baseline is written, because not everything could be checked", err=True)
        return code or exit_code(report)
    with opened(baseline) as out:
        write_baseline(out, baseline, found)
    click.echo(f"jsonl-lint: {baseline}: {plural(sum(found.values()), 'known finding')}", err=True)
    return ExitCode.CLEAN


def everything(settings: Settings) -> Settings:
    """The settings with nothing left out of what is listed."""
    import msgspec

    return msgspec.structs.replace(settings, max_findings=None, baseline=None)


def closed(report: Report, bug: Exception | None) -> int:
    """Say what could not be read and what failed; the exit code of a bug, else 0."""
    for error in report.input_errors:
        click.echo(f"jsonl-lint: {error}", err=True)
    for failure in report.failures:
        click.echo(f"jsonl-lint: {failure}; this is a bug in the rule", err=True)
    if bug is None:
        return ExitCode.CLEAN
    report_bug(bug)
    return ExitCode.BUG


def checked(run: Run, paths: tuple[str, ...]) -> Exception | None:
    """Check all paths; the bug that ended it early, if there was one, so that what was found is still shown."""
    try:
        for path in paths:
            run.check(path)
    except OSError:
        # Inputs that can't be read are in the report: this is an output.
        raise
    except Exception as bug:
        return bug
    return None
