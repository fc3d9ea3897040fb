"""Tools are called, and none are declared.

## What it does
Flags an example in which the assistant calls tools while there is no key `tools`.

## Why
The service refuses it; and a model that never sees the declarations can't learn when to call what.

## How to repair
Declare the functions that are called in `tools`, beside `messages`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import conversations, holder_of
from jsonl_lint.round_trips import calls_of
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}
CALLING = {"role": "assistant", "tool_calls": [CALL]}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]


@rule(
    "TUL011",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair="declare the functions that are called in tools",
    methods=["sft", "dpo", "rft"],
    gated=True,
    bad=[
        Case({"messages": [QUESTION, CALLING]}, at=""),
        Case(
            {"messages": [QUESTION, CALLING, {"role": "tool", "tool_call_id": "call_1", "content": "1"}, ANSWER]}, at=""
        ),
        Case(
            {"input": {"messages": [QUESTION]}, "preferred_output": [CALLING], "non_preferred_output": [ANSWER]},
            at="/input",
            method="dpo",
        ),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]}), Case({"messages": [QUESTION, CALLING], "tools": TOOLS})],
)
def tools_missing(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    if "tools" in holder.fields or (row.method == "dpo" and not holder.fields):
        return
    items = [item for _, conversation in conversations(row) for item in conversation.items if isinstance(item, dict)]
    if any(calls_of(item) for item in items):
        yield Problem("tools are called, and there is no key tools that declares them", holder.path)
