"""What the curves of a job mean, in a few lines."""

from __future__ import annotations

import os
from collections.abc import Iterator

import msgspec

from jsonl_lint.job_results.table import Curve, Table, read_table
from jsonl_lint.text import plural

__all__ = ["JobResults", "read_results", "sentences"]

# The validation loss wavers from batch to batch; less than this above its best is no sign of anything.
RISE = 0.05

# How much of the steps is averaged at each side, against the noise of single batches.
SMOOTHED_SHARE = 0.02


class JobResults(msgspec.Struct, frozen=True):
    """The reading of a job: losses at its start and end, and where validation was best.

    `overfits` says that the validation loss rose after its best step while the training loss went on falling. `advised_epochs`
    is given where the number of epochs is known and fewer are better.
    """

    table: Table
    steps: int
    train_start: float
    train_end: float
    valid_start: float | None = None
    valid_end: float | None = None
    best_step: int | None = None
    best_loss: float | None = None
    overfits: bool = False
    epochs: int | None = None
    advised_epochs: int | None = None


def read_results(path: str | os.PathLike[str], *, epochs: int | None = None) -> JobResults:
    """Read a job's results file; `InputError` if it is none. `epochs` are those that the job was run for."""
    table = read_table(path)
    train = smooth(table.train_loss)
    last_step = max(table.train_loss.steps)
    # The loss over the whole validation file is measured less often, and is the better judge.
    valid = table.full_valid_loss if len(table.full_valid_loss.steps) > 1 else smooth(table.valid_loss)
    common = JobResults(table, last_step, train.values[0], train.values[-1], epochs=epochs)
    if not valid:
        return common
    best_step, best_loss = valid.best()
    is_overfit = overfits(train, valid, best_step, best_loss)
    return msgspec.structs.replace(
        common,
        valid_start=valid.values[0],
        valid_end=valid.values[-1],
        best_step=best_step,
        best_loss=best_loss,
        overfits=is_overfit,
        advised_epochs=fewer(epochs, best_step / max(last_step, 1)) if is_overfit and epochs else None,
    )


def smooth(curve: Curve) -> Curve:
    """A curve without the noise of single batches."""
    return curve.smoothed(round(len(curve.steps) * SMOOTHED_SHARE))


def overfits(train: Curve, valid: Curve, best_step: int, best_loss: float) -> bool:
    """Whether validation gets worse after its best step while training gets better."""
    if valid.values[-1] <= best_loss * (1 + RISE) or best_step == valid.steps[-1]:
        return False
    at_best = next(value for step, value in zip(train.steps, train.values, strict=True) if step >= best_step)
    return train.values[-1] < at_best


def fewer(epochs: int, share: float) -> int | None:
    """The number of epochs after which validation was best; None if it is not smaller."""
    advised = max(round(epochs * share), 1)
    return advised if advised < epochs else None


def sentences(results: JobResults) -> Iterator[str]:
    """The reading in words."""
    yield f"{plural(results.steps, 'step')}; training loss from {results.train_start:.4f} to {results.train_end:.4f}"
    if results.best_step is None or results.best_loss is None:
        yield "no validation loss: without a validation file nobody can tell learning from memorising"
        return
    yield (
        f"validation loss from {results.valid_start:.4f} to {results.valid_end:.4f}, "
        f"best at step {results.best_step:,} with {results.best_loss:.4f}"
    )
    if not results.overfits:
        yield "training and validation do not diverge"
        return
    yield (
        f"after step {results.best_step:,} the validation loss rises while the training loss falls: the model memorises "
        "its examples (overfitting)"
    )
    yield advice(results)


def advice(results: JobResults) -> str:
    """What to do against overfitting."""
    share = (results.best_step or 0) / max(results.steps, 1)
    if results.advised_epochs is not None:
        return f"advice: {plural(results.advised_epochs, 'epoch')} instead of {results.epochs}, or more examples"
    return f"advice: fewer epochs (validation was best after {share:.0%} of the steps), or more examples"
