"""Every assistant message of the example has weight 0.

## What it does
Flags an example of supervised fine-tuning whose assistant messages all have weight 0.

## Why
Weight 0 means: not trained on. Nothing is learnt from such an example, though its tokens are billed; the service
refuses it.

## How to repair
Give the answer that is to be learnt weight 1, or delete the line.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Conversation, Problem, rule
from jsonl_lint.rules.wgt.weight_role import takes_weight
from jsonl_lint.rules.wgt.weight_value import meant_weight
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
UNTRAINED = {**ANSWER, "weight": 0}


@rule(
    "WGT003",
    at=Conversation,
    severity="error",
    repair="give the answer that is to be learnt weight 1, or delete the line",
    methods=["sft"],
    gated=True,
    bad=[
        Case({"messages": [QUESTION, UNTRAINED]}, at="/messages"),
        Case({"messages": [QUESTION, UNTRAINED, QUESTION, UNTRAINED]}, at="/messages"),
        Case({"messages": [{"role": "system", "content": "Be brief."}, QUESTION, UNTRAINED]}, at="/messages"),
    ],
    good=[
        Case({"messages": [QUESTION, UNTRAINED, QUESTION, ANSWER]}),
        Case({"messages": [QUESTION, {**ANSWER, "weight": 1}, QUESTION, UNTRAINED]}),
    ],
)
def all_zero(conversation: Conversation, facts: Facts) -> Iterator[Problem]:
    roles = conversation.roles
    if not takes_weight(facts) or "assistant" not in roles.order or not roles.is_known:
        return
    answers = (item for item, role in zip(conversation.items, roles.order, strict=True) if role == "assistant")
    # A message without a weight is trained on; what else is not 0 may be, and has a finding of its own.
    if all("weight" in answer and meant_weight(answer["weight"]) == 0 for answer in answers):
        yield Problem("every assistant message has weight 0; at least one must be trained on")
