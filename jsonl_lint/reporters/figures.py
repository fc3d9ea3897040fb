"""Tokens and costs for people: the two lines of a summary, and the tables of the statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsonl_lint.cost import DEFAULT_EPOCHS, Cost
from jsonl_lint.report import ModelFigures, Report
from jsonl_lint.text import plural
from jsonl_lint.tokens.figures import TokenFigures

__all__ = ["cost_table", "summary_lines", "token_tables"]

BAR_COLUMNS = 40


def summary_lines(report: Report) -> Iterator[str]:
    """The tokens and the cost of the training files."""
    tokens, cost = report.tokens, report.cost
    if tokens is None:
        return
    least = "" if tokens.complete else "at least "
    of_examples = ""
    if (per_example := tokens.per_example) is not None:
        of_examples = f"; {per_example.min:,} to {per_example.max:,} per example, {per_example.mean:,.0f} in the mean"
    yield (
        f"tokens: {least}{tokens.total:,} ({tokens.encoding}, {report.target.model}), "
        f"{tokens.trained:,} trained ({share(tokens.trained, tokens.total)}){of_examples}"
    )
    yield from gaps(tokens)
    if cost is not None:
        yield f"cost: {least}{told(cost)}"


def gaps(tokens: TokenFigures) -> Iterator[str]:
    """What is estimated in a sum of tokens, and what is missing from it."""
    for what, examples in tokens.estimates.items():
        yield f"  not exact in {plural(examples, 'example')}: {what}"
    if tokens.unread:
        yield f"  not in the sum: {plural(tokens.unread, 'example')} that can't be read"
    if tokens.uncountable:
        yield f"  not in the sum: {plural(tokens.uncountable, 'example')} that can't be counted"


def told(cost: Cost) -> str:
    """A known cost in a sentence."""
    hosting = "" if cost.hosting_per_hour is None else f"; hosting {cost.hosting_per_hour:g} {cost.currency} per hour"
    where = f"{cost.tier} in {cost.region}" if cost.region else cost.tier
    return (
        f"{money(cost.total)} {cost.currency} for {cost.billed_tokens:,} tokens ({plural(cost.epochs, 'epoch')}) at "
        f"{cost.price_per_million:g} per million, {where}{hosting} [{cost.source}, {cost.as_of}]"
    )


def token_tables(tokens: TokenFigures, model: str) -> Iterator[str]:
    """The tokens of the data for one model: in all, by role, and how long the examples are."""
    answers = tokens.trained + tokens.untrained
    yield f"tokens for {model} ({tokens.encoding}), one epoch"
    rows = [
        ("all", f"{tokens.total:,}", "" if tokens.complete else "and what is not in the sum"),
        ("billed", f"{tokens.billed:,}", f"{plural(tokens.over_long, 'example')} cut off" if tokens.over_long else ""),
        ("trained", f"{tokens.trained:,}", share(tokens.trained, tokens.billed)),
        ("weight 0", f"{tokens.untrained:,}", f"{share(tokens.untrained, answers)} of the assistant's"),
        ("images", f"{tokens.image_tokens:,}", plural(tokens.images, "image")),
        *((f"role {role}", f"{count:,}", share(count, tokens.total)) for role, count in tokens.by_role.items()),
    ]
    yield from table(rows, "<><")
    yield from gaps(tokens)
    yield from lengths(tokens)


def lengths(tokens: TokenFigures) -> Iterator[str]:
    """The distribution of the examples' lengths, in numbers and drawn."""
    if (per := tokens.per_example) is None:
        return
    yield ""
    about = f" (p50 and p95 at most {per.error:.2%} too small)" if per.error else ""
    yield f"tokens per example: min {per.min:,}, mean {per.mean:,.1f}, p50 {per.p50:,}, p95 {per.p95:,}, max {per.max:,}{about}"
    most = max(bin.count for bin in tokens.histogram)
    rows = [
        (f"{bin.low:,} to {max(bin.high - 1, 0):,}", f"{bin.count:,}", bar(bin.count, most)) for bin in tokens.histogram
    ]
    yield from table(rows, "><<")


def cost_table(models: Sequence[ModelFigures]) -> Iterator[str]:
    """What training costs for every model, and where the prices are from."""
    costs = [one.cost for one in models if one.cost is not None]
    if not costs:
        return
    where = f"{costs[0].tier} in {costs[0].region}" if costs[0].region else costs[0].tier
    yield f"cost of {plural(costs[0].epochs, 'epoch')}, {where}, USD"
    heads = [("model", "encoding", "billed tokens", "per million", "training", "hosting per hour")]
    yield from table([*heads, *map(cost_row, models)], "<<>>>>")
    sources = sorted({f"{cost.source}, {cost.as_of}" for cost in costs if cost.source})
    yield from (f"prices: {source}" for source in sources)
    notes = (cost.note.removesuffix(DEFAULT_EPOCHS).removesuffix("; ") for cost in costs)
    yield from dict.fromkeys(f"note: {note}" for note in notes if note)
    if any(cost.note.endswith(DEFAULT_EPOCHS) for cost in costs):
        yield f"note: {DEFAULT_EPOCHS}"


def cost_row(one: ModelFigures) -> tuple[str, ...]:
    """One model's line in the table of costs."""
    if one.tokens is None or one.cost is None:
        return (one.model, "unknown", "", "", "", "")
    price = "unknown" if one.cost.price_per_million is None else f"{one.cost.price_per_million:g}"
    hosting = "unknown" if one.cost.hosting_per_hour is None else f"{one.cost.hosting_per_hour:g}"
    return (one.model, one.tokens.encoding, f"{one.cost.billed_tokens:,}", price, money(one.cost.total), hosting)


def table(rows: Sequence[tuple[str, ...]], aligned: str) -> Iterator[str]:
    """Rows in columns, each aligned to the left (`<`) or the right (`>`)."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [f"{cell:{side}{width}}" for cell, side, width in zip(row, aligned, widths, strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()


def bar(count: int, most: int) -> str:
    """A bar as long as its part of the longest one, and never of no length where there is something."""
    return "#" * -(-count * BAR_COLUMNS // most)


def money(amount: float | None) -> str:
    """An amount with its cents, or with more digits where it has some."""
    if amount is None:
        return "unknown"
    return f"{amount:,.2f}" if amount >= 0.01 or not amount else f"{amount:.2g}"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent."""
    return f"{part / whole:.1%}" if whole else "0.0%"
