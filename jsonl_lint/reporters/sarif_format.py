"""`sarif`: the Static Analysis Results Interchange Format 2.1.0, for code scanning and editors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from jsonl_lint.finding import Excerpt, Finding, Severity
from jsonl_lint.registry import all_rules
from jsonl_lint.report import Report, as_json
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, relative, unlisted
from jsonl_lint.rule import Rule
from jsonl_lint.text import capital

__all__ = ["write"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/jsonl-lint/jsonl-lint"
LEVELS = {Severity.OFF: "none", Severity.INFO: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}

# The name under which fingerprints are compared; the number changes when their making does.
FINGERPRINT = "jsonlLint/v1"


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report, its results one by one."""
    codes = list(report.counts.by_code)
    rules = {code: index for index, code in enumerate(sorted(codes))}
    head = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver(report, list(rules))},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation(report, view)],
                "results": [],
            }
        ],
    }
    begin, _, end = as_json(head).decode().rpartition("[]")
    out.write(begin + "[")
    for index, finding in enumerate(listed(report, view)):
        out.write(",\n" if index else "\n")
        out.write(as_json(result(finding, rules[finding.code])).decode())
    out.write("]" + end + "\n")


def driver(report: Report, codes: list[str]) -> dict[str, Any]:
    """The tool, and the rules that found something."""
    known = all_rules(report.plugins)
    return {
        "name": report.tool.name,
        "semanticVersion": report.tool.version,
        "informationUri": HOME,
        "rules": [descriptor(known[code]) for code in codes],
    }


def descriptor(rule: Rule) -> dict[str, Any]:
    """A rule with its help."""
    described = {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.summary}."},
        "fullDescription": {"text": f"{rule.summary}. {capital(rule.repair)}."},
        "help": {"text": rule.doc, "markdown": rule.doc},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "enabled": rule.default},
        "properties": {"tags": ["training-data", rule.family]},
    }
    return {**described, "helpUri": rule.url} if rule.url else described


def invocation(report: Report, view: View) -> dict[str, Any]:
    """Whether the run was complete, and what it could not check or does not list."""
    notes = [("error", text) for text in (*report.input_errors, *report.failures)]
    notes += [("warning", f"not checked: {item.what}: {item.count} ({item.why})") for item in report.unchecked]
    notes += [("note", text) for text in unlisted(report, view)]
    return {
        "executionSuccessful": report.complete,
        "toolExecutionNotifications": [{"level": level, "message": {"text": text}} for level, text in notes],
    }


def result(finding: Finding, index: int) -> dict[str, Any]:
    """One finding; `index` is its rule's place among the rules."""
    location = {"artifactLocation": artifact(finding.path), "region": region(finding)}
    found = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location, **logical(finding)}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    fixes = list(repairs(finding))
    return {**found, "fixes": fixes} if fixes else found


def artifact(path: str) -> dict[str, Any]:
    """A file: relative to the root of the sources where it is below the current folder."""
    name = relative(path)
    if "://" in name:
        return {"uri": name}
    if Path(name).is_absolute() or name.startswith(".."):
        return {"uri": Path(name).resolve().as_uri()}
    return {"uri": quote(name, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}


def region(finding: Finding) -> dict[str, Any]:
    """Where in the file a finding stands, and what stands there."""
    place: dict[str, Any] = {"startLine": finding.line or 1}
    if finding.column is None:
        return place
    place["startColumn"] = finding.column
    if finding.excerpt is not None and spot(finding.excerpt):
        place["endColumn"] = finding.column + len(spot(finding.excerpt))
        place["snippet"] = {"text": spot(finding.excerpt)}
    return place


def spot(excerpt: Excerpt) -> str:
    """The marked text of an excerpt."""
    return excerpt.text[excerpt.start : excerpt.end]


def logical(finding: Finding) -> dict[str, Any]:
    """The JSON Pointer of a finding in its line."""
    if not finding.pointer:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": finding.pointer, "kind": "member"}]}


def repairs(finding: Finding) -> Iterator[dict[str, Any]]:
    """What `jsonl-lint fix` would do, where that is a change of some bytes of a file as it lies there."""
    fix = finding.fix
    if fix is None or not fix.edits or not finding.path.endswith(".jsonl"):
        return
    replacements = [
        {
            "deletedRegion": {"byteOffset": edit.start, "byteLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text.decode("utf-8", "replace")},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": artifact(finding.path), "replacements": replacements}
    yield {"description": {"text": fix.title}, "artifactChanges": [change]}
