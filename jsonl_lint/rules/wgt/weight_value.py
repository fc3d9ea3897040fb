"""The weight is not 0 or 1.

## What it does
Flags an assistant's `weight` that is not one of the integers that the target takes: 0 (not trained on) and 1 (trained
on). A float, a boolean, a string and null are none.

## Why
Weights between 0 and 1 are not supported; the service refuses the file for any other value or type.

## How to repair
Write 0 or 1, or remove `weight`: an assistant's message without one is trained on.

## Fix safety
Safe for values that can mean one thing only: 1.0, true and "1" become 1, and 0.0, false and "0" become 0. There is no
fix for others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Message, Problem, Repair, Replace, rule
from jsonl_lint.rules.wgt.weight_role import takes_weight
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}


def row(weight: Any) -> dict[str, Any]:
    """An example whose second answer has this weight."""
    first, second = ({"role": "assistant", "content": "Paris", "weight": value} for value in (1, weight))
    return {"messages": [QUESTION, first, QUESTION, second]}


@rule(
    "WGT001",
    at=Message,
    severity="error",
    repair="write 0 or 1, or remove the weight",
    fixable="safe",
    gated=True,
    bad=[
        Case(row(0.5), at="/messages/3/weight"),
        Case(row(2), at="/messages/3/weight"),
        Case(row(-1), at="/messages/3/weight"),
        Case(row(None), at="/messages/3/weight"),
        Case(row("high"), at="/messages/3/weight"),
        Case(row([1]), at="/messages/3/weight"),
        Case(row(1.0), at="/messages/3/weight", fixed=row(1)),
        Case(row(0.0), at="/messages/3/weight", fixed=row(0)),
        Case(row(True), at="/messages/3/weight", fixed=row(1)),
        Case(row(False), at="/messages/3/weight", fixed=row(0)),
        Case(row("0"), at="/messages/3/weight", fixed=row(0)),
        Case(row("1"), at="/messages/3/weight", fixed=row(1)),
    ],
    good=[Case(row(0)), Case(row(1))],
)
def weight_value(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role != "assistant" or "weight" not in message.fields or not takes_weight(facts):
        return
    weight = message.fields["weight"]
    # NaN and Infinity are no JSON at all, which JSN004 says.
    if is_valid(weight, facts) or (isinstance(weight, float) and not math.isfinite(weight)):
        return
    meant = meant_weight(weight)
    repair = None
    if meant in facts.weight_values:
        repair = Repair(f"change the weight to {meant}", True, (Replace(("weight",), meant),))
    shown = kind(weight) if isinstance(weight, (list, dict)) else quoted(weight)
    values = " or ".join(map(str, facts.weight_values))
    yield Problem(f"weight is {shown}; it must be the integer {values}", ("weight",), repair=repair)


def is_valid(weight: Any, facts: Facts) -> bool:
    """Whether a weight is one of the integers that the target takes."""
    return type(weight) is int and weight in facts.weight_values


def meant_weight(weight: Any) -> int | None:
    """The integer that a weight can only mean, whatever its type; None if that is not clear."""
    if isinstance(weight, str):
        return {"0": 0, "1": 1}.get(weight)
    if isinstance(weight, (int, float)) and weight in (0, 1):
        return int(weight)
    return None
