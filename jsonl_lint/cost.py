"""What training on a file costs: billed tokens times price, each with its source; unknown is never zero."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from jsonl_lint.errors import UsageError
from jsonl_lint.targets.model import Model, Price, Target
from jsonl_lint.text import plural
from jsonl_lint.tokens.totals import TokenTotals

__all__ = ["DEFAULT_EPOCHS", "Cost", "default_epochs", "estimate"]

DEFAULT_EPOCHS = "epochs: the OpenAI cookbook's default for this many examples"
"""The note on a cost whose epochs nobody gave."""

_TARGET_EPOCHS = 3
_LEAST_EXAMPLES = 100
_MOST_EXAMPLES = 25_000
_MOST_EPOCHS = 25
_MILLION = 1_000_000


class Cost(msgspec.Struct, frozen=True):
    """An estimate of what a job costs; None means not known, and `note` says why.

    `billed_tokens` are the tokens of the file, each example cut at the model's limit, times `epochs`. `price_per_million` and
    `total` are in `currency`; `hosting_per_hour` is what the trained model costs beside it, while it is deployed.
    """

    currency: str
    epochs: int
    billed_tokens: int
    price_per_million: float | None
    tier: str
    region: str | None
    total: float | None
    hosting_per_hour: float | None
    source: str
    as_of: str
    note: str


def default_epochs(examples: int) -> int:
    """The epochs that a service takes if none are given, after the OpenAI cookbook (Chat fine-tuning data preparation).

    Three, but enough for 100 examples' worth (at most 25 epochs), and at most 25,000 examples' worth (at least one epoch).
    """
    if not examples:
        return _TARGET_EPOCHS
    if examples * _TARGET_EPOCHS < _LEAST_EXAMPLES:
        return min(_MOST_EPOCHS, _LEAST_EXAMPLES // examples)
    if examples * _TARGET_EPOCHS > _MOST_EXAMPLES:
        return max(1, _MOST_EXAMPLES // examples)
    return _TARGET_EPOCHS


def estimate(
    totals: TokenTotals,
    target: Target,
    model: Model,
    *,
    tier: str | None = None,
    region: str | None = None,
    epochs: int | None = None,
) -> Cost:
    """The cost of training a model on what was counted; `UsageError` for less than one epoch.

    `tier` is `global`, `datazone`, `developer` or `regional`, the last with a region; by default `regional` where a region is
    given, else `global`. Without `epochs` they are those of `default_epochs`.
    """
    if epochs is not None and epochs < 1:
        raise UsageError(f"epochs is {epochs}; it must be at least 1")
    tier = tier or ("regional" if region else "global")
    taken = default_epochs(totals.examples) if epochs is None else epochs
    billed = totals.kept * taken
    amount, why_not = _price(model, tier, region)
    notes = [why_not, _gaps(totals), "" if epochs else DEFAULT_EPOCHS]
    return Cost(
        currency="USD",
        epochs=taken,
        billed_tokens=billed,
        price_per_million=amount,
        tier=tier,
        region=region,
        total=None if amount is None else _rounded(Decimal(str(amount)) * billed / _MILLION),
        hosting_per_hour=_hosting(model.price, tier, region),
        source=_titles(target, model.price.source) if model.price else "",
        as_of=model.price.date if model.price else "",
        note="; ".join(note for note in notes if note),
    )


def _price(model: Model, tier: str, region: str | None) -> tuple[float | None, str]:
    """The price of a million tokens, or None and why it is not known."""
    price = model.price
    if price is None:
        return None, f"no price of training {model.name} is known"
    if price.unit == "hour":
        rate = _rate(price, tier, region)
        per_hour = f" ({rate:g} USD per hour)" if rate is not None else ""
        return None, f"training {model.name} is billed by the hour{per_hour}: tokens don't say what it costs"
    rate = _rate(price, tier, region)
    if rate is None:
        where = f"{tier} in {region}" if region else tier
        known = ", ".join([*price.tiers, *(f"regional in {name}" for name in price.regional)])
        return None, f"no price of training {model.name} is known for {where}; known: {known or 'none'}"
    return rate, ""


def _rate(price: Price, tier: str, region: str | None) -> float | None:
    if tier != "regional":
        return price.tiers.get(tier)
    return price.regional.get(region or "any", price.regional.get("any"))


def _hosting(price: Price | None, tier: str, region: str | None) -> float | None:
    if price is None:
        return None
    names = [region, "regional", "standard"] if tier == "regional" else [tier]
    return next((price.hosting_per_hour[name] for name in names if name in price.hosting_per_hour), None)


def _gaps(totals: TokenTotals) -> str:
    """What is missing from the sum of tokens, in words."""
    missing = []
    if totals.uncountable:
        missing.append(f"{plural(totals.uncountable, 'example')} that can't be counted")
    if totals.uncounted_images:
        missing.append(f"{plural(totals.uncounted_images, 'image')} of unknown size")
    return f"incomplete: without {' and '.join(missing)}" if missing else ""


def _titles(target: Target, keys: str) -> str:
    """The titles of the sources that a comma-separated list of keys names."""
    sources = target.sources
    return "; ".join(sources[key].title if key in sources else key for key in keys.split(", "))


def _rounded(amount: Decimal) -> float:
    """An amount in cents, or with two significant digits where cents would make a nought of it."""
    in_cents = round(amount, 2)
    return float(in_cents) if in_cents or not amount else float(f"{amount:.2g}")
