"""`jsonl-lint targets`: the targets, and every fact of each with its source and date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from jsonl_lint.targets import load_target, target_names
from jsonl_lint.targets.model import Cited, Model, Target

__all__ = ["command"]


@click.command("targets")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the targets, or every fact of one with its source and date."""
    if name is None:
        for known in target_names():
            target = load_target(known)
            click.echo(f"{known}  {target.title}; {', '.join(target.methods)}; facts as of {target.facts_as_of}")
        return
    click.echo("\n".join(described(load_target(name))))


def described(target: Target) -> Iterator[str]:
    """The lines that say everything about a target."""
    yield f"{target.name}: {target.title}"
    yield f"facts as of {target.facts_as_of}"
    yield from section("every method", target.facts)
    for method, data in target.methods.items():
        yield from section(method, data.facts)
        if data.default_model:
            yield f"  default model = {data.default_model}"
    yield "\nmodels"
    for model in target.models:
        yield from of_model(model)
    if target.contradictions:
        yield "\nwhere the sources disagree"
        yield from (f"  - {line}" for line in target.contradictions)
    yield "\nsources"
    for key, source in target.sources.items():
        yield f"  {key}: {source.title} ({source.date})"


def section(title: str, facts: dict[str, Cited]) -> Iterator[str]:
    """Some facts under a title."""
    yield f"\n{title}"
    for name, fact in facts.items():
        yield f"  {name} = {written(fact.value)}  [{fact.source}, {fact.date}]"
        if fact.note:
            yield f"      {fact.note}"


def of_model(model: Model) -> Iterator[str]:
    """What is known of a model."""
    limit = f"{model.max_example_tokens:,} tokens per example" if model.max_example_tokens else "token limit unknown"
    retires = f", retires {model.retires}" if model.retires else ""
    yield f"  {model.name}: {', '.join(model.methods)}; {limit}; {model.status}{retires}  [{model.source}, {model.date}]"
    price = model.price
    if price is None:
        yield "      training price unknown"
        return
    unit = "1M tokens" if price.unit == "million-tokens" else "hour"
    tiers = {**price.tiers, **{f"regional {region}": cost for region, cost in price.regional.items()}}
    listed = ", ".join(f"{tier} {cost:g}" for tier, cost in tiers.items())
    yield f"      training, USD per {unit}: {listed}  [{price.source}, {price.date}]"


def written(value: Any) -> str:
    """A fact's value as JSON."""
    return msgspec.json.encode(value).decode()
