"""The name of a declared function is not valid, or two tools share it.

## What it does
Flags a function's `name` that is not a string of 1 to 64 letters (a to z, A to Z), digits, underscores and hyphens, and
the second of two tools with one name.

## Why
The service refuses other names, and of two functions with one name it can't tell which a call means.

## How to repair
Rename the function, in its calls too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonl_lint.parts import Tool, function_of
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}

ALLOWED = "1 to 64 of a-z, A-Z, 0-9, _ and -"
NAME = re.compile("[a-zA-Z0-9_-]{1,64}")


def row(*names: Any) -> dict[str, Any]:
    """An example that declares functions with these names."""
    return {"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": {"name": n}} for n in names]}


@rule(
    "TUL002",
    at=Tool,
    severity="error",
    repair="rename the function, in its calls too",
    gated=True,
    bad=[
        Case(row("get capital"), at="/tools/0/function/name"),
        Case(row("maps.capital"), at="/tools/0/function/name"),
        Case(row(""), at="/tools/0/function/name"),
        Case(row("a" * 65), at="/tools/0/function/name"),
        Case(row("capital\n"), at="/tools/0/function/name"),
        Case(row(None), at="/tools/0/function/name"),
        Case(row("capital", "weather", "capital"), at="/tools/2/function/name"),
    ],
    good=[Case(row("capital", "get_weather-2", "a" * 64))],
)
def function_name(tool: Tool, facts: Facts) -> Iterator[Problem]:
    function = function_of(tool.value)
    if "name" not in function:
        return
    name = function["name"]
    path = ("function", "name") if function is not tool.value else ("name",)
    if not isinstance(name, str):
        yield Problem(f"the function's name is {kind(name)}; it must be a string of {ALLOWED}", path)
    elif not NAME.fullmatch(name):
        what = f"has {len(name)} characters" if len(name) > 64 else f"is {quoted(name)}"
        yield Problem(f"the function's name {what}; it must be {ALLOWED}", path)
    elif tool.twin is not None:
        yield Problem(f"the function's name {quoted(name)} is that of tool {tool.twin + 1}, too", path)
