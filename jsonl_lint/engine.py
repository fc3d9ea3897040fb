"""From blocks of lines to a result: the one place where lines meet the gate and the rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec
import orjson

from jsonl_lint.baseline import known_findings
from jsonl_lint.finding import Excerpt, Finding, Severity, pointer
from jsonl_lint.fingerprint import fingerprint
from jsonl_lint.gate import Gate
from jsonl_lint.judge import Hit, Judge, Place, Verdict, place
from jsonl_lint.partial import Partial, add_tally, merged_tally
from jsonl_lint.plan import Plan
from jsonl_lint.registry import all_rules
from jsonl_lint.rule import Example, FileSummary, Problem, Rule, Tally, intended_role
from jsonl_lint.scan import Columns
from jsonl_lint.text import BOM

__all__ = ["LineExample", "Range", "finish"]

# The bytes on each side of a spot that an excerpt keeps.
EXCERPT_BYTES = 200

# How many findings of a rule the report on records keeps: each was handed out when its record went through.
RECORDS_LISTED = 100


class LineExample:
    """One line of the data as dataset and content rules see it; its value is decoded when it is first asked for."""

    def __init__(self, line: int, text: bytes, row: Any = None, value: Any = msgspec.UNSET) -> None:
        self.line = line
        self.text = text
        self.row = row
        if value is not msgspec.UNSET:
            self.__dict__["value"] = value

    @cached_property
    def value(self) -> Any:
        """The line's JSON value."""
        return orjson.loads(self.text)

    @cached_property
    def roles(self) -> tuple[str | None, ...]:
        """The order of roles in the line's first conversation."""
        if self.row is not None and hasattr(self.row, "messages"):
            return tuple([message.__struct_config__.tag for message in self.row.messages])
        holder = self.value.get("input", self.value)
        messages = holder.get("messages") if isinstance(holder, dict) else None
        if not isinstance(messages, list):
            return ()
        return tuple(intended_role(item.get("role")) if isinstance(item, dict) else None for item in messages)


class Range:
    """Checks one range of a file: blocks of whole lines go in, a `Partial` comes out.

    `offset` is where in the file the range begins.
    """

    def __init__(self, plan: Plan, path: str, offset: int = 0) -> None:
        self.plan = plan
        self.path = path
        self.offset = offset
        self.gate = Gate(plan)
        self.judge = Judge(plan)
        self.ungated = Judge(plan, plan.ungated_rules)
        states = {rule.code: rule.check(plan.facts) for rule in plan.rules(Example)}
        self.partial = Partial(FileSummary(name=None), states, plan.settings.max_findings)
        self.known = known_findings(plan.settings.baseline, path)

    def feed(self, block: bytes) -> None:
        """Check a block of whole lines, which follows what was fed before."""
        summary = self.partial.summary
        summary.size += len(block)
        if self.offset == 0 and block.startswith(BOM):
            summary.bom = True
            block = block[len(BOM) :]
            self.offset = len(BOM)
        *lines, rest = block.split(b"\n")
        summary.final_newline = not rest
        for line in lines:
            self.line(line)
            self.offset += len(line) + 1
        if rest:
            self.line(rest, ended=False)
            self.offset += len(rest)

    def line(self, text: bytes, ended: bool = True) -> None:
        """Check one line, given without its line feed; `ended` says that it had one."""
        summary = self.partial.summary
        summary.lines += 1
        if text.endswith(b"\r") and ended:
            summary.crlf = merged_tally(summary.crlf, Tally(1, summary.lines), 0)
        elif text.endswith(b"\r"):
            summary.cr = merged_tally(summary.cr, Tally(1, summary.lines), 0)
        row = self.gate.admit(text)
        if row is not None and self.gate.images:
            self.note_images(len(self.gate.images), sum(image.is_remote for image in self.gate.images))
        if row is not None and not self.plan.has_ungated:
            summary.examples += 1
            self.example(LineExample(summary.lines, text, row))
            return
        verdict = self.judge.line(text) if row is None else self.ungated.line(text)
        if row is None:
            self.note_images(verdict.images, len(verdict.remote))
        self.count(verdict)
        self.report(text, verdict.hits)
        if isinstance(verdict.value, dict) and verdict.other_method is None:
            self.example(LineExample(summary.lines, text, value=verdict.value))

    def record(self, text: bytes) -> list[Finding]:
        """Check one record that stands on no line of a file: its findings have a line, and no column or offset."""
        listed = {code: len(found) for code, found in self.partial.findings.items()}
        self.line(text)
        fresh: list[Finding] = []
        for code, found in self.partial.findings.items():
            first = listed.get(code, 0)
            new = [msgspec.structs.replace(finding, column=None, offset=None, fix=None) for finding in found[first:]]
            fresh.extend(new)
            found[first:] = new[: max(RECORDS_LISTED - first, 0)]
        return fresh

    def note_images(self, count: int, remote: int) -> None:
        """Count an example with so many images, of which so many would have to be fetched to know anything of them."""
        summary = self.partial.summary
        if count:
            summary.image_examples = merged_tally(summary.image_examples, Tally(1, summary.lines), 0)
        if remote:
            self.partial.omit("image", "remote URL; use --check-urls", remote)

    def count(self, verdict: Verdict) -> None:
        """Add a verdict on a line to the sums."""
        summary = self.partial.summary
        summary.blank_lines += verdict.blank
        summary.examples += 0 if verdict.blank else 1 + verdict.cr_ends
        if verdict.cr_ends:
            summary.cr = merged_tally(summary.cr, Tally(verdict.cr_ends, summary.lines), 0)
        if verdict.other_method is not None:
            add_tally(summary.other_methods, verdict.other_method, summary.lines)
        for code in dict.fromkeys(verdict.blocked_by):
            add_tally(summary.blocked_by, all_rules()[code].label, summary.lines)
        for omission in verdict.omissions:
            self.partial.omit(omission.what, omission.why)
        for failure in verdict.failures:
            self.partial.fail(failure.code, failure.error, summary.lines)

    def report(self, text: bytes, hits: Iterable[Hit]) -> None:
        """Count the problems of a line, and list those for which there is room; hold back those that may be known."""
        wanted = []
        for hit in hits:
            severity = severity_of(self.plan, hit.rule, hit.problem)
            mark = fingerprint(hit.rule.code, pointer(hit.path), text) if self.known else ""
            if mark in self.known or self.partial.count(hit.rule.code, severity):
                wanted.append((hit, severity))
        places = place(text, [hit for hit, _ in wanted]) if wanted else []
        columns = Columns(text)
        for (hit, severity), spot in zip(wanted, places, strict=True):
            finding = self.finding(text, hit, severity, spot, columns.at(spot.start))
            keep = self.partial.hold if finding.fingerprint in self.known else self.partial.list
            keep(finding)

    def finding(self, text: bytes, hit: Hit, severity: Severity, spot: Place, column: int) -> Finding:
        """A problem of the line in hand as a finding."""
        fix = spot.fix
        if fix is not None:
            edits = (
                msgspec.structs.replace(e, start=e.start + self.offset, end=e.end + self.offset) for e in fix.edits
            )
            fix = msgspec.structs.replace(fix, edits=tuple(edits))
        return Finding(
            code=hit.rule.code,
            name=hit.rule.name,
            severity=severity,
            message=hit.problem.message,
            path=self.path,
            line=self.partial.summary.lines,
            column=column,
            offset=self.offset + spot.start,
            pointer=pointer(hit.path),
            fix=fix,
            excerpt=excerpt(text, spot),
            fingerprint=fingerprint(hit.rule.code, pointer(hit.path), text),
            url=hit.rule.url,
        )

    def example(self, example: LineExample) -> None:
        """Show an example to the rules on the dataset."""
        for code, state in self.partial.states.items():
            try:
                state.add(example)
            except Exception as error:
                self.partial.fail(code, repr(error), example.line)


def severity_of(plan: Plan, rule: Rule, problem: Problem) -> Severity:
    """The severity of a problem: its own, unless the target or the user set another one for the rule."""
    severity = plan.severity[rule.code]
    return problem.severity if problem.severity is not None and severity == rule.severity else severity


def excerpt(text: bytes, spot: Place) -> Excerpt:
    """The surroundings of a spot in its line."""
    start, end = max(spot.start - EXCERPT_BYTES, 0), min(spot.end, spot.start + EXCERPT_BYTES)
    stop = min(max(end, spot.start) + EXCERPT_BYTES, len(text))
    before = text[start : spot.start].decode("utf-8", "ignore" if start else "replace")
    marked = text[spot.start : end].decode("utf-8", "replace")
    after = text[end:stop].decode("utf-8", "ignore")
    return Excerpt(before + marked + after, len(before), len(before) + len(marked), start > 0, stop < len(text))


def finish(plan: Plan, path: str, partial: Partial) -> None:
    """Ask the rules on the file and on the dataset, when the whole file has been gone through."""
    summary = partial.summary
    if summary.is_jsonl and not summary.is_empty:
        for rule in plan.rules(Example):
            report_whole(plan, path, partial, rule, partial.states[rule.code].finish(summary))
    # What ignored rules of the loop kept from being looked at is said last.
    for rule in sorted(plan.rules(FileSummary), key=lambda rule: rule.code == "JLT001"):
        report_whole(plan, path, partial, rule, rule.check(summary, plan.facts))


def report_whole(plan: Plan, path: str, partial: Partial, rule: Rule, problems: Iterable[Problem]) -> None:
    """Count and list the problems that a rule names on a file as a whole."""
    try:
        found = list(problems)
    except Exception as error:
        partial.fail(rule.code, repr(error), 1)
        return
    if not plan.is_on(rule):
        note_blocked(partial.summary, rule, found)
        return
    for code in rule.replaces if found else ():
        partial.drop(code)
    is_known = fingerprint(rule.code) in known_findings(plan.settings.baseline, path)
    for problem in found:
        severity = severity_of(plan, rule, problem)
        if is_known:
            partial.hold(whole_finding(path, rule, problem, severity))
        elif partial.count(rule.code, severity):
            partial.list(whole_finding(path, rule, problem, severity))


def whole_finding(path: str, rule: Rule, problem: Problem, severity: Severity) -> Finding:
    """A problem of a file as a whole as a finding."""
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity,
        message=problem.message,
        path=path,
        line=problem.line if problem.line is not None else 1,
        column=1 if problem.span is not None else None,
        offset=problem.span[0] if problem.span is not None else None,
        fix=problem.fix,
        fingerprint=fingerprint(rule.code),
        url=rule.url,
    )


def note_blocked(summary: FileSummary, rule: Rule, problems: Iterable[Problem]) -> None:
    """Note what was not gone into, and why, where an ignored rule would have named it; a warning keeps nothing back."""
    for problem in problems:
        if (problem.severity or rule.severity) == Severity.ERROR:
            tally = Tally(problem.lines, problem.line or 1)
            summary.blocked_by[rule.label] = merged_tally(summary.blocked_by.get(rule.label), tally, 0) or tally
