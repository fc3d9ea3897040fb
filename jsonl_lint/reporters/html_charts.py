"""The charts of the page: token lengths, roles, images and cost, each a table with bars, where they were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from jsonl_lint.cost import Cost
from jsonl_lint.report import Report
from jsonl_lint.text import plural
from jsonl_lint.tokens.figures import Distribution, TokenFigures

__all__ = ["charts"]

ROWS = 40


def charts(report: Report) -> Iterator[str]:
    """The charts that there is something for."""
    made = [chart for chart in all_charts(report) if chart]
    if made:
        yield '<section aria-labelledby="numbers"><h2 id="numbers">Tokens and cost</h2><div class="charts">'
        yield from made
        yield "</div></section>\n"


def all_charts(report: Report) -> Iterator[str]:
    """Each chart, or an empty text."""
    if report.tokens is not None:
        yield from of_tokens(report.tokens)
    yield bars("Cost, USD", costs(report), note=cost_note(report.cost), digits=2)


def of_tokens(tokens: TokenFigures) -> Iterator[str]:
    """The charts of what was counted."""
    if tokens.per_example is not None:
        yield bars("Tokens per example", lengths(tokens.per_example))
    yield bars("Examples by length", {f"{bin_.low:,} to {bin_.high:,} tokens": bin_.count for bin_ in tokens.histogram})
    yield bars("Tokens by role", tokens.by_role)
    sums = {"all": tokens.total, "billed": tokens.billed, "trained on": tokens.trained, "weight 0": tokens.untrained}
    exact = "exact" if tokens.exact else "partly estimated"
    missing = "" if tokens.complete else "; not everything could be counted"
    yield bars("Tokens of one epoch", sums, note=f"{tokens.encoding}, {exact}{missing}")
    if tokens.images or tokens.uncounted_images:
        images = {
            "images": tokens.images,
            "tokens of images": tokens.image_tokens,
            "of unknown size": tokens.uncounted_images,
        }
        yield bars("Images", images)


def lengths(found: Distribution) -> dict[str, float]:
    """The figures of a distribution by their names."""
    return {
        "shortest": found.min,
        "median": found.p50,
        "mean": found.mean,
        "95 % are below": found.p95,
        "longest": found.max,
    }


def costs(report: Report) -> dict[str, float]:
    """The cost by model where all were asked for, else that of the model in question."""
    by_model = [(model.model, model.cost) for model in report.models] or [(report.target.model or "", report.cost)]
    return {name: cost.total for name, cost in by_model if cost is not None and cost.total is not None}


def cost_note(cost: Cost | None) -> str:
    """What a cost rests on."""
    if cost is None or cost.total is None:
        return ""
    return f"{plural(cost.epochs, 'epoch')}, {cost.tier}, prices as of {cost.as_of}"


def bars(title: str, values: Mapping[str, float], note: str = "", digits: int = 0) -> str:
    """A table with a bar for each value; empty if there is none."""
    if not values:
        return ""
    highest = max(values.values()) or 1
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f'<td class="bar" aria-hidden="true"><i style="--share:{value / highest:.4f}"></i></td>'
        f'<td class="number">{written(value, digits)}</td></tr>'
        for name, value in list(values.items())[:ROWS]
    )
    said = f'<p class="soft">{escape(note)}</p>' if note else ""
    return f'<div class="panel chart"><h3>{escape(title)}</h3><table><tbody>{rows}</tbody></table>{said}</div>'


def written(value: float, digits: int) -> str:
    """A number for people: thousands separated, a fraction only where there is one."""
    return f"{value:,.{digits}f}" if digits else f"{value:,.1f}".removesuffix(".0")
