"""Where reports go: to the screen and to files, several at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TextIO, cast

import msgspec

from jsonl_lint.cli.exit import leave_pipe
from jsonl_lint.cli.spool import Spool
from jsonl_lint.config import Display
from jsonl_lint.errors import UsageError
from jsonl_lint.finding import Finding
from jsonl_lint.report import Report
from jsonl_lint.reporters import FORMATS, LISTED, Reporter, Streaming, View, load_reporter

__all__ = [
    "Outputs",
    "Wanted",
    "listed_at_most",
    "opened",
    "terminal_width",
    "unless_left",
    "wanted_outputs",
    "wants_color",
]

ENDINGS = {"md": "markdown", "txt": "text", "xml": "junit"}


class Wanted(msgspec.Struct, frozen=True):
    """One report that is asked for: its format, and its file or None for standard output."""

    format: str
    file: str | None = None


def wanted_outputs(display: Display) -> list[Wanted]:
    """The reports that are asked for; `UsageError` if a format is unknown or two go to one place."""
    wanted = [Wanted(display.format, display.output), *(further(item) for item in display.report)]
    files = [output.file for output in wanted]
    for output in wanted:
        load_reporter(output.format)
        if files.count(output.file) > 1:
            raise UsageError(f"two reports go to {output.file}", "report")
    return wanted


def further(item: str) -> Wanted:
    """The report that `FORMAT=FILE` asks for, or `FILE` alone if its ending is that of a format."""
    name, equals, file = item.partition("=")
    if equals and file:
        return Wanted(name.strip(), file)
    _, dot, ending = item.lower().rpartition(".")
    if not equals and dot and (ending in FORMATS or ending in ENDINGS):
        return Wanted(ENDINGS.get(ending, ending), item)
    raise UsageError(f"--report {item}: write FORMAT=FILE, as sarif=findings.sarif", "report")


def listed_at_most(outputs: list[Wanted]) -> int | None:
    """How many findings of each rule in each file the run has to list, so that there is enough for each report."""
    limits = [LISTED[output.format] for output in outputs]
    return None if None in limits else max(limit for limit in limits if limit is not None)


class Outputs:
    """The opened reports of a run: `tell` is told each finding, `finish` the report."""

    def __init__(self, display: Display, limit: int | None) -> None:
        self.display = display
        self.limit = limit
        self.opened: list[tuple[Wanted, Reporter, TextIO]] = []
        self.spool: Spool | None = None
        self.closing = ExitStack()

    def open(self, outputs: list[Wanted]) -> None:
        """Open all; files appear when all has ended well."""
        for output in outputs:
            out = self.closing.enter_context(opened(output.file))
            self.opened.append((output, load_reporter(output.format), out))
        if len(self.streaming) < len(self.opened):
            self.spool = self.closing.enter_context(closing(Spool()))

    @property
    def streaming(self) -> list[tuple[Streaming, TextIO]]:
        """The reports that are written while the run goes on."""
        return [(cast("Streaming", reporter), out) for _, reporter, out in self.opened if hasattr(reporter, "tell")]

    def tell(self, finding: Finding) -> None:
        """Pass a finding to the reports that take it at once, and keep it for the others."""
        if self.spool is not None:
            self.spool.add(finding)
        for reporter, out in self.streaming:
            with unless_left():
                reporter.tell(finding, out)

    def finish(self, report: Report) -> None:
        """Write the reports to their ends."""
        for output, reporter, out in self.opened:
            with unless_left():
                if hasattr(reporter, "tell"):
                    cast("Streaming", reporter).finish(report, out, self.view(output, out))
                else:
                    reporter.write(report, out, self.view(output, out))
                out.flush()

    def view(self, output: Wanted, out: TextIO) -> View:
        """How a report is to be shown where it goes."""
        display = self.display
        return View(
            color=wants_color(display, out) if output.file is None else display.color == "always",
            width=terminal_width(out) if output.file is None else None,
            statistics=display.statistics,
            quiet=display.quiet,
            verbose=display.verbose,
            limit=self.limit if self.limit is not None else LISTED[output.format],
            found=self.spool,
        )


@contextmanager
def unless_left() -> Iterator[None]:
    """Nothing is wrong when the reader of standard output has seen enough."""
    try:
        yield
    except BrokenPipeError:
        leave_pipe()


@contextmanager
def opened(file: str | None) -> Iterator[TextIO]:
    """Where a report goes: standard output, or a file that is written whole or not at all."""
    if file is None:
        # Data may hold characters that the terminal's encoding has not; they must not stop the report.
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        return
    from jsonl_lint.atomic import written_whole

    with written_whole(file) as binary:
        text = open(binary.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)  # noqa: SIM115
        yield text
        text.close()


def wants_color(display: Display, out: TextIO) -> bool:
    """Whether colours are wanted: as asked, else on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    if display.color != "auto":
        return display.color == "always"
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width(out: TextIO) -> int | None:
    """The terminal's width in columns; None where there is no terminal."""
    try:
        return os.get_terminal_size(out.fileno()).columns
    except (OSError, ValueError):
        return None
