"""The last message of a reinforcement line is not the user's.

## What it does
Flags a line of reinforcement whose messages end with another role than the user's.

## Why
The model writes the answer itself, and the grader judges it. After a message of the assistant there is nothing to
answer; the service refuses the line.

## How to repair
Remove the answer; what the grader needs of it goes into a key of its own beside `messages`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Roles, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "RFT001",
    at=Roles,
    severity="error",
    repair="remove the answer; give the grader what it needs in a key of its own",
    methods=["rft"],
    gated=True,
    bad=[
        Case({"messages": [QUESTION, ANSWER], "answer": "Paris"}, at="/messages/1", method="rft"),
        Case({"messages": [SYSTEM], "answer": "Paris"}, at="/messages/0", method="rft"),
    ],
    good=[
        Case({"messages": [SYSTEM, QUESTION], "answer": "Paris"}, method="rft"),
        Case({"messages": [QUESTION, ANSWER, QUESTION], "answer": "Paris"}, method="rft"),
    ],
)
def last_not_user(roles: Roles, facts: Facts) -> Iterator[Problem]:
    last = roles.order[-1]
    # Of a role that can't be told the message's own rule speaks.
    if last in (facts.last_role, None) or facts.last_role is None:
        return
    what = f"the last message is the {last}'s; a line of reinforcement ends with the {facts.last_role}'s"
    yield Problem(what, (len(roles.order) - 1,))
