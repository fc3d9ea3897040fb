"""Nothing that is trained on is left of the example where it is cut.

## What it does
Flags an example with more tokens than the model takes, all of whose answers stand after the place where it is cut.

## Why
The model learns nothing from what is left, though its tokens are billed.

## How to repair
Shorten what stands before the answer, or delete the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Length, Problem, rule
from jsonl_lint.targets import Facts

LIMIT = {"max_example_tokens": 20}
ANSWER = {"role": "assistant", "content": "Paris"}
LONG = {"role": "user", "content": "What is the capital of France? " * 4}
OUTPUTS = {"preferred_output": [ANSWER], "non_preferred_output": [{"role": "assistant", "content": "Lyon"}]}


@rule(
    "TOK002",
    at=Length,
    severity="error",
    methods=["sft", "dpo", "completion"],
    repair="shorten what stands before the answer, or delete the line",
    bad=[
        Case({"messages": [LONG, ANSWER]}, at="", facts=LIMIT),
        Case({"messages": [{"role": "system", "content": "Be brief."}, LONG, ANSWER]}, at="", facts=LIMIT),
        Case({"input": {"messages": [LONG]}, **OUTPUTS}, at="", method="dpo", facts=LIMIT),
    ],
    good=[
        Case({"messages": [LONG, ANSWER]}),
        Case({"messages": [{"role": "user", "content": "Hi"}, ANSWER, LONG, ANSWER]}, facts=LIMIT),
    ],
)
def nothing_left(length: Length, facts: Facts) -> Iterator[Problem]:
    # Where answers have weight 0 there was nothing to lose: of that another rule speaks.
    if length.error is not None or length.trained or not length.lost:
        return
    yield Problem(
        f"of {length.total:,} tokens {length.model} reads the first {length.limit:,}, in which there is no answer to learn"
    )
