"""Assistant messages follow each other.

## What it does
Flags two or more assistant messages directly in a row, with no user's message and no tool's result between them; once
for each such run, at its second message.

## Why
The assistant never speaks twice in a row in use. The service refuses such an example, or trains on an answer to
nothing.

## How to repair
Put the texts together into one message, or add what came between: the user's question, the tool's result.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN004",
    at=Roles,
    severity="error",
    repair="put the texts together into one message, or add what came between",
    methods=["sft", "dpo"],
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [QUESTION, ANSWER, ANSWER]}, at="/messages/2"),
        Case({"messages": [QUESTION, ANSWER, ANSWER, ANSWER]}, at="/messages/2"),
        Case({"messages": [QUESTION, ANSWER, ANSWER, QUESTION, ANSWER, ANSWER]}, count=2),
        Case(
            {"input": {"messages": [QUESTION]}, "preferred_output": [ANSWER, ANSWER], "non_preferred_output": [ANSWER]},
            at="/preferred_output/1",
            method="dpo",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, ANSWER, QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, QUESTION, ANSWER]}),
    ],
)
def consecutive_assistant(roles: Roles, facts: Facts) -> Iterator[Problem]:
    start = 0
    for role, run in groupby(roles.order):
        length = len(list(run))
        if role == "assistant" and length > 1:
            what = f"{length} assistant messages in a row; a user's message or a tool's result must stand between them"
            yield Problem(what, (start + 1,))
        start += length
