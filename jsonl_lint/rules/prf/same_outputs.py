"""Both outputs of a preference are equal.

## What it does
Flags a line whose `preferred_output` and `non_preferred_output` are the same by value.

## Why
The model learns from the difference. Where there is none the line teaches nothing, and the service may refuse it.

## How to repair
Correct the output that was copied by mistake, or delete the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts

INPUT = {"input": {"messages": [{"role": "user", "content": "What is the capital of France?"}]}}
ANSWER = {"role": "assistant", "content": "Paris"}


def row(preferred: Any, other: Any) -> dict[str, Any]:
    """A preference with these outputs."""
    return {**INPUT, "preferred_output": [preferred], "non_preferred_output": [other]}


@rule(
    "PRF003",
    at=Row,
    severity="error",
    repair="correct the output that was copied by mistake, or delete the line",
    methods=["dpo"],
    gated=True,
    bad=[
        Case(row(ANSWER, ANSWER), at="/non_preferred_output", method="dpo"),
        Case(row(ANSWER, {"content": "Paris", "role": "assistant"}), at="/non_preferred_output", method="dpo"),
    ],
    good=[Case(row(ANSWER, {**ANSWER, "content": "Paris."}), method="dpo")],
)
def same_outputs(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict):
        return
    preferred, other = row.value.get("preferred_output"), row.value.get("non_preferred_output")
    if isinstance(preferred, list) and preferred and preferred == other:
        yield Problem("both outputs are equal; there is nothing to prefer", ("non_preferred_output",))
