"""The losses of a job as a chart, in characters and as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from jsonl_lint.job_results.reading import JobResults
from jsonl_lint.job_results.table import Curve, Table

__all__ = ["svg", "text_chart"]

TRAIN, VALID, BOTH = ".", "o", "*"
LABEL_WIDTH = 9
SIZE, MARGIN = (800, 400), 60
COLORS = {"training": "#4477aa", "validation": "#ee6677"}


def curves_of(table: Table) -> dict[str, Curve]:
    """The curves that are drawn: the training loss, and the better of the validation losses."""
    valid = table.full_valid_loss if len(table.full_valid_loss.steps) > 1 else table.valid_loss
    return {"training": table.train_loss, "validation": valid}


def bounds(curves: dict[str, Curve]) -> tuple[int, int, float, float]:
    """The first and last step, the lowest and highest loss; never the same."""
    steps = [step for curve in curves.values() for step in curve.steps]
    values = [value for curve in curves.values() for value in curve.values]
    low, high = min(values), max(values)
    return min(steps), max(*steps, min(steps) + 1), low, high if high > low else low + 1


def text_chart(results: JobResults, width: int = 80, height: int = 16) -> Iterator[str]:
    """The chart as lines of plain characters: `.` is training, `o` validation, `*` both."""
    curves = curves_of(results.table)
    first, last, low, high = bounds(curves)
    columns = max(width - LABEL_WIDTH - 2, 20)
    grid = [[" "] * columns for _ in range(height)]
    for name, mark in (("training", TRAIN), ("validation", VALID)):
        for step, value in zip(curves[name].steps, curves[name].values, strict=True):
            column = round((step - first) / (last - first) * (columns - 1))
            row = round((high - value) / (high - low) * (height - 1))
            grid[row][column] = mark if grid[row][column] in (" ", mark) else BOTH
    for number, cells in enumerate(grid):
        value = high - (high - low) * number / (height - 1)
        label = f"{value:.4f}" if number in (0, height - 1) else ""
        yield f"{label:>{LABEL_WIDTH}} |{''.join(cells).rstrip()}"
    yield f"{'':>{LABEL_WIDTH}} +{'-' * columns}"
    yield f"{'':>{LABEL_WIDTH}}  {first:<{columns // 2}}{last:>{columns - columns // 2}}"
    legend = f"{TRAIN} training loss" + (f"   {VALID} validation loss   {BOTH} both" if curves["validation"] else "")
    yield f"{'':>{LABEL_WIDTH}}  {legend}"


def svg(results: JobResults, title: str = "Loss") -> str:
    """The chart as an SVG image."""
    curves = curves_of(results.table)
    width, height = SIZE
    first, last, low, high = bounds(curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<path d="M{MARGIN} {MARGIN // 2}V{height - MARGIN}H{width - MARGIN // 2}" fill="none" stroke="#333333"/>',
        label(MARGIN - 6, MARGIN // 2 + 4, f"{high:.4f}", "end"),
        label(MARGIN - 6, height - MARGIN, f"{low:.4f}", "end"),
        label(MARGIN, height - MARGIN + 18, f"step {first}", "start"),
        label(width - MARGIN // 2, height - MARGIN + 18, f"step {last}", "end"),
    ]
    for number, (name, curve) in enumerate((name, curve) for name, curve in curves.items() if curve):
        points = " ".join(
            f"{MARGIN + (step - first) / (last - first) * (width - 1.5 * MARGIN):.1f},"
            f"{MARGIN / 2 + (high - value) / (high - low) * (height - 1.5 * MARGIN):.1f}"
            for step, value in zip(curve.steps, curve.values, strict=True)
        )
        color = COLORS[name]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        parts.append(label(MARGIN + 150 * number, height - 16, f"{name} loss", "start", color))
    return "\n".join([*parts, "</svg>"]) + "\n"


def label(x: int, y: int, text: str, anchor: str, color: str = "#333333") -> str:
    """A text of the image."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'
