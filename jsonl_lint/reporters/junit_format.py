"""`junit`: XML for CI servers: a suite for each file, a test case for each finding.

A finding that lets the run pass (below `--fail-on`) is a passed case with the finding as its output. Findings that are not
listed are one case, which fails if one of them does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, unlisted
from jsonl_lint.reporters.summary import shown

__all__ = ["write"]


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="jsonl-lint">\n')
    # A suite begins with how many cases it has.
    sizes = [Counter(is_failure(finding, report) for finding in found) for _, found in by_path(report, view)]
    with_findings = set()
    for (path, found), size in zip(by_path(report, view), sizes, strict=True):
        with_findings.add(path)
        out.write(suite(path, tests=size.total(), failures=size[True]))
        for finding in found:
            out.writelines(case(finding, report))
        out.write("</testsuite>\n")
    for file in report.files:
        if file.path not in with_findings:
            out.write(suite(file.path, tests=1))
            out.write(f'<testcase name="jsonl-lint" classname={quoteattr(shown(file.path))}/>\n</testsuite>\n')
    failing = failing_findings(report) - sum(size[True] for size in sizes)
    write_unlisted(list(unlisted(report, view)), out, is_failure=failing > 0)
    write_errors([*report.input_errors, *report.failures], out)
    out.write("</testsuites>\n")


def by_path(report: Report, view: View) -> Iterator[tuple[str, Iterator[Finding]]]:
    """The listed findings file by file."""
    return groupby(listed(report, view), key=lambda finding: finding.path)


def suite(name: str, tests: int, failures: int = 0, errors: int = 0) -> str:
    """The tag that opens a suite."""
    return f'<testsuite name={quoteattr(shown(name))} tests="{tests}" failures="{failures}" errors="{errors}">\n'


def case(finding: Finding, report: Report) -> Iterator[str]:
    """One finding as a test case."""
    place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
    title = quoteattr(f"{finding.code} {finding.name} {place}")
    yield f"<testcase name={title} classname={quoteattr(shown(finding.path))}>"
    text = escape(f"{shown(finding.path)}:{place}: {finding.code} [{finding.severity.label}] {shown(finding.message)}")
    if is_failure(finding, report):
        yield f'<failure type="{finding.severity.label}" message={quoteattr(shown(finding.message))}>{text}</failure>'
    else:
        yield f"<system-out>{text}</system-out>"
    yield "</testcase>\n"


def is_failure(finding: Finding, report: Report) -> bool:
    """Whether a finding makes the run fail."""
    return report.fail_on != "never" and finding.severity >= Severity.parse(report.fail_on)


def failing_findings(report: Report) -> int:
    """How many findings make the run fail, listed or not."""
    return 0 if report.fail_on == "never" else report.counts.at_or_above(Severity.parse(report.fail_on))


def write_unlisted(rest: list[str], out: TextIO, *, is_failure: bool) -> None:
    """Write what is not listed as a suite of one case."""
    if not rest:
        return
    text = "\n".join(rest)
    out.write(suite("jsonl-lint: not listed", tests=1, failures=int(is_failure)))
    out.write('<testcase name="findings that are not listed" classname="jsonl-lint">')
    if is_failure:
        out.write(f'<failure type="unlisted" message={quoteattr(rest[0])}>{escape(text)}</failure>')
    else:
        out.write(f"<system-out>{escape(text)}</system-out>")
    out.write("</testcase>\n</testsuite>\n")


def write_errors(errors: list[str], out: TextIO) -> None:
    """Write what could not be checked as a suite of errors."""
    if not errors:
        return
    out.write(suite("jsonl-lint", tests=len(errors), errors=len(errors)))
    for error in errors:
        text = quoteattr(shown(error))
        out.write(
            f'<testcase name={text} classname="jsonl-lint"><error type="unreadable" message={text}/></testcase>\n'
        )
    out.write("</testsuite>\n")
