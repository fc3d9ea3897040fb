"""More tools than the target takes.

## What it does
Flags an example that declares more tools than the target documents (Azure OpenAI and OpenAI: 128).

## Why
The service refuses the example, or a request with as many tools later.

## How to repair
Declare only the tools that the example may need.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.parts import holder_of
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}


def row(count: int) -> dict[str, Any]:
    """An example with many tools."""
    tools = [{"type": "function", "function": {"name": f"tool_{number}"}} for number in range(count)]
    return {"messages": [QUESTION, ANSWER], "tools": tools}


@rule(
    "TUL017",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair="declare only the tools that the example may need",
    methods=["sft", "dpo", "rft"],
    gated=True,
    bad=[
        Case(row(129), at="/tools/128"),
        Case(row(3), at="/tools/2", facts={"max_tools": 2}),
    ],
    good=[Case(row(128)), Case(row(129), facts={"max_tools": None})],
)
def too_many_tools(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    tools = holder.fields.get("tools")
    if facts.max_tools is not None and isinstance(tools, list) and len(tools) > facts.max_tools:
        what = f"{len(tools):,} tools; the target takes {facts.max_tools:,} at most"
        yield Problem(what, (*holder.path, "tools", facts.max_tools))
