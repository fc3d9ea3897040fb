"""`gitlab`: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, TextIO

import msgspec

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, relative

__all__ = ["write"]

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    out.write("[")
    for index, issue in enumerate(issues(report, view)):
        out.write(",\n" if index else "\n")
        out.write(msgspec.json.encode(issue).decode())
    out.write("\n]\n")


def issues(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """The findings as issues. GitLab wants fingerprints that differ, so that equal ones are numbered."""
    seen: Counter[tuple[str, str]] = Counter()
    for finding in listed(report, view.limit):
        key = (relative(finding.path), finding.fingerprint)
        seen[key] += 1
        yield issue(finding, seen[key])


def issue(finding: Finding, number: int) -> dict[str, Any]:
    """One finding as an issue; `number` counts those of its file that are equal."""
    path = relative(finding.path)
    unique = blake2b(f"{path}\n{finding.fingerprint}\n{number}".encode(), digest_size=16).hexdigest()
    return {
        "description": f"{finding.code} {finding.name}: {finding.message}",
        "check_name": finding.code,
        "fingerprint": unique,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": finding.line or 1}},
    }
