"""Lines that rules on the whole data set want deleted, such as examples that stand in it twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from jsonl_lint.engine import Range
from jsonl_lint.plan import Plan, make_plan
from jsonl_lint.repair.permits import Permits
from jsonl_lint.rule import Example, Rule

__all__ = ["dataset_fixers", "doomed_lines"]


def dataset_fixers(permits: Permits) -> tuple[Rule, ...]:
    """The rules on the data set whose fixes are to be made."""
    return permits.rules(Example)


def doomed_lines(permits: Permits, path: str, blocks: Iterable[bytes]) -> tuple[set[int], Counter[str]]:
    """The numbers of the lines to be deleted, and how many each rule wants so."""
    rules = dataset_fixers(permits)
    checked = Range(plan_of(permits.plan, rules), path)
    for block in blocks:
        checked.feed(block)
    lines: set[int] = set()
    counts: Counter[str] = Counter()
    for rule in rules:
        for problem in checked.partial.states[rule.code].finish(checked.partial.summary):
            if problem.fix and problem.fix.deletes_line and problem.line and permits.allows(problem.fix):
                counts[rule.code] += problem.line not in lines
                lines.add(problem.line)
    return lines, counts


def plan_of(plan: Plan, rules: Iterable[Rule]) -> Plan:
    """The same plan with these rules only, none of whose findings are listed."""
    codes = tuple(rule.code for rule in rules)
    settings = msgspec.structs.replace(plan.settings, select=codes, extend_select=codes, ignore=(), max_findings=0)
    return make_plan(settings, plan.method)
