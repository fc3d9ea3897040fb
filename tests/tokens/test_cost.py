"""Costs: known prices times billed tokens, and words where a price is not known."""

import msgspec
import pytest

from jsonl_lint.cost import default_epochs, estimate
from jsonl_lint.errors import UsageError
from jsonl_lint.targets.model import Model, Price, Source, Target
from jsonl_lint.tokens.totals import TokenTotals

PRICE = Price(
    unit="million-tokens",
    tiers={"global": 3.0, "datazone": 3.3, "developer": 1.5},
    regional={"swedencentral": 3.3},
    hosting_per_hour={"standard": 1.7, "global": 1.6, "developer": 0.0},
    source="LIST, OTHER",
    date="2026-08-11",
)
MODEL = Model(name="small", methods=("sft",), source="LIST", date="2026-08-11", price=PRICE)
TARGET = Target(
    name="t",
    title="T",
    facts_as_of="2026",
    sources={"LIST": Source("the price list", "2026")},
    methods={},
    models=(MODEL,),
)
TOTALS = TokenTotals(examples=200, total=120_000, kept=104_512)


def with_price(**changes):
    return msgspec.structs.replace(MODEL, price=msgspec.structs.replace(PRICE, **changes))


def test_global():
    cost = estimate(TOTALS, TARGET, MODEL)
    assert (cost.currency, cost.epochs, cost.billed_tokens) == ("USD", 3, 313_536)
    assert (cost.price_per_million, cost.tier, cost.region, cost.total) == (3.0, "global", None, 0.94)
    assert (cost.hosting_per_hour, cost.source, cost.as_of) == (1.6, "the price list; OTHER", "2026-08-11")
    assert cost.note == "epochs: the OpenAI cookbook's default for this many examples"


@pytest.mark.parametrize(
    ("tier", "region", "price", "hosting"),
    [
        ("datazone", None, 3.3, None),
        ("developer", None, 1.5, 0.0),
        ("regional", "swedencentral", 3.3, 1.7),
        (None, "swedencentral", 3.3, 1.7),
    ],
)
def test_tiers(tier, region, price, hosting):
    cost = estimate(TOTALS, TARGET, MODEL, tier=tier, region=region, epochs=1)
    assert (cost.price_per_million, cost.hosting_per_hour, cost.note) == (price, hosting, "")
    assert cost.total == round(104_512 * price / 1e6, 2)


@pytest.mark.parametrize(("tier", "region"), [("regional", "eastus2"), ("regional", None), ("provisioned", None)])
def test_unknown_tier_or_region_has_no_price(tier, region):
    cost = estimate(TOTALS, TARGET, MODEL, tier=tier, region=region, epochs=2)
    assert (cost.price_per_million, cost.total, cost.billed_tokens) == (None, None, 209_024)
    assert cost.note.startswith("no price of training small is known for")
    assert cost.note.endswith("known: global, datazone, developer, regional in swedencentral")


def test_price_of_any_region():
    assert estimate(TOTALS, TARGET, with_price(regional={"any": 0.4}), region="eastus2").price_per_million == 0.4


def test_no_price():
    model = msgspec.structs.replace(MODEL, price=None)
    cost = estimate(TOTALS, TARGET, model, epochs=1)
    assert (cost.total, cost.price_per_million, cost.hosting_per_hour, cost.source) == (None, None, None, "")
    assert cost.note == "no price of training small is known"


def test_price_per_hour_says_nothing_of_tokens():
    cost = estimate(TOTALS, TARGET, with_price(unit="hour", tiers={"global": 100.0}), epochs=1)
    assert (cost.total, cost.price_per_million) == (None, None)
    assert cost.note == "training small is billed by the hour (100 USD per hour): tokens don't say what it costs"


@pytest.mark.parametrize(("kept", "total"), [(0, 0.0), (1, 3e-06), (1234, 0.0037), (2_000, 0.01), (123_456, 0.37)])
def test_a_small_cost_is_no_nought(kept, total):
    assert estimate(TokenTotals(examples=1, kept=kept), TARGET, MODEL, epochs=1).total == total


def test_what_is_missing_is_said():
    totals = TokenTotals(examples=200, kept=10, uncountable=1, uncounted_images=1200)
    note = estimate(totals, TARGET, MODEL, epochs=1).note
    assert note == "incomplete: without 1 example that can't be counted and 1,200 images of unknown size"


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(0, 3), (1, 25), (4, 25), (5, 20), (10, 10), (33, 3), (34, 3), (8333, 3), (8334, 2), (12_501, 1), (99_999, 1)],
)
def test_default_epochs(examples, epochs):
    assert default_epochs(examples) == epochs


def test_epochs_below_one():
    with pytest.raises(UsageError, match="epochs is 0"):
        estimate(TOTALS, TARGET, MODEL, epochs=0)
