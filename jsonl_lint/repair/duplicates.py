"""Lines that rules on the whole data set want deleted, such as examples that stand in it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import msgspec

from jsonl_lint.config import Settings
from jsonl_lint.finding import Finding, Fix
from jsonl_lint.plan import Plan
from jsonl_lint.repair.permits import WHOLE_DATASET, Permits
from jsonl_lint.rule import Rule
from jsonl_lint.run import Run
from jsonl_lint.source import open_again

__all__ = ["dataset_fixers", "doomed_lines", "reread"]


def dataset_fixers(permits: Permits) -> tuple[Rule, ...]:
    """The rules on the data set whose fixes are to be made."""
    return tuple(rule for at in WHOLE_DATASET for rule in permits.rules(at))


def doomed_lines(permits: Permits, path: str, spool: BinaryIO) -> tuple[set[int], Counter[str]]:
    """The numbers of a spool's lines to be deleted, and how many each rule wants so."""
    codes = tuple(rule.code for rule in dataset_fixers(permits))
    lines: set[int] = set()
    counts: Counter[str] = Counter()

    def note(finding: Finding) -> None:
        if (
            finding.code in codes
            and finding.line
            and finding.fix
            and deletes(finding.fix)
            and permits.allows(finding.fix)
        ):
            counts[finding.code] += finding.line not in lines
            lines.add(finding.line)

    run = Run(settings_for(permits.plan, codes), note, keeps=False)
    spool.seek(0)
    with open_again(spool) as source:
        run.check_stream(path, source.read if source else spool.read, None, source, reopen=lambda: reread(spool))
    if run.report.failures:
        raise RuntimeError(run.report.failures[0])
    return lines, counts


@contextmanager
def reread(spool: BinaryIO) -> Iterator[Callable[[int], bytes]]:
    """A spool from its start, when it has been read to its end."""
    spool.seek(0)
    yield spool.read


def deletes(fix: Fix) -> bool:
    """Whether a fix takes its line out, as it says or by an edit that puts nothing in its place."""
    return fix.deletes_line or (bool(fix.edits) and not any(edit.text for edit in fix.edits))


def settings_for(plan: Plan, codes: tuple[str, ...]) -> Settings:
    """The same settings with these rules only, whose findings are all told."""
    return msgspec.structs.replace(
        plan.settings,
        method=plan.method,
        select=codes,
        extend_select=(),
        ignore=(),
        per_file_ignores={},
        max_findings=None,
        baseline=None,
        no_tokens=True,
        # A redacted report has no fixes.
        redact=False,
    )
