"""`html`: one file that holds all it needs, for people who want to look around: verdict, what to do first, findings.

Its size is bounded however many findings there are. What comes from the data is escaped, and the page's own policy lets
nothing be loaded and no script run but the one it was made with.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib import resources
from typing import TextIO

from jsonl_lint.finding import Severity
from jsonl_lint.registry import all_rules
from jsonl_lint.report import Report
from jsonl_lint.reporters import View
from jsonl_lint.reporters.html_charts import charts
from jsonl_lint.reporters.html_findings import Group, groups, prose, section
from jsonl_lint.reporters.listing import listed
from jsonl_lint.reporters.summary import is_known, plain_verdict, shown
from jsonl_lint.text import capital, plural

__all__ = ["write"]

# The characters that findings may take in all: less than three million with everything around them.
ROOM = 2_500_000
FILES_LISTED = 200
FIRST = 5


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report."""
    found = groups(listed(report, view), all_rules(report.plugins))
    out.write("\n".join(head(report)) + "\n")
    out.write("\n".join(top(report, found)) + "\n")
    out.write("".join(charts(report)))
    write_findings(report, found, out)
    out.write("\n".join(foot(report)) + "\n")


def head(report: Report) -> Iterator[str]:
    """The start of the document with style and policy."""
    script = asset("report.js")
    hashed = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hashed}'; img-src data:; base-uri 'none'"
    )
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<link rel="icon" href="data:,">'
    yield f"<title>{escape(plain_verdict(report))} jsonl-lint</title>"
    yield f"<style>\n{asset('report.css')}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#findings">To the findings</a>\n<div class="page">'


def asset(name: str) -> str:
    """The text of a file that goes into the page."""
    return resources.files("jsonl_lint.reporters").joinpath(f"assets/{name}").read_text(encoding="utf-8")


def top(report: Report, found: list[Group]) -> Iterator[str]:
    """The verdict, what to do first, what was not checked, and the files."""
    yield "<header>" + "".join(verdict(report)) + "</header>\n<main>"
    if found:
        yield '<section aria-labelledby="first"><h2 id="first">What to do first</h2><div class="panel">'
        yield '<ol class="first">' + "".join(map(step, found[:FIRST])) + "</ol></div></section>"
    problems = [*report.input_errors, *report.failures]
    problems += [f"{item.what}: {item.count:,} ({item.why})" for item in report.unchecked]
    if problems:
        yield '<section aria-labelledby="unchecked"><h2 id="unchecked">Not checked</h2><ul class="panel">'
        yield "".join(f"<li>{safe(problem)}</li>" for problem in problems) + "</ul></section>"
    yield from files(report)


def verdict(report: Report) -> Iterator[str]:
    """Whether the data passed, for what, and how much was found."""
    doubtful = report.ok and (report.counts.error or is_known(report))
    tone = "doubtful" if doubtful or not report.complete else "good" if report.ok else "bad"
    target = report.target
    wanted = " · ".join(safe(part) for part in (target.name, target.method, target.model) if part)
    counts = report.counts
    yield f'<div class="panel verdict {tone}"><h1>{escape(plain_verdict(report))}</h1>'
    yield f"<p>Checked for <strong>{wanted}</strong>; facts as of {safe(target.facts_as_of)}</p>"
    yield f'<ul class="counts"><li class="badge error">{plural(counts.error, "error")}</li>'
    yield f'<li class="badge warning">{plural(counts.warning, "warning")}</li>'
    yield f'<li class="badge info">{counts.info:,} info</li>'
    if report.baseline is not None:
        yield f'<li class="badge">{report.baseline.known:,} known by the baseline</li>'
        yield f'<li class="badge">{report.baseline.stale:,} gone since the baseline</li>'
    yield "</ul></div>"


def step(group: Group) -> str:
    """One of the first things to do: the repair of a rule, and how."""
    rule = group.rule
    is_said = rule.fixable != "safe" or "jsonl-lint fix" in rule.repair
    fix = "" if is_said else " — or let <code>jsonl-lint fix</code> do it"
    return (
        f'<li><a href="#{rule.code}"><code>{rule.code}</code></a> {prose(capital(rule.repair))}{fix} '
        f'<span class="badge {group.severity.label}">{escape(rule.name)}</span></li>'
    )


def files(report: Report) -> Iterator[str]:
    """The table of files."""
    if not report.files:
        return
    yield '<section aria-labelledby="files"><h2 id="files">Files</h2><div class="panel"><table><thead><tr>'
    yield '<th scope="col">File</th><th scope="col">Method</th><th scope="col" class="number">Examples</th>'
    yield '<th scope="col" class="number">Lines</th></tr></thead><tbody>'
    for file in report.files[:FILES_LISTED]:
        yield f'<tr><th scope="row"><code>{safe(file.path)}</code></th><td>{safe(file.method or "")}</td>'
        yield f'<td class="number">{file.examples:,}</td><td class="number">{file.lines:,}</td></tr>'
    if len(report.files) > FILES_LISTED:
        yield f'<tr><td colspan="4">… and {plural(len(report.files) - FILES_LISTED, "more file")}</td></tr>'
    yield "</tbody></table></div></section>"


def write_findings(report: Report, found: list[Group], out: TextIO) -> None:
    """Write the findings by rule, as many as there is room for."""
    out.write('<section aria-labelledby="findings"><h2 id="findings">Findings</h2>\n')
    if not found:
        out.write('<p class="panel">There are none.</p>\n')
    else:
        out.write("\n".join(filter_bar(found)) + "\n")
    room = ROOM // max(len(found), 1)
    for index, group in enumerate(found):
        out.write(section(group, report.counts.by_code[group.rule.code], room, is_open=index == 0))
    out.write("</section>\n")


def filter_bar(found: list[Group]) -> Iterator[str]:
    """Search and filters; shown where scripts run."""
    paths = sorted({finding.path for group in found for finding in group.findings})
    yield '<div class="filter panel" role="search" aria-label="Findings">'
    yield '<input type="search" placeholder="Search ( / )" aria-label="Search the findings" autocomplete="off">'
    yield '<fieldset aria-label="Levels">'
    for level in (Severity.ERROR, Severity.WARNING, Severity.INFO):
        yield f'<label><input type="checkbox" value="{level.label}" checked> {level.label}</label>'
    yield "</fieldset>"
    if len(paths) > 1:
        options = "".join(f'<option value="{safe(path)}">{safe(path)}</option>' for path in paths[:FILES_LISTED])
        yield f'<select aria-label="File"><option value="">all files</option>{options}</select>'
    yield '<button type="button">Open all</button><output aria-live="polite"></output></div>'


def foot(report: Report) -> Iterator[str]:
    """The end of the document with the script."""
    yield "</main>"
    yield f'<footer class="soft"><p>{safe(report.tool.name)} {safe(report.tool.version)}. Nothing on this page is loaded'
    yield "from anywhere, and nothing is sent.</p></footer></div>"
    yield f"<script>{asset('report.js')}</script>\n</body>\n</html>"


def safe(text: str) -> str:
    """A text of the data: what does not print made visible, and what HTML would obey escaped."""
    return escape(shown(text))
