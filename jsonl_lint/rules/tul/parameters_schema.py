"""The parameters of a tool are no valid JSON Schema.

## What it does
Flags `parameters` that is no object, that breaks the meta-schema of its draft (the one that `$schema` names, else
2020-12), whose type is another than object, or in which a `$ref` leads nowhere. Nothing is fetched for it.

## Why
The service refuses a file with an invalid schema. One that asks for anything but an object can't be met by any call.

## How to repair
Write the parameters as a JSON Schema of an object: `{"type": "object", "properties": {...}, "required": [...]}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.parameters import UnevaluatedError, parameters_of
from jsonl_lint.parts import Tool, function_of
from jsonl_lint.rule import Case, Omission, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
AT = "/tools/0/function/parameters"


def row(parameters: Any) -> dict[str, Any]:
    """An example with a function of these parameters."""
    function = {"name": "capital", "parameters": parameters}
    return {"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": function}]}


@rule(
    "TUL003",
    at=Tool,
    severity="error",
    repair='write a JSON Schema of an object: {"type": "object", "properties": {...}}',
    gated=True,
    bad=[
        Case(row(None), at=AT),
        Case(row([]), at=AT),
        Case(row('{"type": "object"}'), at=AT),
        Case(row({"type": "objekt"}), at=AT + "/type"),
        Case(row({"type": "string"}), at=AT + "/type"),
        Case(row({"type": "object", "properties": []}), at=AT + "/properties"),
        Case(row({"type": "object", "properties": {"of": {"type": "str"}}}), at=AT + "/properties/of/type"),
        Case(row({"type": "object", "properties": {"of": "string"}}), at=AT + "/properties/of"),
        Case(row({"type": "object", "required": "of"}), at=AT + "/required"),
        Case(row({"type": "object", "properties": {"of": {"required": True}}}), at=AT + "/properties/of/required"),
        Case(row({"properties": {"of": {"$ref": "#/$defs/country"}}}), at=AT + "/properties/of/$ref"),
        Case(
            row({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 7, "exclusiveMinimum": 7}),
            at=AT + "/exclusiveMinimum",
        ),
    ],
    good=[
        Case(row({})),
        Case(row({"type": "object", "properties": {"of": {"type": "string", "enum": ["France", "Spain"]}}})),
        Case(row({"type": "object", "properties": {"of": {"type": ["string", "null"]}}, "required": ["of"]})),
        Case(row({"properties": {"of": {"$ref": "#/$defs/c"}}, "$defs": {"c": {"const": "France"}}})),
        Case(row({"$ref": "https://example.com/schema.json"})),
        Case(row({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "exclusiveMinimum": 7})),
    ],
)
def parameters_schema(tool: Tool, facts: Facts) -> Iterator[Problem | Omission]:
    function = function_of(tool.value)
    if "parameters" not in function:
        return
    schema = function["parameters"]
    path = ("function", "parameters") if function is not tool.value else ("parameters",)
    if not isinstance(schema, dict):
        yield Problem(f"parameters is {kind(schema)}; it must be an object, a JSON Schema", path)
        return
    try:
        faults = parameters_of(schema).schema_faults
    except UnevaluatedError as error:
        yield Omission("parameters of a tool", str(error))
        return
    for fault in faults:
        yield Problem(f"parameters is no valid JSON Schema: {fault.message}", (*path, *fault.path))
    if not faults and schema.get("type", "object") not in ("object", ["object"]):
        what = f"the type of the parameters is {quoted(schema['type'])}; it must be object, as arguments are one"
        yield Problem(what, (*path, "type"))
