"""The sums of tokens as a report shows them."""

from __future__ import annotations

import msgspec

from jsonl_lint.tokens.totals import EXACT_BELOW, RELATIVE_ERROR, Bin, TokenTotals

__all__ = ["Distribution", "TokenFigures", "token_figures"]


class Distribution(msgspec.Struct, frozen=True):
    """The lengths of the examples, in tokens. `p50` and `p95` may be too small by `error` of their value at most."""

    min: int
    mean: float
    p50: int
    p95: int
    max: int
    error: float


class TokenFigures(msgspec.Struct, frozen=True):
    """The tokens of the training files in the model's encoding; every sum is of one epoch.

    `exact` says that all of it follows documented rules; `estimates` says what does not, and how many examples that
    concerns. `complete` says that nothing is missing: examples that can't be read or counted (`unread`, `uncountable`) and
    images of unknown size (`uncounted_images`) are in no sum. Of `total`, `billed` are left where examples are cut at the
    model's limit (`over_long` examples are). Of these, `trained` are learnt and `untrained` are answers with weight 0; the
    rest is read only. `by_role` is of `total`.
    """

    encoding: str
    exact: bool
    estimates: dict[str, int]
    complete: bool
    examples: int
    unread: int
    uncountable: int
    total: int
    billed: int
    trained: int
    untrained: int
    images: int
    image_tokens: int
    uncounted_images: int
    over_long: int
    per_example: Distribution | None
    by_role: dict[str, int]
    histogram: list[Bin]


def token_figures(totals: TokenTotals, encoding: str, unread: int = 0) -> TokenFigures:
    """The figures of sums; `unread` are the examples of the files that never came to be counted."""
    return TokenFigures(
        encoding=encoding,
        exact=totals.exact,
        estimates=dict(sorted(totals.estimates.items())),
        complete=not (unread or totals.uncountable or totals.uncounted_images),
        examples=totals.examples,
        unread=unread,
        uncountable=totals.uncountable,
        total=totals.total,
        billed=totals.kept,
        trained=totals.trained,
        untrained=totals.untrained,
        images=totals.images,
        image_tokens=totals.image_tokens,
        uncounted_images=totals.uncounted_images,
        over_long=totals.over_long,
        per_example=distribution(totals),
        by_role=dict(sorted(totals.by_role.items())),
        histogram=totals.histogram(),
    )


def distribution(totals: TokenTotals) -> Distribution | None:
    """The distribution of lengths, or None without examples."""
    median, most = totals.quantile(50), totals.quantile(95)
    if totals.mean is None or totals.min is None or totals.max is None or median is None or most is None:
        return None
    error = 0.0 if totals.max < EXACT_BELOW else RELATIVE_ERROR
    return Distribution(totals.min, round(totals.mean, 1), median, most, totals.max, error)
