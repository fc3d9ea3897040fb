"""The same role speaks twice in a row.

## What it does
Flags messages of one role that follow each other directly, for targets that demand that user and assistant take turns.
Tools' results may follow each other. Two assistant messages in a row are a matter of `consecutive-assistant` where that
rule applies, two system messages one of `several-system`. Off unless it is selected or the target demands it.

## Why
Chat templates with strict alternation (Mistral's, Llama 2's, ...) raise an error on such an example.

## How to repair
Put the texts of such messages together into one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "TRN006",
    at=Roles,
    severity="error",
    repair="put the texts of such messages together into one",
    default=False,
    gated=True,
    needs=["is_unusual"],
    bad=[
        Case({"messages": [QUESTION, QUESTION, ANSWER]}, at="/messages/1"),
        Case({"messages": [QUESTION, ANSWER, QUESTION, QUESTION, QUESTION, ANSWER]}, at="/messages/3"),
        Case({"messages": [QUESTION, ANSWER, ANSWER, QUESTION]}, at="/messages/2", method="rft"),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER, QUESTION, ANSWER]}),
        Case({"messages": [{"role": "system", "content": "Be brief."}, QUESTION, ANSWER]}),
    ],
)
def no_alternation(roles: Roles, facts: Facts) -> Iterator[Problem]:
    named_elsewhere = () if roles.purpose == "prompt" else ("assistant",)
    start = 0
    for role, run in groupby(roles.order):
        length = len(list(run))
        if role in ("user", "assistant") and role not in named_elsewhere and length > 1:
            yield Problem(f"{length} {role} messages in a row; user and assistant must take turns", (start + 1,))
        start += length
