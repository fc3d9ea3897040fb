"""The library's way in: check files, bytes and streams at once, or records one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from jsonl_lint.again import Kept
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.errors import UsageError
from jsonl_lint.finding import Finding
from jsonl_lint.formats import method_of
from jsonl_lint.report import Report
from jsonl_lint.run import Data, Run

__all__ = ["Linter", "check", "make_settings"]

RECORDS = "<records>"

# How many findings of a rule the report on records keeps: each was handed out when its record went through.
RECORDS_LISTED = 100


def make_settings(options: Mapping[str, Any]) -> Settings:
    """Settings from keyword options; `UsageError` for one that is unknown or of a wrong type."""
    try:
        return msgspec.convert(dict(options), Settings)
    except msgspec.ValidationError as error:
        raise UsageError(f"settings: {error}") from None


def check(*inputs: Data, **options: Any) -> Report:
    """Check files and give their report.

    `inputs` are paths (of files, folders or globs; "-" is standard input), the bytes of a file, or open binary files.
    `options` are those of the command with underscores: `target`, `method`, `model`, `select`, `extend_select`, `ignore`,
    `severity`, `fail_on`, `max_findings`, `facts`. An input that can't be read is named in `report.input_errors`; a wrong
    option raises `UsageError`.
    """
    run = Run(make_settings(options))
    for data in inputs:
        run.check(data)
    return run.finished()


class Linter:
    """Checks records as they come, in bounded memory. Use one for each thread, and one for each data set."""

    def __init__(self, **options: Any) -> None:
        self.run = Run(make_settings(options))
        self.range: Range | None = None
        self.finished: Report | None = None
        self.kept = Kept()

    def check_records(self, records: Iterable[Any]) -> Iterator[Finding]:
        """The findings of each record, one record after the other; `line` is the record's number, from 1.

        What concerns the data set as a whole is in `report()`. `UsageError` after `report()` was called.
        """
        for record in records:
            if self.finished is not None:
                raise UsageError("this linter has made its report; use a new one for more records")
            self.range = self.range or self.start(record)
            line = encoded(record)
            self.kept.keep(line + b"\n")
            yield from findings_on(self.range, line)

    def start(self, record: Any) -> Range:
        """The range for a data set of which this is the first record."""
        method = self.run.settings.method
        chosen = (method_of(record) or "sft") if method == "auto" else method
        started = Range(self.run.plan(chosen), RECORDS)
        started.partial.summary.bom = None
        return started

    def report(self) -> Report:
        """The report of all records that went through, with the findings on the data set as a whole."""
        if self.finished is None:
            checked = self.range or self.start({})
            self.run.hold_out()
            self.run.add(checked.plan, RECORDS, checked.partial, self.kept.reopen)
            self.finished = self.run.finished()
        return self.finished


def findings_on(checked: Range, record: bytes) -> list[Finding]:
    """Check one record that stands on no line of a file: its findings have a line, and no column or offset."""
    partial = checked.partial
    listed = {code: len(found) for code, found in partial.findings.items()}
    checked.line_with_images(record, 0, len(record))
    checked.shown.measure()
    fresh: list[Finding] = []
    for code, found in partial.findings.items():
        first = listed.get(code, 0)
        new = [msgspec.structs.replace(finding, column=None, offset=None, fix=None) for finding in found[first:]]
        fresh.extend(new)
        found[first:] = new[: max(RECORDS_LISTED - first, 0)]
    return fresh


def encoded(record: Any) -> bytes:
    """A record as a line of JSON, every oddity of its values kept (NaN, lone surrogates)."""
    try:
        return json.dumps(record).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"a record can't be written as JSON: {error}") from error
