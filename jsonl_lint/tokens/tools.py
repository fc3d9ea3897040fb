"""The tokens of tool definitions and tool calls: estimates, since it is not documented how a model is shown them.

Definitions follow the OpenAI cookbook (How to count tokens with tiktoken, 2025), whose constants were found by experiment.
It stops at the first level of parameters; here the properties of nested objects and of array items count likewise.

A call is its name and its arguments, which are text, and three tokens around them, as in the community's estimates. Its id
is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["CALL_OVERHEAD", "Estimate", "call_texts", "definitions"]

Estimate = tuple[int, list[str]]
"""Tokens that are always there, and texts whose tokens come to them."""

CALL_OVERHEAD = 3

_FUNCTION_START = {"o200k_base": 7}
_OLDER_FUNCTION_START = 10
_FUNCTIONS_END = 12
_PROPERTIES_START = 3
_PROPERTY = 3
_ENUM_START = -3
_ENUM_ITEM = 3


def definitions(tools: Any, encoding: str) -> Estimate:
    """The estimate for `tools` or `functions` as they stand in an example; whatever is malformed counts for nothing."""
    functions = [function for tool in _items(tools) if isinstance(function := _function(tool), dict)]
    if not functions:
        return 0, []
    start = _FUNCTION_START.get(encoding, _OLDER_FUNCTION_START)
    fixed, texts = _FUNCTIONS_END, []
    for function in functions:
        fixed += start
        texts.append(f"{_text(function.get('name'))}:{_description(function)}")
        for properties in _nested_properties(function.get("parameters")):
            more, lines = _properties(properties)
            fixed += more
            texts += lines
    return fixed, texts


def call_texts(message: dict[str, Any]) -> list[list[str]]:
    """The name and arguments of each call in a message, in `tool_calls` and in the older `function_call`."""
    calls = [_function(call) for call in _items(message.get("tool_calls"))]
    calls.append(message.get("function_call"))
    named = ([call.get("name"), call.get("arguments")] for call in calls if isinstance(call, dict))
    return [[text for text in pair if isinstance(text, str)] for pair in named]


def _properties(properties: dict[str, Any]) -> Estimate:
    fixed, texts = _PROPERTIES_START, []
    for name, schema in properties.items():
        fixed += _PROPERTY
        about = schema if isinstance(schema, dict) else {}
        if isinstance(about.get("enum"), list):
            options = [item for item in about["enum"] if isinstance(item, str)]
            fixed += _ENUM_START + _ENUM_ITEM * len(about["enum"])
            texts += options
        texts.append(f"{name}:{_text(about.get('type'))}:{_description(about)}")
    return fixed, texts


def _nested_properties(schema: Any) -> Iterator[dict[str, Any]]:
    """Every non-empty `properties` in a schema; without recursion, since a schema can be as deep as JSON."""
    waiting = [schema]
    while waiting:
        at = waiting.pop()
        if not isinstance(at, dict):
            continue
        waiting.append(at.get("items"))
        properties = at.get("properties")
        if isinstance(properties, dict) and properties:
            yield properties
            waiting += properties.values()


def _function(tool: Any) -> Any:
    """The function in a tool or a call, which in the older `functions` stands by itself."""
    return tool.get("function", tool) if isinstance(tool, dict) else None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _description(about: dict[str, Any]) -> str:
    return _text(about.get("description")).removesuffix(".")
