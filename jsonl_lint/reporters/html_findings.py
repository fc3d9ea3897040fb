"""The findings of the page, grouped by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

import msgspec

from jsonl_lint.finding import Excerpt, Finding, Severity
from jsonl_lint.reporters.summary import shown
from jsonl_lint.rule import Rule
from jsonl_lint.text import plural

__all__ = ["Group", "groups", "prose", "section"]

# How much of a line is shown on each side of a spot, and of a spot itself.
SIDE, SPOT = 120, 240
MESSAGE = 500


class Group(msgspec.Struct):
    """The listed findings of one rule."""

    rule: Rule
    severity: Severity
    findings: list[Finding]


def groups(found: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Group]:
    """The findings by rule, the worst first, then those of most findings."""
    by_code: dict[str, Group] = {}
    for finding in found:
        group = by_code.setdefault(finding.code, Group(rules[finding.code], finding.severity, []))
        group.severity = max(group.severity, finding.severity)
        group.findings.append(finding)
    return sorted(by_code.values(), key=lambda group: (-group.severity, -len(group.findings), group.rule.code))


def section(group: Group, count: int, room: int, is_open: bool = False) -> str:
    """One rule with its findings, in about `room` characters at most."""
    rule, level = group.rule, group.severity.label
    badge = f"{count:,} info" if group.severity == Severity.INFO else plural(count, level)
    items: list[str] = []
    for finding in group.findings:
        item = listing(finding)
        room -= len(item)
        if room < 0:
            break
        items.append(item)
    rest = f'<p class="soft">… and {count - len(items):,} more.</p>' if count > len(items) else ""
    return (
        f'<details class="rule" id="{rule.code}"{" open" if is_open else ""}><summary><span class="code">{rule.code}</span>'
        f'<span class="what">{prose(rule.summary)}</span><span class="soft shown"></span>'
        f'<span class="badge {level}">{badge}</span></summary>'
        f'<div class="inside"><p class="repair"><strong>Repair:</strong> {prose(rule.repair)}.</p>{page(rule)}'
        f'<ul class="findings">{"".join(items)}</ul>{rest}</div></details>\n'
    )


def page(rule: Rule) -> str:
    """The rule's manual page, folded."""
    return f'<details class="why"><summary>About {escape(rule.name)}</summary>{"".join(paragraphs(rule.doc))}</details>'


def paragraphs(text: str) -> Iterator[str]:
    """The headings and paragraphs of a manual page, its first sentence left out."""
    for block in text.strip().split("\n\n")[1:]:
        title, _, rest = block.partition("\n")
        if title.startswith("## "):
            yield f"<h4>{escape(title[3:])}</h4>"
            block = rest  # noqa: PLW2901
        if block.strip():
            yield f"<p>{prose(block)}</p>"


def prose(text: str) -> str:
    """A text of a rule, its code between back quotes as such."""
    return re.sub(r"(`+)(.+?)\1", r"<code>\2</code>", escape(text), flags=re.DOTALL)


def listing(finding: Finding) -> str:
    """One finding: its place, what is wrong, and the line with the spot marked."""
    place = ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part is not None)
    pointer = f' <code class="soft">{safe(finding.pointer, SIDE)}</code>' if finding.pointer else ""
    level = finding.severity.label
    return (
        f'<li data-level="{level}" data-file="{escape(shown(finding.path))}">'
        f'<span class="place">{safe(place, MESSAGE)}</span>{pointer}'
        f'<p class="message">{safe(finding.message, MESSAGE)}</p>{marked(finding.excerpt)}</li>'
    )


def marked(excerpt: Excerpt | None) -> str:
    """An excerpt with its spot marked; a spot of no width is marked between its neighbours."""
    if excerpt is None or not excerpt.text:
        return ""
    before, after = excerpt.text[: excerpt.start], excerpt.text[excerpt.end :]
    left = "…" if excerpt.cut_left or len(before) > SIDE else ""
    right = "…" if excerpt.cut_right or len(after) > SIDE else ""
    spot = safe(excerpt.text[excerpt.start : excerpt.end], SPOT) or "&#8203;"
    return f"<pre>{left}{safe(before[-SIDE:])}<mark>{spot}</mark>{safe(after[:SIDE])}{right}</pre>"


def safe(text: str, limit: int | None = None) -> str:
    """A text of the data, cut to a limit, with nothing in it that HTML would obey."""
    cut = text if limit is None or len(text) <= limit else text[: limit - 1] + "…"
    return escape(shown(cut))
