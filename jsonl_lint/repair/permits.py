"""Which fixes a run makes: those of rules that are on, if they are safe or the user takes unsafe ones too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from jsonl_lint.finding import Fix
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Dataset, Example, FileSummary, Rule
from jsonl_lint.rulebook import Head

__all__ = ["WHOLE_DATASET", "Permits"]

WHOLE_DATASET = (Example, Dataset)
WHOLE_FILE = (FileSummary, *WHOLE_DATASET)


class Permits:
    """Says of rules and fixes whether they are to be made."""

    def __init__(self, plan: Plan, unsafe: bool) -> None:
        self.plan = plan
        self.unsafe = unsafe

    def rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """The rules on a kind of value that may offer a fix to be made."""
        return self.plan.load(self.heads(at))

    def heads(self, at: type[Any]) -> list[Head]:
        """The heads of these rules."""
        return list(filter(self.is_wanted, self.plan.heads(at)))

    def ungated_rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """Those of them that look at clean lines too."""
        return tuple(rule for rule in self.rules(at) if not rule.gated)

    @cached_property
    def looks_at_clean(self) -> bool:
        """Whether any of them has to look at lines that the gate admits."""
        whole = {at.__name__ for at in WHOLE_FILE}
        return any(
            not head.gated and self.is_wanted(head)
            for at, heads in self.plan.by_kind.items()
            for head in heads
            if at not in whole
        )

    def is_wanted(self, rule: Rule | Head) -> bool:
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
