"""The model can't be trained in this way, or not for long.

## What it does
Flags a model (the one of `--model`, or the target's default) that the target does not train with the method of the file,
that is retired, that retires within half a year, or that is no longer offered for new training.

## Why
The service refuses the job; or the trained model can soon no longer be used.

## How to repair
Choose a model that the message names, with `--model`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from jsonl_lint.rule import Case, Job, Problem, rule
from jsonl_lint.targets import Facts, Model
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
SOON = datetime.timedelta(days=183)
NAMED = 3


@rule(
    "DST010",
    at=Job,
    severity="warning",
    repair="choose another model with --model",
    bad=[
        Case(ROW, settings={"model": "o4-mini", "today": "2026-11-21"}),
        Case(ROW, settings={"model": "gpt-4o", "today": "2027-10-02"}),
        Case(ROW, settings={"model": "gpt-4o", "today": "2027-09-30"}),
        Case(ROW, settings={"model": "gpt-35-turbo-0613", "today": "2026-11-21"}),
    ],
    good=[
        Case(ROW, settings={"today": "2026-11-21"}),
        Case(ROW, settings={"model": "gpt-4o", "today": "2027-01-01"}),
    ],
)
def method_unsupported(job: Job, facts: Facts) -> Iterator[Problem]:
    model = job.model
    if model is None:
        return
    if job.method not in model.methods:
        known = ", ".join(model.methods)
        yield Problem(f"{model.name} is not trained with {job.method}, only with {known}{instead(job)}", line=1)
        return
    ending = end_of(model, job)
    if ending:
        yield Problem(f"{model.name} {ending}{instead(job)}", line=1)


def end_of(model: Model, job: Job) -> str | None:
    """How a model is near its end, or past it; None if it is not."""
    if model.status.startswith("legacy"):
        return "is a legacy model, which is no longer offered for new training"
    if model.retires is None:
        return None
    today, end = datetime.date.fromisoformat(job.today), datetime.date.fromisoformat(model.retires)
    if end <= today:
        return f"was retired on {model.retires}"
    return f"retires on {model.retires}, in {plural((end - today).days, 'day')}" if end - today < SOON else None


def instead(job: Job) -> str:
    """The models that could be chosen, those that last longest first."""
    usable = [model for model in job.models if job.method in model.methods and end_of(model, job) is None]
    lasting = sorted(usable, key=lambda model: model.retires or "", reverse=True)
    names = ", ".join(model.name for model in lasting[:NAMED])
    return f"; {names} can be" if names else ""
