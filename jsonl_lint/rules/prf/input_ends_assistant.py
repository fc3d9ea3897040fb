"""The input of a preference ends with an assistant message.

## What it does
Flags a preference whose input has the assistant speak last.

## Why
Both outputs are answers of the assistant to the input. After an input that ends with an answer, the assistant would
speak twice in a row.

## How to repair
End the input with the user's message, or move the answer into the outputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


def row(*messages: Any) -> dict[str, Any]:
    """A preference with this input."""
    outputs = {"preferred_output": [ANSWER], "non_preferred_output": [{**ANSWER, "content": "Lyon"}]}
    return {"input": {"messages": list(messages)}, **outputs}


@rule(
    "PRF004",
    at=Roles,
    severity="warning",
    repair="end the input with the user's message",
    methods=["dpo"],
    gated=True,
    bad=[Case(row(QUESTION, ANSWER), at="/input/messages/1", method="dpo")],
    good=[Case(row(QUESTION), method="dpo"), Case(row(QUESTION, ANSWER, QUESTION), method="dpo")],
)
def input_ends_assistant(roles: Roles, facts: Facts) -> Iterator[Problem]:
    if roles.purpose == "input" and roles.order[-1] == "assistant":
        yield Problem(
            "the input ends with the assistant's message, and the outputs are its next", (len(roles.order) - 1,)
        )
