"""The shapes of tools: the same for tools that differ in the names of their parameters, and for no others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jsonl_lint.shapes import Shaper

SHAPER = Shaper(1000)


def shape(parameters: Any, **others: Any) -> bytes | None:
    """The shape of a tool with these parameters."""
    function = {"name": "capital", "parameters": parameters, **others}
    return SHAPER.shape(json.dumps({"type": "function", "function": function}, ensure_ascii=False).encode())


def of(**properties: Any) -> dict[str, Any]:
    """A schema of these properties."""
    return {"type": "object", "properties": properties}


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (of(a=TEXT), of(b=TEXT)),
        (of(a=TEXT, b=TEXT), of(properties=TEXT, x1=TEXT)),
        (of(a=of(b=TEXT)), of(b=of(a=TEXT))),
        (of(a={"items": of(b=TEXT)}), of(a={"items": of(b0=TEXT)})),
        ({"items": of(a=5)}, {"items": of(**{"": 5})}),
        ({**of(a=[1]), "required": ["a"]}, {**of(items=[1]), "required": ["a"]}),
    ],
)
def test_names_of_parameters_are_left_out(first: Any, second: Any) -> None:
    """Wherever the schema of an object names its members."""
    assert shape(first) is not None
    assert shape(first) == shape(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (of(a=TEXT), of(a={"type": "strin"})),
        (of(a=TEXT), of(a=TEXT, b=TEXT)),
        (of(a=TEXT), {"type": "object", "propertie": {"a": TEXT}}),
        (of(a={"title": "x"}), of(a={"titel": "x"})),
        (of(properties={"title": "x"}), of(properties={"titel": "x"})),
        ({"anyOf": [of(a=TEXT)]}, {"anyOf": [of(b=TEXT)]}),
        ({"default": of(a=TEXT)}, {"default": of(b=TEXT)}),
        ({"properties": [{"a": TEXT}]}, {"properties": [{"b": TEXT}]}),
        ({"$defs": {"properties": {"a": 1}}}, {"$defs": {"properties": {"b": 1}}}),
        ({"patternProperties": {"a": TEXT}}, {"patternProperties": {"b": TEXT}}),
        ({**of(a=TEXT), "required": ["a"]}, {**of(a=TEXT), "required": ["b"]}),
        (of(a=TEXT), of(a="string")),
    ],
)
def test_all_else_stays(first: Any, second: Any) -> None:
    """What a rule might look at is no name of a parameter."""
    assert shape(first) is None or shape(first) != shape(second)


@pytest.mark.parametrize(
    "tool",
    [
        b"",
        b"{",
        b'{"function": {"parameters": {"properties": {"a": {}, "a": {}}}}}',
        b'{"function": {"parameters": {"properties": {"a\\u0062": {}}}}}',
        b'{"function": {"parameters": {"properties": {"a": {"$ref": "#"}}}}}',
        b'{"function": {"parameters": {"properties": {"a: {}}}}}',
        b'{"function": {"parameters": {"properties": {"a" {}}}}}',
        b'{"function": {"parameters": {"properties": {"a": {},}}}}',
        b'{"function": {"parameters": {"properties": {' + b", ".join(b'"%d": {}' % n for n in range(65)) + b"}}}}",
        b'{"a":' * 64 + b"1" + b"}" * 64,
        b'{"a": "' + b"x" * 1000 + b'"}',
    ],
)
def test_what_is_in_doubt_has_no_shape(tool: bytes) -> None:
    """Names that are written in two ways, that stand twice or are referred to, and what is no JSON or too much."""
    assert SHAPER.shape(tool) is None


def test_descriptions_were_left_out_before() -> None:
    """A sign stands for each and the quote behind it; a parameter may have their name."""
    tool = b'{"function": {"description": "\n, "parameters": {"properties": {"%b": {"description": "\n}}}}}'
    assert SHAPER.shape(tool % b"a") == SHAPER.shape(tool % b"description") == tool.replace(b'%b"', b"\n")
