"""The table that a job leaves: its columns, under all the names that they have had, as curves over the steps."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Mapping

import msgspec

from jsonl_lint.errors import InputError
from jsonl_lint.source import open_input
from jsonl_lint.text import BOM

__all__ = ["Curve", "Table", "read_table"]

# Source: Azure OpenAI's documents; the German edition has the older names of the accuracies.
COLUMNS = {
    "train_loss": ("train_loss", "training_loss"),
    "valid_loss": ("valid_loss", "validation_loss"),
    "full_valid_loss": ("full_valid_loss",),
    "train_accuracy": ("train_mean_token_accuracy", "train_accuracy", "training_accuracy", "training_token_accuracy"),
    "valid_accuracy": ("validation_mean_token_accuracy", "valid_mean_token_accuracy", "valid_accuracy"),
    "full_valid_accuracy": ("full_valid_mean_token_accuracy",),
}
MAX_BYTES = 256 * 1024 * 1024


class Curve(msgspec.Struct, frozen=True):
    """The steps at which something was measured, and what was."""

    steps: tuple[int, ...] = ()
    values: tuple[float, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps)

    def best(self) -> tuple[int, float]:
        """The step with the lowest value, and that value."""
        value, step = min(zip(self.values, self.steps, strict=True))
        return step, value

    def smoothed(self, width: int) -> Curve:
        """The means over up to so many values on either side."""
        means = []
        for at in range(len(self.values)):
            around = self.values[max(at - width, 0) : at + width + 1]
            means.append(math.fsum(around) / len(around))
        return Curve(self.steps, tuple(means))


class Table(msgspec.Struct, frozen=True):
    """The curves of a job; one that was not measured is empty."""

    train_loss: Curve
    valid_loss: Curve = Curve()
    full_valid_loss: Curve = Curve()
    train_accuracy: Curve = Curve()
    valid_accuracy: Curve = Curve()
    full_valid_accuracy: Curve = Curve()


def read_table(path: str | os.PathLike[str]) -> Table:
    """The table of a results file; `InputError` if it is none."""
    with open_input(os.fspath(path)) as source:
        pieces: list[bytes] = []
        while piece := source.read(1 << 20):
            pieces.append(piece)
            if len(pieces) > MAX_BYTES >> 20:
                raise InputError(f"{source.path}: too large for a job's results")
        data = b"".join(pieces)
    try:
        rows = list(csv.DictReader(data.removeprefix(BOM).decode().splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: no CSV ({error})") from None
    return table_of(rows, str(path))


def table_of(rows: list[dict[str, str]], path: str) -> Table:
    """The curves of a table's rows."""
    columns = {key.strip().lower(): key for key in (rows[0] if rows else {}) if key}
    if "step" not in columns or not any(name in columns for name in COLUMNS["train_loss"]):
        found = ", ".join(columns) or "none"
        raise InputError(
            f"{path}: no results of a training job: it needs the columns step and train_loss, and has {found}"
        )
    steps = [whole(row[columns["step"]], number, path) for number, row in enumerate(rows, 2)]
    curves = {curve: curve_of(rows, steps, found_column(names, columns), path) for curve, names in COLUMNS.items()}
    if not curves["train_loss"]:
        raise InputError(f"{path}: there is no training loss in it")
    return Table(**curves)


def found_column(names: Iterable[str], columns: Mapping[str, str]) -> str | None:
    """The column that has one of these names."""
    return next((columns[name] for name in names if name in columns), None)


def curve_of(rows: list[dict[str, str]], steps: list[int], column: str | None, path: str) -> Curve:
    """One column as a curve; cells that are empty, or -1 as older services write it, were not measured."""
    points = []
    for number, (row, step) in enumerate(zip(rows, steps, strict=True), 2):
        cell = (row.get(column) or "").strip() if column else ""
        try:
            value = float(cell) if cell else math.nan
        except ValueError:
            raise InputError(f"{path}:{number}: {column} is no number: {cell!r}") from None
        if math.isfinite(value) and value >= 0:
            points.append((step, value))
    points.sort()
    return Curve(tuple(step for step, _ in points), tuple(value for _, value in points))


def whole(cell: str | None, number: int, path: str) -> int:
    """The number of a step."""
    try:
        return int(float(cell or ""))
    except (ValueError, OverflowError):
        raise InputError(f"{path}:{number}: step is no number: {cell!r}") from None
