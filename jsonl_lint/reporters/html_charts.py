"""The charts of the page: token lengths, roles, images and cost, each a table with bars, where they were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import msgspec

from jsonl_lint.report import Report

__all__ = ["charts"]

ROWS = 30
LENGTHS = {"min": "shortest", "p50": "median", "mean": "mean", "p95": "95 of 100 below", "max": "longest"}


def charts(report: Report) -> Iterator[str]:
    """The charts that there is something for."""
    made = [chart for chart in all_charts(report) if chart]
    if made:
        yield '<section aria-labelledby="numbers"><h2 id="numbers">Tokens and cost</h2><div class="charts">'
        yield from made
        yield "</div></section>\n"


def all_charts(report: Report) -> Iterator[str]:
    """Each chart, or an empty text."""
    tokens, cost = plain(report.tokens), plain(report.cost)
    lengths = plain(tokens.get("per_example"))
    yield bars("Tokens per example", {name: lengths.get(key) for key, name in LENGTHS.items()})
    yield bars("Distribution of lengths", labelled(lengths.get("histogram") or tokens.get("histogram")))
    yield bars("Tokens by role", plain(tokens.get("by_role")))
    sums = {"all": tokens.get("total"), "trained on": tokens.get("trained"), "of images": tokens.get("images") or None}
    yield bars("Tokens in all", sums)
    yield bars(f"Cost, {cost.get('currency') or 'USD'}", costs(cost, report), digits=2)


def costs(cost: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The cost by model, or that of the one model there is."""
    by_model = cost.get("by_model") or cost.get("models")
    if isinstance(by_model, list):
        entries = [plain(entry) for entry in by_model]
        return {str(entry.get("model") or entry.get("name")): entry.get("total") for entry in entries}
    if by_model:
        return {name: plain(value).get("total", value) for name, value in plain(by_model).items()}
    return {str(cost.get("model") or report.target.model): cost.get("total")}


def plain(value: Any) -> dict[str, Any]:
    """A part of the report as a plain mapping; empty where there is none."""
    built = msgspec.to_builtins(value)
    return built if isinstance(built, dict) else {}


def labelled(value: Any) -> dict[str, Any]:
    """The bars of a histogram: a mapping of labels to counts, or a list of objects with `upto` and `count`."""
    if isinstance(value, list):
        entries = [plain(item) for item in value]
        return {f"up to {entry.get('upto', entry.get('to')):,}": entry.get("count") for entry in entries if entry}
    return plain(value)


def bars(title: str, values: Mapping[str, Any], digits: int = 0) -> str:
    """A table with a bar for each value that is a number; empty if there is none."""
    numbers = {name: value for name, value in values.items() if isinstance(value, (int, float))}
    if not numbers:
        return ""
    highest = max(numbers.values()) or 1
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f'<td class="bar" aria-hidden="true"><i style="--share:{max(value / highest, 0):.4f}"></i></td>'
        f'<td class="number">{written(value, digits)}</td></tr>'
        for name, value in list(numbers.items())[:ROWS]
    )
    return f'<div class="panel chart"><h3>{escape(title)}</h3><table><tbody>{rows}</tbody></table></div>'


def written(value: float, digits: int) -> str:
    """A number for people: thousands separated, a fraction only where there is one."""
    return f"{value:,.{digits}f}" if digits else f"{value:,.1f}".removesuffix(".0")
