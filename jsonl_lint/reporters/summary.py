"""What the formats for people share: a finding's first line, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.registry import all_rules
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.text import plural

__all__ = ["headline", "painted", "shown", "write_summary"]

COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
BOLD, DIM, GREEN = "1", "2", "32"


def painted(text: str, color: str, view: View) -> str:
    """A text in a colour (an SGR code), where colours are wanted."""
    return f"\x1b[{color}m{text}\x1b[0m" if view.color else text


def shown(text: str) -> str:
    """A text of the data with everything that a terminal would obey made visible."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else escaped(char) for char in text)


def escaped(char: str) -> str:
    """A character that does not print, written as JSON writes it."""
    code = ord(char)
    return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(char) or (
        f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def headline(finding: Finding, view: View) -> str:
    """`path:line:column: CODE [severity] message`."""
    place = ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part is not None)
    code = painted(finding.code, BOLD, view)
    severity = painted(f"[{finding.severity.label}]", COLORS[finding.severity], view)
    return f"{shown(place)}: {code} {severity} {shown(finding.message)}"


def write_summary(report: Report, out: TextIO, view: View) -> None:
    """Write what was found in all, what is not listed, what was not checked, and the verdict."""
    if view.quiet:
        return
    parts = [list(unlisted(report)), list(statistics(report)) if view.statistics else [], list(totals(report, view))]
    out.write("\n".join("".join(f"{line}\n" for line in part) for part in parts if part))


def unlisted(report: Report) -> Iterator[str]:
    """For each rule of which not all findings are listed, how many more there are."""
    listed: dict[str, int] = {}
    for finding in report.findings:
        listed[finding.code] = listed.get(finding.code, 0) + 1
    for code, count in sorted(report.counts.by_code.items()):
        if count > listed.get(code, 0):
            yield f"... and {plural(count - listed.get(code, 0), 'more finding')} of {code} (--max-findings)"


def statistics(report: Report) -> Iterator[str]:
    """How many findings each rule has, most first."""
    rules = all_rules()
    for code, count in sorted(report.counts.by_code.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>10,}  {code}  {rules[code].name}"


def totals(report: Report, view: View) -> Iterator[str]:
    """What was checked, what was found, what was not checked, and the verdict."""
    for file in report.files:
        method = f" ({file.method})" if file.method else ""
        yield f"{shown(file.path)}: {plural(file.examples, 'example')}{method}, {plural(file.lines, 'line')}"
    for item in report.unchecked:
        yield painted(f"not checked: {item.what}: {item.count:,} ({item.why})", COLORS[Severity.WARNING], view)
    counts = report.counts
    found = [plural(counts.error, "error"), plural(counts.warning, "warning"), f"{counts.info:,} info"]
    yield f"{', '.join(found)} for {report.target.name} (facts as of {report.target.facts_as_of})"
    yield verdict(report, view)


def verdict(report: Report, view: View) -> str:
    """The last line: whether the data passed."""
    if not report.complete:
        return painted("Incomplete: not everything could be checked.", COLORS[Severity.ERROR], view)
    if report.has_findings:
        return painted("Not ready to upload.", COLORS[Severity.ERROR], view)
    if report.counts.error:
        return painted("There are errors, and --fail-on lets them pass.", COLORS[Severity.WARNING], view)
    return painted("Ready to upload.", GREEN, view)
