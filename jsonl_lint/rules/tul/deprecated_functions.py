"""`functions` and `function_call`, which tools have replaced.

## What it does
Flags the key `functions` beside the messages and each `function_call` in an assistant's message: a warning, and an error
where they are not even what they used to be (an array of functions; an object with name and arguments).

## Why
Both are deprecated. Newer models are trained with `tools` and `tool_calls` alone.

## How to repair
Write functions as `tools`, calls as `tool_calls` with an id, and results as messages of the role `tool`.

## Fix safety
Unsafe: the fix writes the whole line anew, with tools, calls and results, and makes up the ids that calls had not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Path, Severity
from jsonl_lint.parts import holder_of
from jsonl_lint.rule import Case, Problem, Repair, Replace, Row, rule
from jsonl_lint.rules.tul.call_shape import called_problems
from jsonl_lint.rules.tul.function_name import NAME
from jsonl_lint.rules.tul.tool_shape import function_problems
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
FUNCTION = {"name": "capital", "parameters": {"type": "object", "properties": {}}}
CALL = {"name": "capital", "arguments": "{}"}
CALLING = {"role": "assistant", "function_call": CALL}
RESULT = {"role": "function", "name": "capital", "content": "Paris"}

MAX_FUNCTIONS = 128


@rule(
    "TUL013",
    at=Row,
    beyond_talk=True,
    severity="warning",
    repair="write functions as tools, and function_call as tool_calls",
    methods=["sft", "rft", "dpo"],
    fixable="unsafe",
    gated=True,
    bad=[
        Case(
            {"messages": [QUESTION, CALLING, RESULT, ANSWER], "functions": [FUNCTION]},
            count=2,
            fixed={
                "messages": [
                    QUESTION,
                    {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": CALL}]},
                    {"role": "tool", "tool_call_id": "call_1", "content": "Paris"},
                    ANSWER,
                ],
                "tools": [{"type": "function", "function": FUNCTION}],
            },
        ),
        Case(
            {"messages": [QUESTION, ANSWER], "functions": [FUNCTION]},
            at="/functions",
            fixed={"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": FUNCTION}]},
        ),
        Case({"messages": [QUESTION, ANSWER], "functions": FUNCTION}, at="/functions"),
        Case({"messages": [QUESTION, ANSWER], "functions": []}, at="/functions"),
        Case({"messages": [QUESTION, ANSWER], "functions": [{"name": "a b"}]}, count=2),
        Case({"messages": [QUESTION, ANSWER], "functions": [{**FUNCTION, "parameters": 1}]}, count=2),
        Case({"messages": [QUESTION, {**CALLING, "function_call": "capital"}]}, at="/messages/1/function_call"),
        Case({"messages": [QUESTION, {**CALLING, "function_call": {**CALL, "arguments": {}}}]}, count=2),
    ],
    good=[
        Case({"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": FUNCTION}]}),
        Case({"messages": [QUESTION, ANSWER]}),
    ],
)
def deprecated_functions(row: Row, facts: Facts) -> Iterator[Problem]:
    holder = holder_of(row)
    given = holder.fields.get("messages")
    messages = given if isinstance(given, list) else []
    calling = [index for index, item in enumerate(messages) if calls_function(item)]
    if not calling and ("functions" not in holder.fields or "functions" not in facts.row_keys):
        return
    broken = [*functions_problems(holder.fields.get("functions", [FUNCTION]), (*holder.path, "functions"))]
    for index in calling:
        path = (*holder.path, "messages", index, "function_call")
        broken.extend(call_problems(messages[index]["function_call"], path))
    yield from broken
    for path in keys_of(holder.fields, holder.path, calling):
        if all(problem.path[: len(path)] != path or len(problem.path) > len(path) for problem in broken):
            yield Problem(
                f"{path[-1]} is deprecated; write {'tools' if path[-1] == 'functions' else 'tool_calls'}",
                path,
                on_key=True,
                repair=None if broken else modernised(holder.fields, holder.path),
            )


def calls_function(item: Any) -> bool:
    """Whether a message is an assistant's with a `function_call`."""
    return isinstance(item, dict) and item.get("role") == "assistant" and "function_call" in item


def keys_of(fields: dict[str, Any], base: Path, calling: list[int]) -> Iterator[Path]:
    """Where the deprecated keys stand."""
    if "functions" in fields:
        yield (*base, "functions")
    for index in calling:
        yield (*base, "messages", index, "function_call")


def functions_problems(functions: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with the functions for any service."""
    if not isinstance(functions, list) or not 1 <= len(functions) <= MAX_FUNCTIONS:
        what = f"an array of {len(functions)}" if isinstance(functions, list) else kind(functions)
        yield Problem(f"functions is {what}; it must be an array of 1 to 128", path, severity=Severity.ERROR)
        return
    for index, function in enumerate(functions):
        yield from map(as_error, function_problems(function, (*path, index)))
        if not isinstance(function, dict):
            continue
        name = function.get("name", "-")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            what = "the function's name must be 1 to 64 of a-z, A-Z, 0-9, _ and -"
            yield Problem(what, (*path, index, "name"), severity=Severity.ERROR)
        if not isinstance(function.get("parameters", {}), dict):
            what = f"parameters is {kind(function['parameters'])}; it must be an object"
            yield Problem(what, (*path, index, "parameters"), severity=Severity.ERROR)


def call_problems(call: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with a call for any service."""
    yield from map(as_error, called_problems(call, path))
    if isinstance(call, dict) and not isinstance(call.get("arguments", ""), str):
        what = f"arguments is {kind(call['arguments'])}; it must be a string that holds a JSON object"
        yield Problem(what, (*path, "arguments"), severity=Severity.ERROR)


def as_error(problem: Problem) -> Problem:
    """The same problem as one for which the data is refused."""
    return Problem(problem.message, problem.path, problem.on_key, severity=Severity.ERROR)


def modernised(fields: dict[str, Any], base: Path) -> Repair:
    """The repair that writes the object anew with tools."""
    fresh = {key: value for key, value in fields.items() if key != "functions"}
    if isinstance(fields.get("messages"), list):
        fresh["messages"] = list(modern_messages(fields["messages"]))
    if "functions" in fields:
        own = fields["tools"] if isinstance(fields.get("tools"), list) else []
        fresh["tools"] = [*own, *({"type": "function", "function": function} for function in fields["functions"])]
    return Repair("write functions as tools", False, (Replace(base, fresh),))


def modern_messages(messages: list[Any]) -> Iterator[Any]:
    """The messages with calls and results as tools have them."""
    count = 0
    for item in messages:
        if calls_function(item):
            count += 1
            call = {"id": f"call_{count}", "type": "function", "function": item["function_call"]}
            rest = {key: value for key, value in item.items() if key != "function_call"}
            yield {**rest, "tool_calls": [call]}
        elif isinstance(item, dict) and item.get("role") == "function" and count:
            yield {"role": "tool", "tool_call_id": f"call_{count}", "content": item.get("content")}
        else:
            yield item
