"""What is done with every example, whatever is wrong with it: the rules on the dataset see it, and its tokens are counted."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from jsonl_lint.checker import Checker
from jsonl_lint.examples import LineBatch, LineExample
from jsonl_lint.judge import Verdict
from jsonl_lint.meter import Meter
from jsonl_lint.noting import Findings, LineSpot
from jsonl_lint.partial import Partial
from jsonl_lint.pictured import PicturedExample
from jsonl_lint.prints import Prints
from jsonl_lint.rule import Batch, Example, Length

if TYPE_CHECKING:
    from jsonl_lint.plain_lines import PlainBatch
    from jsonl_lint.spoken import SpokenPrints

__all__ = ["Showing"]


class Showing:
    """Shows the examples of a range, in order, to those who want to see all of them; what they say goes into its result."""

    def __init__(self, checker: Checker, result: Partial, findings: Findings) -> None:
        self.plan = checker.plan
        self.judge = checker.judge
        self.partial = result
        self.findings = findings
        self.meter = Meter(self.plan, lambda: checker.counters)
        for rule in self.plan.rules(Example):
            self.partial.start(rule.code, partial(rule.check, self.plan.facts))
        self.partial.prints = Prints(self.plan.method) if self.plan.keeps_prints else None

    def example(self, example: LineExample | PicturedExample, offset: int) -> None:
        """Show an example to the rules on the dataset, and put it among those whose tokens are to be counted.

        `offset` is that of its line in the file.
        """
        self.weigh(example, offset)
        prints = self.partial.prints
        if prints is not None and example.row is not None:
            prints.add_row(example.line, example.row)
        elif prints is not None and not self.leaves_prints(example, prints):
            prints.add_value(example.line, example.value, example.text)
        for code, state in self.partial.states.items():
            try:
                state.add(example)
            except Exception as error:
                self.partial.fail(code, repr(error), example.line)

    def leaves_prints(self, example: LineExample | PicturedExample, prints: Prints) -> bool:
        """Whether the fingerprints of an example could be left without its value, where that is not known."""
        if self.plan.method != "sft" or not isinstance(example, LineExample) or example.has_value:
            return False
        return self.spoken.leave(prints, example.line, example.text)

    @cached_property
    def spoken(self) -> SpokenPrints:
        """What leaves them; what it needs takes a while to load."""
        from jsonl_lint.spoken import SpokenPrints

        return SpokenPrints()

    def examples(self, batch: LineBatch | PlainBatch, offset: int) -> None:
        """Show neighbouring examples, the first of which begins at `offset`, at once to those that take them so."""
        if self.partial.prints is not None:
            batch.leave_prints(self.partial.prints)
        if self.meter.is_on and (isinstance(batch, LineBatch) or not self.meter.passes_over(batch, self.partial)):
            self.weigh_all(batch, offset)
        for code, state in self.partial.states.items():
            try:
                if hasattr(state, "add_batch"):
                    state.add_batch(batch)
                else:
                    self.one_by_one(code, state, batch)
            except Exception as error:
                self.blame(code, error, batch)

    def one_by_one(self, code: str, state: Any, batch: Batch) -> None:
        """Show the examples of a batch to one rule."""
        for example in batch:
            try:
                state.add(example)
            except Exception as error:
                self.partial.fail(code, repr(error), example.line)

    def blame(self, code: str, error: Exception, batch: LineBatch | PlainBatch) -> None:
        """Note on which lines of a batch a rule fails: those that it fails on by themselves too, so that no cut matters."""
        (rule,) = (rule for rule in self.plan.rules(Example) if rule.code == code)
        known = self.partial.failures.get(code)
        self.one_by_one(code, rule.check(self.plan.facts), batch)
        if self.partial.failures.get(code) == known:
            self.partial.fail(code, repr(error), batch.first_line)

    def weigh(self, example: LineExample | PicturedExample, offset: int) -> None:
        """Put an example among those whose tokens are to be counted."""
        if not self.meter.is_on:
            return
        self.meter.add(example, offset, self.partial)
        if self.meter.is_full:
            self.measure()

    def weigh_all(self, batch: LineBatch | PlainBatch, offset: int) -> None:
        """The same for neighbouring examples, the first of which begins there."""
        others = frozenset(self.meter.count_at_once(batch, self.partial.tokens))
        for index, example in enumerate(batch if others else ()):
            if index in others:
                self.weigh(example, offset)
            offset += len(example.text) + 1

    def measure(self) -> None:
        """Count the tokens of the examples that wait for it, and report on those that are too long."""
        for one, length in self.meter.count(self.partial.tokens):
            verdict = Verdict(hits=[], blocked_by=[], failures=[])
            self.judge.ask(verdict, Length, length)
            self.findings.report(one.example.text, verdict.hits, LineSpot(one.example.line, one.offset))
            for failure in verdict.failures:
                self.partial.fail(failure.code, failure.error, one.example.line)
