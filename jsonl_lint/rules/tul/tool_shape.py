"""A tool is not declared in the right shape.

## What it does
Flags `tools` that is no array, and each item of it that is not `{"type": "function", "function": {"name": ...}}` with
nothing but `description`, `parameters` and `strict` beside the name. Names a function whose fields stand beside `type`.

## Why
The service refuses a file with one such tool ("contains invalid schema"), whatever the rest of it is.

## How to repair
Declare each tool as `{"type": "function", "function": {"name": ..., "description": ..., "parameters": {...}}}`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from jsonl_lint.errors import nearest
from jsonl_lint.finding import Path
from jsonl_lint.parts import holder_of
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
FUNCTION = {"name": "capital", "parameters": {"type": "object", "properties": {"of": {"type": "string"}}}}
TOOL = {"type": "function", "function": FUNCTION}

FUNCTION_KEYS = ("name", "description", "parameters", "strict")


def row(*tools: Any) -> dict[str, Any]:
    """An example that declares these tools."""
    return {"messages": [QUESTION, ANSWER], "tools": list(tools)}


@rule(
    "TUL001",
    at=Row,
    beyond_talk=True,
    severity="error",
    repair='declare each tool as {"type": "function", "function": {"name": ..., "parameters": {...}}}',
    methods=["sft", "dpo", "rft"],
    gated=True,
    bad=[
        Case({**row(), "tools": TOOL}, at="/tools"),
        Case({**row(), "tools": None}, at="/tools"),
        Case(row(TOOL, "capital"), at="/tools/1"),
        Case(row(FUNCTION), at="/tools/0"),
        Case(row({"type": "function", **FUNCTION}), at="/tools/0"),
        Case(row({"function": FUNCTION}), at="/tools/0"),
        Case(row({"type": "Function", "function": FUNCTION}), at="/tools/0/type"),
        Case(row({"type": "web_search"}), at="/tools/0/type"),
        Case(row({"type": "function", "function": "capital"}), at="/tools/0/function"),
        Case(row({"type": "function", "function": {"parameters": {}}}), at="/tools/0/function"),
        Case(row({**TOOL, "strict": True}), at="/tools/0/strict"),
        Case(row({"type": "function", "function": {**FUNCTION, "returns": {}}}), at="/tools/0/function/returns"),
        Case(row({"type": "function", "function": {**FUNCTION, "description": 7}}), at="/tools/0/function/description"),
        Case(row({"type": "function", "function": {**FUNCTION, "strict": "yes"}}), at="/tools/0/function/strict"),
        Case(
            {
                "input": {"messages": [QUESTION], "tools": [1]},
                "preferred_output": [ANSWER],
                "non_preferred_output": [{**ANSWER, "content": "Lyon"}],
            },
            at="/input/tools/0",
            method="dpo",
        ),
    ],
    good=[
        Case(row(TOOL)),
        Case(row({"type": "function", "function": {**FUNCTION, "description": "Looks it up.", "strict": True}})),
        Case(row({"type": "function", "function": {"name": "now", "strict": None}})),
    ],
)
def tool_shape(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    if "tools" not in holder.fields:
        return
    tools = holder.fields["tools"]
    path: Path = (*holder.path, "tools")
    if not isinstance(tools, list):
        yield Problem(f"tools is {kind(tools)}; it must be an array", path)
        return
    for index, tool in enumerate(tools):
        yield from tool_problems(tool, (*path, index))


def tool_problems(tool: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with one tool."""
    if not isinstance(tool, dict):
        yield Problem(f'the tool is {kind(tool)}; it must be {{"type": "function", "function": {{...}}}}', path)
        return
    if "name" in tool and "function" not in tool:
        yield Problem("the function's fields stand beside type; they must stand in an object under function", path)
        return
    if tool.get("type", "function") != "function":
        yield Problem(f'the type of the tool is {quoted(tool["type"])}; it must be "function"', (*path, "type"))
        return
    for key in ("type", "function"):
        if key not in tool:
            yield Problem(f"the tool has no {key}", path)
    yield from unknown_keys(tool, ("type", "function"), path)
    if "function" in tool:
        yield from function_problems(tool["function"], (*path, "function"))


def function_problems(function: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with the shape of a function, its name and its parameters set aside."""
    if not isinstance(function, dict):
        yield Problem(f"function is {kind(function)}; it must be an object with a name", path)
        return
    if "name" not in function:
        yield Problem("the function has no name", path)
    if not isinstance(function.get("description", ""), str):
        yield Problem(f"description is {kind(function['description'])}; it must be a string", (*path, "description"))
    if not isinstance(function.get("strict"), (bool, type(None))):
        yield Problem(f"strict is {kind(function['strict'])}; it must be true or false", (*path, "strict"))
    yield from unknown_keys(function, FUNCTION_KEYS, path)


def unknown_keys(fields: dict[str, Any], known: Collection[str], path: Path) -> Iterator[Problem]:
    """The keys that must not stand in an object."""
    for key in fields:
        if key not in known:
            hint = nearest(key, known) or f"; it takes {', '.join(known)}"
            yield Problem(f"unknown key {quoted(key)}{hint}", (*path, key), on_key=True)
