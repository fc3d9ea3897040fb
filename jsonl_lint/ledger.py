"""The tokens and the cost of all training files of a run together."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jsonl_lint.cost import Cost, estimate
from jsonl_lint.measure import UNSIZED, Measure, measures
from jsonl_lint.partial import Partial
from jsonl_lint.plan import Plan
from jsonl_lint.report import ModelFigures, Unchecked
from jsonl_lint.rule import Length
from jsonl_lint.targets import Method
from jsonl_lint.tokens.figures import TokenFigures, token_figures
from jsonl_lint.tokens.totals import TokenTotals

__all__ = ["Account", "Ledger", "file_tokens"]


class Account(msgspec.Struct):
    """The training files of one plan: how many examples they have, and the sums of those that were counted."""

    plan: Plan
    examples: int = 0
    totals: dict[str, TokenTotals] = msgspec.field(default_factory=dict)

    def add(self, partial: Partial) -> None:
        """Add a file."""
        self.examples += partial.summary.examples
        for name, totals in partial.tokens.items():
            self.totals.setdefault(name, TokenTotals()).merge(totals)

    @property
    def is_counted(self) -> bool:
        """Whether there is anything to tell of its examples: they were counted, or for the model can't be."""
        has_counts = any(totals.examples or totals.uncountable for totals in self.totals.values())
        return self.examples > 0 and (has_counts or not measures(self.plan))

    def of(self, way: Measure) -> TokenTotals:
        """The sums of one way of counting."""
        return self.totals.get(way.name, TokenTotals())

    def figures(self, way: Measure) -> TokenFigures:
        """The figures of one way of counting."""
        totals = self.of(way)
        return token_figures(totals, way.encoding, self.examples - totals.examples - totals.uncountable)


class Ledger:
    """Adds up the training files of a run; files for validation are counted by themselves and cost nothing."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, Method], Account] = {}
        self.unchecked: dict[tuple[str, str], int] = {}

    def add(self, plan: Plan, partial: Partial) -> None:
        """Add a file."""
        self.note_gaps(plan, partial)
        if partial.summary.role == "training":
            self.accounts.setdefault((plan.target.name, plan.method), Account(plan)).add(partial)

    @property
    def account(self) -> Account | None:
        """The one account that there is to report on; None if nothing was counted, or there are several."""
        counted = [account for account in self.accounts.values() if account.is_counted]
        if len(counted) != 1 or counted[0].plan.settings.no_tokens:
            return None
        return counted[0]

    def tokens(self) -> TokenFigures | None:
        """The tokens for the chosen model."""
        account = self.account
        ways = measures(account.plan) if account else ()
        return account.figures(ways[0]) if account and ways else None

    def cost(self) -> Cost | None:
        """The cost of training the chosen model; None where it is not known, which is noted as unchecked."""
        account = self.account
        ways = measures(account.plan) if account else ()
        if account is None or not ways:
            return None
        cost = cost_of(account, ways[0], ways[0].models.index(account.plan.models[0]))
        if cost.total is not None:
            return cost
        price = account.plan.models[0].price
        unknown = "" if price and price.unit == "hour" else "price unknown: "
        self.omit("cost", unknown + cost.note, account.examples)
        return None

    def models(self) -> list[ModelFigures]:
        """The tokens and the cost for every model that was counted for; for one without a known encoding neither."""
        account = self.account
        if account is None:
            return []
        found = {
            model.name: ModelFigures(model.name, account.figures(way), cost_of(account, way, index))
            for way in measures(account.plan)
            for index, model in enumerate(way.models)
        }
        return [found.get(model.name, ModelFigures(model.name, None, None)) for model in account.plan.models]

    def gaps(self) -> Iterator[Unchecked]:
        """What was not counted, and why."""
        if (
            sum(1 for account in self.accounts.values() if account.is_counted and not account.plan.settings.no_tokens)
            > 1
        ):
            self.omit("sum of tokens and cost", "the files are for different methods", 1)
        for (what, why), count in sorted(self.unchecked.items()):
            yield Unchecked(what, count, why)

    def note_gaps(self, plan: Plan, partial: Partial) -> None:
        """Note what of a file could not be counted."""
        summary = partial.summary
        wanted = not plan.settings.no_tokens or plan.calls(Length)
        ways = measures(plan)
        if wanted and not ways and summary.examples:
            why = f"the tokenizer of {plan.model.name} is not known" if plan.model else "no model is chosen (--model)"
            self.omit("tokens", why, summary.examples)
        totals = partial.tokens.get(ways[0].name) if ways else None
        if totals is None:
            return
        if totals.uncountable:
            self.omit("tokens", "a text that the tokenizer can't take", totals.uncountable)
        if totals.uncounted_images:
            self.omit(*UNSIZED, totals.uncounted_images)

    def omit(self, what: str, why: str, count: int) -> None:
        """Note what was not checked."""
        self.unchecked[what, why] = self.unchecked.get((what, why), 0) + count


def cost_of(account: Account, way: Measure, index: int) -> Cost:
    """The cost of training one of the models of a way of counting."""
    chosen = account.plan.settings
    return estimate(
        account.of(way),
        account.plan.target,
        way.models[index],
        tier=chosen.tier,
        region=chosen.region,
        epochs=chosen.epochs,
    )


def file_tokens(plan: Plan, partial: Partial) -> int | None:
    """The tokens of one file for the chosen model; None if they were not counted."""
    ways = measures(plan)
    if plan.settings.no_tokens or not ways or not partial.summary.examples:
        return None
    return partial.tokens.get(ways[0].name, TokenTotals()).total
