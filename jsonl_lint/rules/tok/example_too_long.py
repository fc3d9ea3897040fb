"""The example has more tokens than the model takes.

## What it does
Flags an example with more tokens than the model takes in one example, and says what is cut off. The tokens are counted
exactly, with the overhead of each message; those of tool definitions are an estimate.

## Why
The service cuts such an example at its end without a word. What is lost is mostly the end of the last answer: the model
learns to stop in the middle. The rest is billed as if it were whole.

## How to repair
Shorten the example, split it into several, or choose a model that takes longer ones. `jsonl-lint stats` shows how the
lengths are distributed.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Length, Problem, rule
from jsonl_lint.targets import Facts

LIMIT = {"max_example_tokens": 20}
ANSWER = {"role": "assistant", "content": "It is Paris, as it has been for most of the last thousand years."}
ROW = {"messages": [{"role": "user", "content": "What is the capital of France?"}, ANSWER]}
SHORT = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}


@rule(
    "TOK001",
    at=Length,
    severity="warning",
    repair="shorten the example, split it, or choose a model that takes longer ones",
    bad=[
        Case(ROW, at="", facts=LIMIT),
        Case({"prompt": "a " * 20, "completion": "b"}, at="", method="completion", facts=LIMIT),
    ],
    good=[Case(ROW), Case(SHORT, facts=LIMIT), Case(ROW, facts={"max_example_tokens": 35})],
)
def example_too_long(length: Length, facts: Facts) -> Iterator[Problem]:
    if length.error is not None or length.limit is None:
        return
    cut = length.total - length.kept
    of_answers = f", {length.lost:,} of them of answers" if length.lost else ""
    yield Problem(
        f"the example has {length.total:,} tokens; {length.model} takes {length.limit:,}: "
        f"the last {cut:,} are cut off{of_answers}"
    )
