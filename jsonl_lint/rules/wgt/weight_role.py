"""A message of another role than assistant has a weight.

## What it does
Flags `weight` in a system's, user's, tool's or any other message that is not the assistant's.

## Why
Only the assistant's messages are trained on, so only they take a weight. The service refuses the file.

## How to repair
Remove `weight` from the message.

## Fix safety
Safe: the message is not trained on, with or without a weight.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Message, Problem, Remove, Repair, rule
from jsonl_lint.targets import Facts

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


@rule(
    "WGT002",
    at=Message,
    severity="error",
    repair="remove the weight from the message",
    fixable="safe",
    gated=True,
    bad=[
        Case(
            {"messages": [{**QUESTION, "weight": 0}, ANSWER]},
            at="/messages/0/weight",
            fixed={"messages": [QUESTION, ANSWER]},
        ),
        Case(
            {"messages": [{"weight": 1, **SYSTEM}, QUESTION, ANSWER]},
            at="/messages/0/weight",
            fixed={"messages": [SYSTEM, QUESTION, ANSWER]},
        ),
        Case(
            {"messages": [{**QUESTION, "weight": None}, ANSWER]},
            at="/messages/0/weight",
            fixed={"messages": [QUESTION, ANSWER]},
        ),
    ],
    good=[Case({"messages": [SYSTEM, QUESTION, {**ANSWER, "weight": 1}]}), Case({"messages": [QUESTION, ANSWER]})],
)
def weight_role(message: Message, facts: Facts) -> Iterator[Problem]:
    if is_misplaced(message, facts):
        repair = Repair("remove the weight", True, (Remove(("weight",)),))
        what = f"weight in a {message.role} message; it must stand in an assistant message"
        yield Problem(what, ("weight",), on_key=True, repair=repair)


def is_misplaced(message: Message, facts: Facts) -> bool:
    """Whether a message has a weight that only an assistant's message takes."""
    if message.role in (None, "assistant") or "weight" not in message.fields:
        return False
    return takes_weight(facts) and "weight" not in facts.roles[str(message.role)].keys


def takes_weight(facts: Facts) -> bool:
    """Whether the target knows weights at all."""
    return "assistant" in facts.roles and "weight" in facts.roles["assistant"].keys
