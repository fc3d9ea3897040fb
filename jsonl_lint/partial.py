"""What is known of one range of a file, and how that of two neighbouring ranges is put together.

`merge` is associative, so that one range, many ranges, and many processes give the same result. Line numbers count from
the start of the range; byte offsets from the start of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

import msgspec

from jsonl_lint.baseline import Known
from jsonl_lint.errors import JsonlLintError
from jsonl_lint.finding import Finding, Severity
from jsonl_lint.prints import Prints
from jsonl_lint.rule import FileSummary, Tally
from jsonl_lint.tokens.totals import TokenTotals

__all__ = ["Failures", "Partial", "add_tally", "merge", "merged_tally"]

Failures = dict[str, tuple[Tally, str]]


# How many findings of a rule are held back where another rule's finding may take their place.
DROPPED = 10_000

# How many findings with one known fingerprint are kept, for when there are more of them than are known.
HELD = 100


class Held(msgspec.Struct):
    """Findings that a baseline may know: how many there are with one fingerprint, and the last of them."""

    count: int = 0
    findings: list[Finding] = msgspec.field(default_factory=list)

    def add(self, findings: Iterable[Finding], count: int) -> None:
        """Take in more of them."""
        self.count += count
        self.findings = [*self.findings, *findings][-HELD:]


class Partial(msgspec.Struct):
    """The findings of a range (at most `limit` listed per rule, all counted), its sums, and the dataset rules' states.

    `tokens` are the sums of its tokens for each way of counting, `uncounted` is how many tokens there are at most in the
    examples that were not counted because they can't be too long.
    `awaiting` are findings without a message at the images of each URL that is fetched later. `tell` is told what is listed
    when the whole file has been gone through, where nobody needs it again. `listed` is how many findings of each rule are
    listed for earlier ranges already, as far as that is known.
    """

    summary: FileSummary
    states: dict[str, Any]
    limit: int | None = None
    findings: dict[str, list[Finding]] = msgspec.field(default_factory=dict)
    counts: dict[str, dict[Severity, int]] = msgspec.field(default_factory=dict)
    failures: Failures = msgspec.field(default_factory=dict)
    unchecked: dict[tuple[str, str], int] = msgspec.field(default_factory=dict)
    held: dict[str, Held] = msgspec.field(default_factory=dict)
    tokens: dict[str, TokenTotals] = msgspec.field(default_factory=dict)
    uncounted: int = 0
    awaiting: dict[str, list[Finding]] = msgspec.field(default_factory=dict)
    prints: Prints | None = None
    tell: Callable[[Finding], None] | None = None
    listed: dict[str, int] = msgspec.field(default_factory=dict)

    def count(self, code: str, severity: Severity, unlisted: int = 0) -> bool:
        """Count a finding; whether it is to be listed too, where so many of its rule are still about to be."""
        self.add(code, severity)
        return self.has_room(code, unlisted)

    def add(self, code: str, severity: Severity) -> None:
        """Count a finding that is not listed."""
        by_severity = self.counts.setdefault(code, {})
        by_severity[severity] = by_severity.get(severity, 0) + 1

    def has_room(self, code: str, unlisted: int = 0) -> bool:
        """Whether a further finding of a rule would be listed, where so many are still about to be."""
        listed = len(self.findings.get(code, ())) + self.listed.get(code, 0)
        return self.limit is None or listed + unlisted < self.limit

    def list(self, finding: Finding) -> None:
        """List a finding that was counted."""
        if self.tell is not None:
            self.tell(finding)
            return
        self.findings.setdefault(finding.code, []).append(finding)

    def drop(self, code: str) -> None:
        """Take back all findings of a rule, unless they are too many."""
        if self.may_drop(code):
            self.findings.pop(code, None)
            self.counts.pop(code)

    def may_drop(self, code: str) -> bool:
        """Whether a rule has findings, and few enough to be taken back; more are told when there is no room for them."""
        return 0 < sum(self.counts.get(code, {}).values()) <= DROPPED

    def omit(self, what: str, why: str, count: int = 1) -> None:
        """Note what was not gone into, and why."""
        self.unchecked[what, why] = self.unchecked.get((what, why), 0) + count

    def hold(self, finding: Finding) -> None:
        """Keep back a finding whose fingerprint a baseline knows, until all of the file has been seen."""
        self.held.setdefault(finding.fingerprint, Held()).add([finding], 1)

    def settle(self, known: Known) -> tuple[int, int]:
        """Count and list the held findings that go beyond what is known; how many are known, and how many known ones gone.

        Called once, when the file has been gone through.
        """
        for fingerprint, held in self.held.items():
            fresh = max(held.count - known[fingerprint], 0)
            for index in range(fresh):
                # Of more than are kept, the first kept one stands for those that are not.
                finding = held.findings[max(len(held.findings) - fresh + index, 0)]
                is_kept = index >= fresh - len(held.findings)
                if self.count(finding.code, finding.severity) and is_kept:
                    self.list(finding)
        there = {fingerprint: self.held[fingerprint].count if fingerprint in self.held else 0 for fingerprint in known}
        met = sum(min(count, known[fingerprint]) for fingerprint, count in there.items())
        return met, sum(known.values()) - met

    def settle_awaiting(self, message: str, places: Iterable[Finding], known: Container[str]) -> None:
        """Count and list a problem at each of these places; hold back those that a baseline may know."""
        for place in places:
            finding = msgspec.structs.replace(place, message=message)
            if finding.fingerprint in known:
                self.hold(finding)
            elif self.count(finding.code, finding.severity):
                self.list(finding)

    def start(self, code: str, make: Callable[[], Any]) -> None:
        """Begin the state of a rule on the dataset."""
        try:
            self.states[code] = make()
        except JsonlLintError:
            raise
        except Exception as error:
            self.fail(code, repr(error))

    def join(self, code: str, state: Any, lines: int) -> None:
        """Take in the state of a rule on the dataset from the range that follows, where the rule did not fail before."""
        try:
            if code in self.states:
                self.states[code].merge(state, lines)
        except Exception as error:
            self.fail(code, repr(error))

    def fail(self, code: str, error: str, line: int | None = None) -> None:
        """Note that a rule raised on a line; without one, on the whole, which is counted for no line."""
        new = Tally(0, 1) if line is None else Tally(1, line)
        tally, first_error = self.failures.get(code, (None, error))
        self.failures[code] = (merged_tally(tally, new, 0) or new, first_error)


def merge(left: Partial, right: Partial) -> Partial:
    """The result of two ranges of which `right` follows `left`; both are used up."""
    lines = left.summary.lines
    for code, found in right.findings.items():
        listed = left.findings.setdefault(code, [])
        room = len(found) if left.limit is None else max(left.limit - len(listed), 0)
        listed.extend(moved(finding, lines) for finding in found[:room])
    for code, by_severity in right.counts.items():
        own = left.counts.setdefault(code, {})
        for severity, count in by_severity.items():
            own[severity] = own.get(severity, 0) + count
    for code, (tally, error) in right.failures.items():
        own_tally, own_error = left.failures.get(code, (None, error))
        left.failures[code] = (merged_tally(own_tally, tally, lines) or tally, own_error)
    for fingerprint, held in right.held.items():
        left.held.setdefault(fingerprint, Held()).add((moved(finding, lines) for finding in held.findings), held.count)
    for what, count in right.unchecked.items():
        left.unchecked[what] = left.unchecked.get(what, 0) + count
    for model, totals in right.tokens.items():
        left.tokens.setdefault(model, TokenTotals()).merge(totals)
    left.uncounted += right.uncounted
    for url, found in right.awaiting.items():
        left.awaiting.setdefault(url, []).extend(moved(finding, lines) for finding in found)
    for code, state in right.states.items():
        left.join(code, state, lines)
    merge_prints(left, right, lines)
    merge_summary(left.summary, right.summary)
    return left


def merge_prints(left: Partial, right: Partial, lines: int) -> None:
    """Put together what is kept of the examples, where anything is."""
    if left.prints is not None and right.prints is not None:
        left.prints.merge(right.prints, lines)


def moved(finding: Finding, lines: int) -> Finding:
    """The same finding in a range that begins `lines` lines earlier."""
    if finding.line is None or not lines:
        return finding
    return msgspec.structs.replace(finding, line=finding.line + lines)


def merge_summary(left: FileSummary, right: FileSummary) -> None:
    """Add up two summaries; what is known from the file's head (`bom`, `encoding`, `container`) is the left one's."""
    lines = left.lines
    left.crlf = merged_tally(left.crlf, right.crlf, lines)
    left.cr = merged_tally(left.cr, right.cr, lines)
    left.image_examples = merged_tally(left.image_examples, right.image_examples, lines)
    for own, other in ((left.other_methods, right.other_methods), (left.blocked_by, right.blocked_by)):
        for key, tally in other.items():
            own[key] = merged_tally(own.get(key), tally, lines) or tally
    if right.lines:
        left.final_newline = right.final_newline
    left.size += right.size
    left.lines += right.lines
    left.blank_lines += right.blank_lines
    left.examples += right.examples


def merged_tally(left: Tally | None, right: Tally | None, lines: int) -> Tally | None:
    """The sum of two tallies of which the right one's lines begin after `lines` lines."""
    if right is None:
        return left
    if left is None:
        return Tally(right.count, right.first_line + lines)
    return Tally(left.count + right.count, left.first_line)


def add_tally(tallies: dict[str, Tally], key: str, line: int) -> None:
    """Count one more of `key`, seen on a line."""
    tallies[key] = merged_tally(tallies.get(key), Tally(1, line), 0) or Tally(1, line)
