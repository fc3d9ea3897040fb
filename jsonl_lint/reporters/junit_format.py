"""`junit`: XML for CI servers: a suite for each file, a test case for each finding.

A finding that lets the run pass (below `--fail-on`) is a passed case with the finding as its output.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed
from jsonl_lint.reporters.summary import shown

__all__ = ["write"]


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="jsonl-lint">\n')
    with_findings = set()
    for path, found in groupby(listed(report, view.limit), key=lambda finding: finding.path):
        with_findings.add(path)
        write_suite(path, list(found), report, out)
    for file in report.files:
        if file.path not in with_findings:
            name = quoteattr(shown(file.path))
            out.write(f'<testsuite name={name} tests="1" failures="0" errors="0">\n')
            out.write(f'<testcase name="jsonl-lint" classname={name}/>\n</testsuite>\n')
    write_errors([*report.input_errors, *report.failures], out)
    out.write("</testsuites>\n")


def write_suite(path: str, findings: list[Finding], report: Report, out: TextIO) -> None:
    """Write the suite of one file."""
    failures = sum(is_failure(finding, report) for finding in findings)
    name = quoteattr(shown(path))
    out.write(f'<testsuite name={name} tests="{len(findings)}" failures="{failures}" errors="0">\n')
    for finding in findings:
        out.writelines(case(finding, report))
    out.write("</testsuite>\n")


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


def write_errors(errors: list[str], out: TextIO) -> None:
    """Write what could not be checked as a suite of errors."""
    if not errors:
        return
    out.write(f'<testsuite name="jsonl-lint" tests="{len(errors)}" failures="0" errors="{len(errors)}">\n')
    for error in errors:
        text = quoteattr(shown(error))
        out.write(
            f'<testcase name={text} classname="jsonl-lint"><error type="unreadable" message={text}/></testcase>\n'
        )
    out.write("</testsuite>\n")
