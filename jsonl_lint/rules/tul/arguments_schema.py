"""The arguments of a call break the parameters that the tool declares.

## What it does
Checks the arguments of each call against the JSON Schema of the function's `parameters`, and says which keyword is broken
and where in the arguments. Schemas that can't be evaluated offline or in a bounded time are counted as unchecked.

## Why
The model learns to call the function in a way that the function does not take: a missing argument, a value of another
type, a word that is none of those allowed.

## How to repair
Correct the arguments, or the declared parameters if they are out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import pointer
from jsonl_lint.parameters import UnevaluatedError, parameters_of
from jsonl_lint.parts import ToolCall
from jsonl_lint.rule import Case, Omission, Problem, rule
from jsonl_lint.rules.tul.arguments_json import read_arguments
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the weather in Paris?"}
AT = "/messages/1/tool_calls/0/function/arguments"
PARAMETERS = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        "days": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["city"],
    "additionalProperties": False,
}


def row(arguments: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """An example that ends with a call of a function with these parameters."""
    function = {"name": "weather", "parameters": PARAMETERS if parameters is None else parameters}
    call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": arguments}}
    return {
        "messages": [QUESTION, {"role": "assistant", "tool_calls": [call]}],
        "tools": [{"type": "function", "function": function}],
    }


@rule(
    "TUL006",
    at=ToolCall,
    severity="error",
    repair="correct the arguments, or the declared parameters",
    gated=True,
    bad=[
        Case(row("{}"), at=AT),
        Case(row('{"city": 75}'), at=AT),
        Case(row('{"city": null}'), at=AT),
        Case(row('{"city": "Paris", "unit": "kelvin"}'), at=AT),
        Case(row('{"city": "Paris", "days": [1, "2"]}'), at=AT),
        Case(row('{"city": "Paris", "days": [true]}'), at=AT),
        Case(row('{"city": "Paris", "country": "France"}'), at=AT),
        Case(row('{"days": 1}'), at=AT, count=2),
        Case(row('{"a": 0}', {"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"const": 1}}}), at=AT),
        Case(row('{"a": "x1"}', {"properties": {"a": {"pattern": "^[a-z]+$"}}}), at=AT),
    ],
    good=[
        Case(row('{"city": "Paris", "unit": "celsius", "days": [1, 2.0]}')),
        Case(row('{"anything": 1}', {})),
        Case(row('{"a": "x"}', {"$ref": "https://example.com/schema.json"})),
        Case(row('{"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}', {"properties": {"a": {"pattern": "^(a+)+$"}}})),
        Case(row('{"a": {}}', {"$ref": "#"})),
    ],
)
def arguments_schema(call: ToolCall, facts: Facts) -> Iterator[Problem | Omission]:
    name, text = call.function.get("name"), call.function.get("arguments")
    schema = call.tools.functions.get(name, {}).get("parameters") if isinstance(name, str) else None
    arguments = read_arguments(text) if isinstance(text, str) else None
    if not isinstance(schema, dict) or arguments is None or not isinstance(text, str):
        return
    parameters = parameters_of(schema)
    # Of a schema that is not valid TUL003 speaks.
    if not parameters.is_valid:
        return
    try:
        faults = parameters.faults(arguments, len(text))
    except UnevaluatedError as error:
        yield Omission("arguments of a tool call", str(error))
        return
    for fault in faults:
        where = f" at {pointer(fault.path)}" if fault.path else ""
        what = f"the arguments break the parameters of {quoted(name)}{where}: {fault.message} ({fault.keyword})"
        yield Problem(what, ("function", "arguments"))
