"""`parallel_tool_calls` stands without tools.

## What it does
Flags an example with `parallel_tool_calls` and no `tools`, or no tool in it.

## Why
The service refuses the key where there is nothing to call in parallel.

## How to repair
Remove the key, or declare the tools.

## Fix safety
Safe: the key says nothing where there are no tools.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.parts import holder_of
from jsonl_lint.rule import Case, Problem, Remove, Repair, Row, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
ROW = {"messages": [QUESTION, ANSWER]}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]
OUTPUTS = {"preferred_output": [ANSWER], "non_preferred_output": [{**ANSWER, "content": "Lyon"}]}


@rule(
    "TUL012",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair="remove the key, or declare the tools",
    methods=["sft", "dpo", "rft"],
    fixable="safe",
    gated=True,
    bad=[
        Case({**ROW, "parallel_tool_calls": True}, at="/parallel_tool_calls", fixed=ROW),
        Case({"parallel_tool_calls": False, **ROW}, at="/parallel_tool_calls", fixed=ROW),
        Case({**ROW, "parallel_tool_calls": True, "tools": []}, at="/parallel_tool_calls", fixed={**ROW, "tools": []}),
        Case(
            {"input": {"messages": [QUESTION], "parallel_tool_calls": True}, **OUTPUTS},
            at="/input/parallel_tool_calls",
            method="dpo",
            fixed={"input": {"messages": [QUESTION]}, **OUTPUTS},
        ),
    ],
    good=[Case({**ROW, "parallel_tool_calls": False, "tools": TOOLS}), Case(ROW)],
)
def parallel_without_tools(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    if "parallel_tool_calls" not in holder.fields or holder.fields.get("tools", []) != []:
        return
    path = (*holder.path, "parallel_tool_calls")
    repair = Repair("remove parallel_tool_calls", True, (Remove(path),))
    yield Problem("parallel_tool_calls without any tools", path, on_key=True, repair=repair)
