"""A tool call is not of the right shape.

## What it does
Flags `tool_calls` that is no array or an empty one, and each call in it that is not
`{"id": ..., "type": "function", "function": {"name": ..., "arguments": ...}}`: a missing or unknown key, another type.

## Why
The service refuses the message. Calls copied from another API often lack `type`, or have name and arguments beside it.

## How to repair
Write each call as `{"id": "call_1", "type": "function", "function": {"name": ..., "arguments": "{...}"}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Path
from jsonl_lint.rule import Case, Message, Problem, rule
from jsonl_lint.rules.tul.tool_shape import unknown_keys
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
FUNCTION = {"name": "capital", "arguments": '{"of": "France"}'}
CALL = {"id": "call_1", "type": "function", "function": FUNCTION}
TOOLS = [{"type": "function", "function": {"name": "capital", "parameters": {"type": "object", "properties": {}}}}]
AT = "/messages/1/tool_calls"


def row(calls: Any, **beside: Any) -> dict[str, Any]:
    """An example that ends with these calls."""
    return {"messages": [QUESTION, {"role": "assistant", "tool_calls": calls, **beside}], "tools": TOOLS}


def without(key: str) -> dict[str, Any]:
    """A call that lacks a key."""
    return {name: value for name, value in CALL.items() if name != key}


@rule(
    "TUL004",
    at=Message,
    severity="error",
    repair='write {"id": ..., "type": "function", "function": {"name": ..., "arguments": "{...}"}}',
    gated=True,
    bad=[
        Case(row(CALL), at=AT),
        Case(row(None, content="Paris"), at=AT),
        Case(row([], content="Paris"), at=AT),
        Case(row(["capital"]), at=AT + "/0"),
        Case(row([without("id")]), at=AT + "/0"),
        Case(row([without("type")]), at=AT + "/0"),
        Case(row([without("function")]), at=AT + "/0"),
        Case(row([{"id": "call_1", "type": "function", **FUNCTION}]), at=AT + "/0"),
        Case(row([{**CALL, "id": 7}]), at=AT + "/0/id"),
        Case(row([{**CALL, "id": ""}]), at=AT + "/0/id"),
        Case(row([{**CALL, "type": "tool"}]), at=AT + "/0/type"),
        Case(row([{**CALL, "index": 0}]), at=AT + "/0/index"),
        Case(row([{**CALL, "function": "capital"}]), at=AT + "/0/function"),
        Case(row([{**CALL, "function": {"arguments": "{}"}}]), at=AT + "/0/function"),
        Case(row([{**CALL, "function": {"name": "capital"}}]), at=AT + "/0/function"),
        Case(row([{**CALL, "function": {**FUNCTION, "name": None}}]), at=AT + "/0/function/name"),
        Case(row([{**CALL, "function": {**FUNCTION, "result": 1}}]), at=AT + "/0/function/result"),
    ],
    good=[Case(row([CALL])), Case(row([CALL, {**CALL, "id": "call_2"}], content="Let me see."))],
)
def call_shape(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role != "assistant" or "tool_calls" not in message.fields:
        return
    calls = message.fields["tool_calls"]
    if not isinstance(calls, list):
        yield Problem(f"tool_calls is {kind(calls)}; it must be an array of calls", ("tool_calls",))
    # Where nothing else is said, MSG004 and MSG005 speak of the lack.
    elif not calls and message.fields.get("content") is not None:
        yield Problem("tool_calls is an empty array; leave it out where nothing is called", ("tool_calls",))
    else:
        for index, call in enumerate(calls):
            yield from call_problems(call, ("tool_calls", index))


def call_problems(call: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with one call."""
    if not isinstance(call, dict):
        yield Problem(f"the call is {kind(call)}; it must be an object with id, type and function", path)
        return
    if "name" in call and "function" not in call:
        yield Problem("name and arguments stand beside type; they must stand in an object under function", path)
        return
    missing = [key for key in ("id", "type", "function") if key not in call]
    if missing:
        yield Problem(f"the call has no {' and no '.join(missing)}", path)
    if "id" in call and not is_text(call["id"]):
        yield Problem(f"id is {shown(call['id'])}; it must be a string that is not empty", (*path, "id"))
    if call.get("type", "function") != "function":
        yield Problem(f'the type of the call is {quoted(call["type"])}; it must be "function"', (*path, "type"))
    yield from unknown_keys(call, ("id", "type", "function"), path)
    if "function" in call:
        yield from called_problems(call["function"], (*path, "function"))


def called_problems(function: Any, path: Path) -> Iterator[Problem]:
    """What is wrong with the function of a call, its arguments set aside."""
    if not isinstance(function, dict):
        yield Problem(f"function is {kind(function)}; it must be an object with name and arguments", path)
        return
    missing = [key for key in ("name", "arguments") if key not in function]
    if missing:
        yield Problem(f"the function that is called has no {' and no '.join(missing)}", path)
    if "name" in function and not is_text(function["name"]):
        yield Problem(f"name is {shown(function['name'])}; it must be the name of a function", (*path, "name"))
    yield from unknown_keys(function, ("name", "arguments"), path)


def is_text(value: Any) -> bool:
    """Whether a value is a string with something in it."""
    return isinstance(value, str) and bool(value)


def shown(value: Any) -> str:
    """What stands where a text should."""
    return "empty" if value == "" else kind(value)
