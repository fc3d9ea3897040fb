"""Which fixes a run makes: those of rules that are on, if they are safe or the user takes unsafe ones too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Fix
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Dataset, Example, FileSummary, Rule

__all__ = ["WHOLE_DATASET", "Permits"]

WHOLE_DATASET = (Example, Dataset)
WHOLE_FILE = (FileSummary, *WHOLE_DATASET)


class Permits:
    """Says of rules and fixes whether they are to be made."""

    def __init__(self, plan: Plan, unsafe: bool) -> None:
        self.plan = plan
        self.unsafe = unsafe
        called = {at: tuple(rule for rule in rules if self.is_wanted(rule)) for at, rules in plan.by_kind.items()}
        self.by_kind = {at: rules for at, rules in called.items() if rules}
        self.ungated = {at: tuple(rule for rule in rules if not rule.gated) for at, rules in self.by_kind.items()}

    def rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """The rules on a kind of value that may offer a fix to be made."""
        return self.by_kind.get(at, ())

    def ungated_rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """Those of them that look at clean lines too."""
        return self.ungated.get(at, ())

    @property
    def looks_at_clean(self) -> bool:
        """Whether any of them has to look at lines that the gate admits."""
        return any(rules for at, rules in self.ungated.items() if at not in WHOLE_FILE)

    def is_wanted(self, rule: Rule) -> bool:
        """Whether a rule is on, and fixes of the kind that it declares are to be made."""
        return self.plan.is_on(rule) and (rule.fixable == "safe" or (self.unsafe and rule.fixable == "unsafe"))

    def allows(self, fix: Fix | None) -> bool:
        """Whether a fix is to be made."""
        return fix is not None and (fix.safe or self.unsafe)

    def whole_file(self, summary: FileSummary) -> Iterator[tuple[str, Fix]]:
        """The fixes to be made to a file of which this is known, with the codes of their rules."""
        for rule in self.rules(FileSummary):
            for problem in rule.check(summary, self.plan.facts):
                if problem.fix is not None and self.allows(problem.fix):
                    yield rule.code, problem.fix

    def codes(self, summary: FileSummary) -> set[str]:
        """The codes of the rules with fixes to be made to a file of which this is known."""
        return {code for code, _ in self.whole_file(summary)}
