"""`gitlab`: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, TextIO

from jsonl_lint.finding import Severity
from jsonl_lint.report import Report, as_json
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, relative, unlisted

__all__ = ["write"]

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}

# How many different findings are remembered, so that equal ones can be numbered; it bounds the memory.
REMEMBERED = 200_000


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    out.write("[")
    for index, entry in enumerate(issues(report, view)):
        out.write(",\n" if index else "\n")
        out.write(as_json(entry).decode())
    out.write("\n]\n")


def issues(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """The findings as issues, and one more that says which are not listed.

    GitLab wants fingerprints that differ, so that equal ones are numbered; beyond those that are remembered the place makes
    them differ.
    """
    seen: Counter[bytes] = Counter()
    for finding in listed(report, view):
        path = relative(finding.path)
        key = digest(path, finding.fingerprint)
        if key in seen or len(seen) < REMEMBERED:
            seen[key] += 1
            unique = digest(path, finding.fingerprint, seen[key])
        else:
            unique = digest(path, finding.fingerprint, finding.line, finding.column)
        said = f"{finding.code} {finding.name}: {finding.message}"
        yield issue(said, finding.code, unique, finding.severity, (path, finding.line))
    rest = "; ".join(unlisted(report, view))
    if rest:
        path = relative(report.files[0].path) if report.files else "jsonl-lint"
        yield issue(rest, "jsonl-lint", digest("unlisted", rest), worst(report), (path, 1))


def digest(*parts: object) -> bytes:
    """A fingerprint of some values."""
    return blake2b("\n".join(map(str, parts)).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def issue(said: str, check: str, unique: bytes, severity: Severity, place: tuple[str, int | None]) -> dict[str, Any]:
    """One issue; `place` is a path and a line."""
    path, line = place
    return {
        "description": said,
        "check_name": check,
        "fingerprint": unique.hex(),
        "severity": SEVERITIES[severity],
        "location": {"path": path, "lines": {"begin": line or 1}},
    }


def worst(report: Report) -> Severity:
    """The level of the worst finding."""
    return next(level for level in SEVERITIES if report.counts.at_or_above(level))
