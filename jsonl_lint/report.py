"""The result of a run, as people and machines get it."""

# Here annotations are no strings, which would have to be compiled before anything can be decoded into these types.
import json
import re
from typing import Any

import msgspec

from jsonl_lint.config import FailOn
from jsonl_lint.cost import Cost
from jsonl_lint.finding import Finding, Severity
from jsonl_lint.tokens.figures import TokenFigures

__all__ = [
    "REPORT_VERSION",
    "BaselineEntry",
    "Counts",
    "FileEntry",
    "ModelFigures",
    "Report",
    "ReportLine",
    "TargetEntry",
    "ToolEntry",
    "Unchecked",
    "as_json",
    "finding_line",
    "report_data",
    "summary_line",
]

REPORT_VERSION = 1

HALF_A_PAIR = r"[\ud800-\udfff]"


class ToolEntry(msgspec.Struct, frozen=True):
    """What made the report."""

    name: str
    version: str


class TargetEntry(msgspec.Struct, frozen=True):
    """What the data was checked for; `name` and `method` are "mixed" where the files are for different ones."""

    name: str
    method: str | None
    model: str | None
    facts_as_of: str


class FileEntry(msgspec.Struct, frozen=True):
    """One file that was checked; `bytes` are those of the decompressed file, `tokens` those of one epoch, if counted."""

    path: str
    role: str
    method: str | None
    bytes: int
    lines: int
    examples: int
    target: str = ""
    tokens: int | None = None


class Counts(msgspec.Struct):
    """How many findings there are, listed or not."""

    error: int = 0
    warning: int = 0
    info: int = 0
    by_code: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, code: str, severity: Severity, count: int) -> None:
        """Count findings of a rule."""
        self.by_code[code] = self.by_code.get(code, 0) + count
        if severity == Severity.ERROR:
            self.error += count
        elif severity == Severity.WARNING:
            self.warning += count
        else:
            self.info += count

    def at_or_above(self, severity: Severity) -> int:
        """How many findings are at least as bad as this."""
        by_severity = {Severity.ERROR: self.error, Severity.WARNING: self.warning, Severity.INFO: self.info}
        return sum(count for own, count in by_severity.items() if own >= severity)


class Unchecked(msgspec.Struct, frozen=True):
    """Part of the data that was not checked, how much of it, and why."""

    what: str
    count: int
    why: str


class BaselineEntry(msgspec.Struct):
    """How many findings the baseline knows and that are still there, and how many of its entries are out of date."""

    known: int = 0
    stale: int = 0


class ModelFigures(msgspec.Struct, frozen=True):
    """What the training files are for one model: their tokens, if it has a known encoding, and what training costs."""

    model: str
    tokens: TokenFigures | None
    cost: Cost | None


class Report(msgspec.Struct):
    """Everything that a run found.

    `findings` may list fewer than `counts` says, where a bound was asked for. `complete` is false when an input could not
    be read to its end or a rule failed: then nothing may be concluded from what is not there. `input_errors` are those
    inputs' errors; `failures` are the rules that raised, which are bugs. `tokens` and `cost` are of the training files, for
    the target's model; `models` the same for every model, where that was asked for. `plugins` are the files whose rules were
    called too.
    """

    tool: ToolEntry
    target: TargetEntry
    files: list[FileEntry] = msgspec.field(default_factory=list)
    counts: Counts = msgspec.field(default_factory=Counts)
    findings: list[Finding] = msgspec.field(default_factory=list)
    unchecked: list[Unchecked] = msgspec.field(default_factory=list)
    tokens: TokenFigures | None = None
    cost: Cost | None = None
    models: list[ModelFigures] = msgspec.field(default_factory=list)
    fail_on: FailOn = "error"
    baseline: BaselineEntry | None = None
    plugins: tuple[str, ...] = ()
    input_errors: list[str] = msgspec.field(default_factory=list)
    failures: list[str] = msgspec.field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether all inputs were read to their ends and every rule did its work."""
        return not self.input_errors and not self.failures

    @property
    def has_findings(self) -> bool:
        """Whether there are findings at or above what the run is to fail on."""
        return self.fail_on != "never" and self.counts.at_or_above(Severity.parse(self.fail_on)) > 0

    @property
    def ok(self) -> bool:
        """Whether the data passed: it was checked completely and nothing at or above `fail_on` was found."""
        return self.complete and not self.has_findings

    def to_json(self, indent: int = 2) -> str:
        """The report in its machine format, whose schema is `schemas/report.schema.json`."""
        return msgspec.json.format(as_json(report_data(self)), indent=indent).decode()


class EditData(msgspec.Struct, frozen=True):
    """Replace the bytes from `start` up to `end` of the decompressed file by `text`."""

    start: int
    end: int
    text: str


class FixData(msgspec.Struct, frozen=True):
    """What `jsonl-lint fix` would do; without edits it is done to the file as a whole."""

    title: str
    safe: bool
    edits: list[EditData]


class FindingData(msgspec.Struct, frozen=True):
    """One finding; `line` and `column` count from 1, `column` in characters, `offset` in bytes."""

    code: str
    name: str
    severity: str
    message: str
    path: str
    line: int | None
    column: int | None
    offset: int | None
    pointer: str
    fix: FixData | None
    url: str
    fingerprint: str


class ReportData(msgspec.Struct, frozen=True):
    """The machine format of a report: the type that its JSON Schema is made from."""

    version: int
    tool: ToolEntry
    target: TargetEntry
    ok: bool
    complete: bool
    files: list[FileEntry]
    counts: Counts
    findings: list[FindingData]
    unchecked: list[Unchecked]
    tokens: TokenFigures | None
    cost: Cost | None
    baseline: BaselineEntry | None


class FindingLine(FindingData, frozen=True, tag_field="type", tag="finding"):
    """A line of the format `jsonl` that is a finding."""


SummaryLine = msgspec.defstruct(
    "SummaryLine",
    [(field.name, field.type) for field in msgspec.structs.fields(ReportData) if field.name != "findings"],
    frozen=True,
    tag_field="type",
    tag="summary",
    namespace={"__doc__": "The last line of the format `jsonl`: the report without its findings."},
)

ReportLine: Any = FindingLine | SummaryLine
"""One line of the format `jsonl`."""


def finding_line(finding: Finding) -> bytes:
    """A finding as a line of the format `jsonl`."""
    return as_json(FindingLine(*msgspec.structs.astuple(finding_data(finding))))


def summary_line(report: Report) -> bytes:
    """A report without its findings as a line of the format `jsonl`."""
    data = msgspec.structs.asdict(report_data(msgspec.structs.replace(report, findings=[])))
    del data["findings"]
    return as_json(SummaryLine(**data))


def as_json(value: Any) -> bytes:
    """A value as JSON that every reader takes: half of a surrogate pair, as in a file's name, is spelled out."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return re.sub(HALF_A_PAIR, lambda half: f"\\\\u{ord(half[0]):04x}", text).encode()


def report_data(report: Report) -> ReportData:
    """A report in its machine format."""
    return ReportData(
        version=REPORT_VERSION,
        tool=report.tool,
        target=report.target,
        ok=report.ok,
        complete=report.complete,
        files=report.files,
        counts=report.counts,
        findings=[finding_data(finding) for finding in report.findings],
        unchecked=report.unchecked,
        tokens=report.tokens,
        cost=report.cost,
        baseline=report.baseline,
    )


def finding_data(finding: Finding) -> FindingData:
    """A finding in its machine format."""
    fix = finding.fix
    return FindingData(
        code=finding.code,
        name=finding.name,
        severity=finding.severity.label,
        message=finding.message,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        offset=finding.offset,
        pointer=finding.pointer,
        fix=None
        if fix is None
        else FixData(
            fix.title, fix.safe, [EditData(e.start, e.end, e.text.decode("utf-8", "replace")) for e in fix.edits]
        ),
        url=finding.url,
        fingerprint=finding.fingerprint,
    )
