"""`markdown`: a summary for a pull request's comment, short enough for one however many findings there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.registry import all_rules
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed, relative
from jsonl_lint.reporters.summary import plain_verdict, shown
from jsonl_lint.text import plural

__all__ = ["write"]

# GitHub takes 65,536 characters in a comment, GitLab a million.
ROOM = 60_000
MESSAGE_ROOM = 300

MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    head = "\n".join(heading(report))
    out.write(head + "\n")
    room = ROOM - len(head)
    left = 0
    for part in groups(report, view):
        room -= len(part)
        if room < 0:
            left += 1
            continue
        out.write(part)
    if left:
        out.write(f"\n… and the findings of {plural(left, 'more rule')}, for which there is no room here.\n")


def heading(report: Report) -> Iterator[str]:
    """The verdict, the files, and how often each rule found something."""
    mark = "✅" if report.ok else "❌"
    counts = report.counts
    yield f"### {mark} jsonl-lint: {escaped(plain_verdict(report))}\n"
    yield f"{plural(counts.error, 'error')}, {plural(counts.warning, 'warning')}, {counts.info:,} info for"
    yield f"`{report.target.name}` (facts as of {report.target.facts_as_of}).\n"
    for error in (*report.input_errors, *report.failures):
        yield f"- **{escaped(error)}**"
    for item in report.unchecked:
        yield f"- not checked: {escaped(item.what)}: {item.count:,} ({escaped(item.why)})"
    yield "\n| file | examples | lines |\n|---|--:|--:|"
    for file in report.files[:FILES_ROOM]:
        yield f"| {code(relative(file.path))} | {file.examples:,} | {file.lines:,} |"
    if len(report.files) > FILES_ROOM:
        yield f"| … and {plural(len(report.files) - FILES_ROOM, 'more file')} | | |"
    yield ""


FILES_ROOM = 50


def groups(report: Report, view: View) -> Iterator[str]:
    """The findings of each rule, the worst first, in a section that opens."""
    by_code: dict[str, list[Finding]] = {}
    for finding in listed(report, view):
        by_code.setdefault(finding.code, []).append(finding)
    rules = all_rules(report.plugins)
    for code_, found in sorted(by_code.items(), key=lambda item: (-item[1][0].severity, item[0])):
        rule, count = rules[code_], report.counts.by_code[code_]
        lines = [
            f"\n<details><summary>{MARKS[found[0].severity]} <b>{code_}</b> {rule.name}: {count:,}</summary>\n",
            f"{escaped(rule.summary)}. Repair: {escaped(rule.repair)}.\n",
            *(f"- {code(place(finding))} {escaped(cut(finding.message))}" for finding in found),
        ]
        if count > len(found):
            lines.append(f"- … and {count - len(found):,} more")
        yield "\n".join([*lines, "\n</details>\n"])


def place(finding: Finding) -> str:
    """`path:line:column`."""
    parts = (relative(finding.path), finding.line, finding.column)
    return ":".join(str(part) for part in parts if part is not None)


def cut(text: str) -> str:
    """A text of bounded length."""
    return text if len(text) <= MESSAGE_ROOM else text[: MESSAGE_ROOM - 1] + "…"


def code(text: str) -> str:
    """A text as code, whatever back quotes it holds; a bar would end the cell of a table."""
    plain = shown(text).replace("|", "\\|")
    fence = "`"
    while fence in plain:
        fence += "`"
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def escaped(text: str) -> str:
    """A text of which nothing is taken for Markdown, HTML or a mention."""
    plain = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;").replace("#", "&#35;")
    return "".join("\\" + char if char in "\\`*_[]|~!" else char for char in plain)
