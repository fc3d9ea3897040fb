"""`parallel_tool_calls` is neither true nor false.

## What it does
Flags `parallel_tool_calls` that is a string, a number, null or anything but a boolean.

## Why
The service takes a boolean there and refuses the rest.

## How to repair
Write true or false, or remove the key: true is what holds without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import holder_of
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
ROW = {"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": {"name": "capital"}}]}


@rule(
    "TUL018",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair="write true or false, or remove the key",
    methods=["sft", "dpo", "rft"],
    gated=True,
    bad=[
        Case({**ROW, "parallel_tool_calls": "true"}, at="/parallel_tool_calls"),
        Case({**ROW, "parallel_tool_calls": None}, at="/parallel_tool_calls"),
        Case({**ROW, "parallel_tool_calls": 1}, at="/parallel_tool_calls"),
    ],
    good=[Case({**ROW, "parallel_tool_calls": True}), Case(ROW)],
)
def parallel_type(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    value = holder.fields.get("parallel_tool_calls", False)
    # Where there are no tools the key has to go in any case, which TUL012 says.
    if not isinstance(value, bool) and holder.fields.get("tools", []) != []:
        what = f"parallel_tool_calls is {kind(value)}; it must be true or false"
        yield Problem(what, (*holder.path, "parallel_tool_calls"))
