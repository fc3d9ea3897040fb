"""From the problems of a line to findings: counted, and listed as long as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from jsonl_lint.baseline import known_findings
from jsonl_lint.finding import Finding, Path, Severity, pointer
from jsonl_lint.fingerprint import Fingerprints
from jsonl_lint.judge import Hit, Judge
from jsonl_lint.partial import Partial
from jsonl_lint.parts import Fetched
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Problem
from jsonl_lint.scan import Columns
from jsonl_lint.telling import excerpt, known_path, said

if TYPE_CHECKING:
    from jsonl_lint.placing import Place

__all__ = ["Findings", "LineSpot"]


class LineSpot(msgspec.Struct, frozen=True):
    """Where a line stands: its number in the range, and the offset of its first byte in the file."""

    number: int
    offset: int


class Noted:
    """A line with findings, and what is worked out of its bytes once for all of them."""

    def __init__(self, text: bytes, spot: LineSpot) -> None:
        self.text = text
        self.spot = spot
        self.columns = Columns(text)
        self.marks = Fingerprints(text)


class Findings:
    """The findings of one range of a file, kept in its result."""

    def __init__(self, plan: Plan, path: str, partial: Partial) -> None:
        self.plan = plan
        self.path = path
        self.partial = partial
        self.known = known_findings(plan.settings.baseline, path)
        # Rules of which no finding is listed any more.
        self.full: set[str] = set()

    def report(self, text: bytes, hits: Sequence[Hit], line: LineSpot, judge: Judge | None = None) -> None:
        """Count the problems of a line, and list those for which there is room; hold back those that may be known.

        With a `judge` the hits are good for counting only: it is asked for those of the line itself if any is to be listed.
        """
        if judge is not None and self.known:
            hits, judge = judge.line(text).hits, None
        wanted = self.wanted(text, hits)
        if not wanted:
            return
        from jsonl_lint.placing import place

        if judge is not None:
            hits = judge.line(text).hits
        chosen = [hits[index] for index in wanted]
        noted = Noted(text, line)
        for hit, found in zip(chosen, place(text, chosen), strict=True):
            finding = self.finding(noted, hit, found)
            keep = self.partial.hold if finding.fingerprint in self.known else self.partial.list
            keep(finding)

    def wanted(self, text: bytes, hits: Sequence[Hit]) -> list[int]:
        """Count the problems of a line; which of them are to be listed or held back, as indexes."""
        wanted: list[int] = []
        unlisted: dict[str, int] = {}
        marks = Fingerprints(text)
        for index, hit in enumerate(hits):
            code = hit.rule.code
            mark = marks.of(code, pointer(hit.path)) if self.known else ""
            if mark in self.known:
                wanted.append(index)
            elif self.partial.count(code, self.plan.severity_of(hit.rule, hit.problem), unlisted.get(code, 0)):
                unlisted[code] = unlisted.get(code, 0) + 1
                wanted.append(index)
        return wanted

    def count_all(self, tally: Sequence[tuple[str, Severity]]) -> bool:
        """Count problems if none of them is to be listed or held back; whether that is so."""
        if self.known:
            return False
        for code, _ in tally:
            if code not in self.full and self.partial.has_room(code):
                return False
            self.full.add(code)
        for code, severity in tally:
            self.partial.add(code, severity)
        return True

    def await_images(self, text: bytes, remote: list[tuple[str, Path]], line: LineSpot) -> None:
        """Remember the places of images that are fetched when the whole file has been gone through."""
        from jsonl_lint.placing import place

        noted = Noted(text, line)
        for rule in self.plan.rules(Fetched):
            hits = [Hit(rule, Problem("", ("image_url", "url")), base) for _, base in remote]
            for (url, _), hit, spot in zip(remote, hits, place(text, hits), strict=True):
                finding = self.finding(noted, hit, spot)
                self.partial.awaiting.setdefault(url, []).append(finding)

    def finding(self, noted: Noted, hit: Hit, spot: Place) -> Finding:
        """A problem of a line as a finding."""
        line = noted.spot
        fix, redact = spot.fix, self.plan.settings.redact
        if fix is not None:
            edits = (
                msgspec.structs.replace(e, start=e.start + line.offset, end=e.end + line.offset) for e in fix.edits
            )
            fix = msgspec.structs.replace(fix, edits=tuple(edits))
        return Finding(
            code=hit.rule.code,
            name=hit.rule.name,
            severity=self.plan.severity_of(hit.rule, hit.problem),
            message=said(self.plan, hit.rule, hit.problem),
            path=self.path,
            line=line.number,
            column=noted.columns.at(spot.start),
            offset=line.offset + spot.start,
            pointer=pointer(known_path(self.plan, hit.path)),
            fix=None if redact else fix,
            excerpt=None if redact or hit.problem.private else excerpt(noted.text, spot),
            fingerprint=noted.marks.of(hit.rule.code, pointer(hit.path)),
            url=hit.rule.url,
        )
