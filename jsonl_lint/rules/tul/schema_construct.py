"""A schema construct that the target is known to refuse.

## What it does
Flags in a tool's `parameters` what the target's facts list as refused: a `title`, a `default` of null, an `anyOf` with
the type null. One finding for each kind in a tool, at its first place. A property that is called `title` is none.

## Why
Users report files that were refused ("contains invalid schema") until these were gone. Generators of schemas (Pydantic
among them) write all three.

## How to repair
Remove `title` and null defaults. Instead of `anyOf` with null, leave the property out of `required`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Path
from jsonl_lint.parts import Tool, function_of
from jsonl_lint.rule import Case, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
AT = "/tools/0/function/parameters"

WORDS = {"title": "a title", "default-null": "a default of null", "any-of-null": "an anyOf with null"}
LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
NESTING = (*SINGLE, *LISTS, *MAPS)


def row(**properties: Any) -> dict[str, Any]:
    """An example with a function of these properties."""
    function = {"name": "capital", "parameters": {"type": "object", "properties": properties}}
    return {"messages": [QUESTION, ANSWER], "tools": [{"type": "function", "function": function}]}


@rule(
    "TUL014",
    at=Tool,
    severity="warning",
    repair="remove titles and null defaults; leave optional properties out of required instead of anyOf with null",
    gated=True,
    bad=[
        Case(row(of={"type": "string", "title": "Of"}), at=AT + "/properties/of/title"),
        Case(row(of={"type": "string", "default": None}), at=AT + "/properties/of/default"),
        Case(row(of={"anyOf": [{"type": "string"}, {"type": "null"}]}), at=AT + "/properties/of/anyOf"),
        Case(row(of={"items": {"title": "A"}, "type": "array"}), at=AT + "/properties/of/items/title"),
        Case(row(a={"title": "A"}, b={"title": "B"}, c={"title": "C", "default": None}), count=2),
    ],
    good=[
        Case(row(title={"type": "string", "default": "none"})),
        Case(row(of={"enum": ["title"], "anyOf": [{"type": "string"}, {"type": "integer"}]})),
        Case(row(of={"type": "string", "title": "Of"}), facts={"refused_schema_constructs": []}),
    ],
)
def schema_construct(tool: Tool, facts: Facts) -> Iterator[Problem]:
    refused = facts.refused_schema_constructs
    schema = function_of(tool.value).get("parameters")
    if not refused or not isinstance(schema, dict) or "function" not in tool.value:
        return
    places: dict[str, list[Path]] = {}
    for name, path in constructs(schema, ("function", "parameters")):
        if name in refused:
            places.setdefault(name, []).append(path)
    for name, found in places.items():
        others = f", and {plural(len(found) - 1, 'more place')}" if len(found) > 1 else ""
        yield Problem(f"the schema has {WORDS[name]}, which is known to be refused{others}", found[0], on_key=True)


def constructs(schema: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """The constructs in a schema that some target refuses, and where they stand."""
    for inner, fields in schemas(schema, path):
        if isinstance(fields.get("title"), str):
            yield "title", (*inner, "title")
        if "default" in fields and fields["default"] is None:
            yield "default-null", (*inner, "default")
        options = fields.get("anyOf")
        if isinstance(options, list) and {"type": "null"} in options:
            yield "any-of-null", (*inner, "anyOf")


def schemas(schema: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A schema and all those inside it."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    # In this order, so that what is found first is the same in every run.
    for key in [key for key in NESTING if key in schema]:
        value = schema[key]
        if key in SINGLE:
            yield from schemas(value, (*path, key))
        elif key in LISTS and isinstance(value, list):
            for index, item in enumerate(value):
                yield from schemas(item, (*path, key, index))
        elif key in MAPS and isinstance(value, dict):
            for name, item in value.items():
                yield from schemas(item, (*path, key, name))
