"""What the formats for people share: a finding's first line, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO, cast

import msgspec

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.registry import all_rules
from jsonl_lint.report import BaselineEntry, Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import unlisted
from jsonl_lint.targets import Method, load_target
from jsonl_lint.text import plural

__all__ = ["headline", "is_known", "painted", "plain_verdict", "shown", "write_summary"]

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
    parts = [
        list(unlisted(report, view)),
        list(statistics(report)) if view.statistics else [],
        list(used_facts(report)) if view.verbose else [],
        list(totals(report, view)),
    ]
    out.write("\n".join("".join(f"{line}\n" for line in part) for part in parts if part))


def statistics(report: Report) -> Iterator[str]:
    """How many findings each rule has, most first."""
    rules = all_rules(report.plugins)
    for code, count in sorted(report.counts.by_code.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>10,}  {code}  {rules.known[code].name}"


def used_facts(report: Report) -> Iterator[str]:
    """The facts that the verdict rests on, with their sources, and where these disagree."""
    kinds = {(file.target, file.method) for file in report.files if file.target and file.method}
    for name, method in sorted(kinds):
        target = load_target(name)
        yield f"facts of {name} for {method}:"
        for fact, cited in target.cited(cast("Method", method)).items():
            yield f"  {fact} = {msgspec.json.encode(cited.value).decode()}  [{cited.source}, {cited.date}]"
            if cited.note:
                yield f"      {cited.note}"
    for name in sorted({name for name, _ in kinds}):
        yield f"where the sources of {name} disagree:"
        yield from (f"  - {line}" for line in load_target(name).contradictions)


def totals(report: Report, view: View) -> Iterator[str]:
    """What was checked, what was found, what was not checked, and the verdict."""
    for file in report.files:
        method = f" ({file.method})" if file.method else ""
        role = "" if file.role == "training" else f"{file.role} file "
        yield f"{role}{shown(file.path)}: {plural(file.examples, 'example')}{method}, {plural(file.lines, 'line')}"
    if report.tokens is not None:
        from jsonl_lint.reporters.figures import summary_lines

        yield from summary_lines(report)
    for item in report.unchecked:
        yield painted(f"not checked: {item.what}: {item.count:,} ({item.why})", COLORS[Severity.WARNING], view)
    if report.baseline is not None:
        yield from of_baseline(report.baseline, view)
    counts = report.counts
    found = [plural(counts.error, "error"), plural(counts.warning, "warning"), f"{counts.info:,} info"]
    yield f"{', '.join(found)} for {report.target.name} (facts as of {report.target.facts_as_of})"
    yield verdict(report, view)


def of_baseline(baseline: BaselineEntry, view: View) -> Iterator[str]:
    """What the baseline knows, and what of it is gone."""
    yield painted(f"known by the baseline and not listed: {plural(baseline.known, 'finding')}", DIM, view)
    if baseline.stale:
        gone = plural(baseline.stale, "finding")
        yield painted(f"gone since the baseline was written: {gone}; renew it with --write-baseline", DIM, view)


def verdict(report: Report, view: View) -> str:
    """The last line: whether the data passed."""
    color = COLORS[Severity.ERROR]
    if report.ok:
        color = COLORS[Severity.WARNING] if report.counts.error or is_known(report) else GREEN
    return painted(plain_verdict(report), color, view)


def plain_verdict(report: Report) -> str:
    """Whether the data passed, in a sentence."""
    if not report.complete:
        return "Incomplete: not everything could be checked."
    if report.has_findings:
        return "Not ready to upload."
    if report.counts.error:
        return "There are errors, and --fail-on lets them pass."
    if is_known(report):
        return "Nothing new; what the baseline knows is still there."
    return "Ready to upload."


def is_known(report: Report) -> bool:
    """Whether findings were left out because a baseline knows them."""
    return report.baseline is not None and report.baseline.known > 0
