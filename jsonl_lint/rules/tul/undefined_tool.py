"""A call of a function that is not declared.

## What it does
Flags a call whose function is none of those in `tools`, and names the nearest one.

## Why
The model learns to call what it was never offered. Mostly the name was changed in one place and not in the other.

## How to repair
Correct the name, or declare the function in `tools`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.errors import nearest
from jsonl_lint.parts import ToolCall
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
AT = "/messages/1/tool_calls/0/function/name"


def row(called: str, *declared: str) -> dict[str, Any]:
    """An example that calls a function and declares others."""
    call = {"id": "call_1", "type": "function", "function": {"name": called, "arguments": "{}"}}
    return {
        "messages": [QUESTION, {"role": "assistant", "tool_calls": [call]}],
        "tools": [{"type": "function", "function": {"name": name}} for name in declared],
    }


@rule(
    "TUL007",
    at=ToolCall,
    severity="error",
    repair="correct the name, or declare the function in tools",
    gated=True,
    bad=[
        Case(row("capitol", "capital", "weather"), at=AT),
        Case(row("Capital", "capital"), at=AT),
        Case(row("capital"), at=AT),
    ],
    good=[Case(row("capital", "weather", "capital"))],
)
def undefined_tool(call: ToolCall, facts: Facts) -> Iterator[Problem]:
    name = call.function.get("name")
    tools = call.tools
    # Without `tools` TUL011 speaks; a tool whose name can't be told may be the one that is called.
    if not tools.are_given or not tools.is_complete or not isinstance(name, str) or not name:
        return
    if name not in tools.functions:
        yield Problem(f"no tool declares the function {quoted(name)}{hint(name, tools)}", ("function", "name"))


def hint(name: str, tools: Any) -> str:
    """The nearest function, or those that there are."""
    if not tools.functions:
        return "; tools is empty"
    known = list(tools.functions)
    return nearest(name, known) or f"; there {'is' if len(known) == 1 else 'are'} {', '.join(known[:8])}"
