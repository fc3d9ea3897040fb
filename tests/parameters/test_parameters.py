"""Schemas of tools: the fast way says what jsonschema says, and no schema holds up the run or reaches out of it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jsonl_lint.config import Settings
from jsonl_lint.judge import Judge
from jsonl_lint.parameters import Parameters, UnevaluatedError, parameters_of
from jsonl_lint.parameters.patterns import effort
from jsonl_lint.plan import make_plan

NAMES = st.sampled_from(["string", "integer", "number", "boolean", "object", "array", "null"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 1.0, -0.0, 1e30]), st.sampled_from("abé")
)
KEYS = st.sampled_from(["a", "b", "title"])


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of keywords that the fast way knows, well-formed and not."""
    leaf = st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(NAMES, st.lists(NAMES, max_size=3)),
            "enum": st.lists(st.one_of(SCALARS, st.lists(SCALARS, max_size=1)), max_size=3),
            "minimum": st.integers(-2, 2),
            "maximum": st.sampled_from([0.5, 1, True]),
            "minLength": st.integers(-1, 2),
            "maxLength": st.integers(0, 2),
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "required": st.lists(KEYS, max_size=3),
            "description": st.sampled_from(["x", 1]),
        },
    )
    return st.recursive(
        leaf,
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                "type": NAMES,
                "properties": st.dictionaries(KEYS, inner, max_size=2),
                "items": inner,
                "additionalProperties": st.one_of(st.booleans(), inner),
                "required": st.lists(KEYS, max_size=2),
                "anyOf": st.lists(inner, max_size=3),
            },
        ),
        max_leaves=4,
    )


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=5,
)


@settings(max_examples=600)
@given(schemas(), VALUES)
def test_the_fast_way_says_what_jsonschema_says(schema: dict[str, Any], value: Any) -> None:
    """A schema that is plain is valid; what it accepts is accepted; and the two ways together give the same verdict."""
    parameters = parameters_of(schema)
    is_valid = META.is_valid(schema)
    assert parameters.is_valid == is_valid
    if is_valid:
        expected = Draft202012Validator(schema).is_valid(value)
        assert parameters.accepts(value, 10) == expected
        assert bool(parameters.faults(value, 10)) != expected


@settings(max_examples=2000)
@given(schemas(), VALUES)
@example({"enum": [1, "a"]}, True)
@example({"required": ["x" * 200 + "1", "x" * 200 + "2"]}, {})
@example({"items": {"type": "null"}}, [1] * 12)
@example({"items": {"minimum": 2, "type": "null", "enum": ["a"]}}, ["b", 1, None])
def test_breaches_are_counted_as_jsonschema_tells_them(schema: dict[str, Any], value: Any) -> None:
    """Where the fast way counts faults it comes to as many as the exact way names."""
    parameters = Parameters(schema)
    counted = parameters.breaches(value, 1)
    assert counted is None or counted == len(parameters.faults(value, 1))


@pytest.mark.parametrize(
    ("schema", "value", "faults"),
    [
        ({"type": "object", "required": ["a", "b"], "additionalProperties": False}, {"c": 1, "d": 2}, 3),
        ({"properties": {"a": {"type": "integer", "minimum": 3, "maximum": 1}}}, {"a": 2, "b": 0}, 2),
        ({"items": {"enum": ["a", "b"], "minLength": 2}, "maxItems": 1}, ["a", "c"], 4),
        ({"type": ["string", "null"]}, 5.0, 1),
        ({"type": "integer"}, 5.0, 0),
        ({"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}, {"a": 5}, 1),
        ({"anyOf": [{"required": ["a", "b"]}, {"type": "null"}], "required": ["c"]}, {"a": 5}, 2),
        ({"anyOf": [{"required": ["a", "b"]}, {"type": "object"}]}, {}, 0),
    ],
)
def test_breaches_of_most_schemas_are_counted(schema: dict[str, Any], value: Any, faults: int) -> None:
    """The fast way does not give up on what most tools declare."""
    assert Parameters(schema).breaches(value, 1) == faults == len(Parameters(schema).faults(value, 1))


META = Draft202012Validator(Draft202012Validator.META_SCHEMA)

HOSTILE: list[tuple[dict[str, Any], Any]] = [
    ({"$ref": "#"}, {"a": 1}),
    ({"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, {}),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, {}),
    (
        {
            "$ref": "#/$defs/a0",
            "$defs": {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(60)} | {"a60": {}},
        },
        {},
    ),
    ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 60 + "!"}),
    ({"properties": {"a": {"pattern": "(a|a)*$"}}}, {"a": "a" * 60 + "!"}),
    ({"properties": {"a": {"pattern": "a?" * 60 + "a" * 60}}}, {"a": "a" * 60}),
    ({"properties": {"a": {"pattern": "(a|a)" * 60 + "b"}}}, {"a": "a" * 60}),
    ({"properties": {"a": {"pattern": ".*.*.*.*x"}}}, {"a": "a" * 20_000}),
    ({"patternProperties": {"^(a+)+$": {}}}, {"a" * 60 + "!": 1}),
    ({"patternProperties": {".*.*.*x": {}}, "additionalProperties": False}, {"a" * 20_000: 1}),
    ({"properties": {"a": {"uniqueItems": True}}}, {"a": [{"b": n} for n in range(20_000)]}),
    ({"properties": {"a": {"items": {"enum": [{"n": n} for n in range(3000)]}}}}, {"a": [{"n": -1}] * 3000}),
    ({"unevaluatedProperties": False, "$ref": "#"}, {"a": 1}),
    ({"$dynamicRef": "#a", "$dynamicAnchor": "a"}, {"a": 1}),
    ({"$ref": "http://127.0.0.1:9/schema.json"}, {}),
    ({"$ref": "https://example.com/schema.json"}, {}),
    ({"$ref": "file:///etc/passwd"}, {}),
    ({"$id": "http://127.0.0.1:9/", "$ref": "other.json"}, {}),
    ({"$schema": "http://127.0.0.1:9/meta.json"}, {}),
    ({"$schema": "file:///etc/passwd"}, {}),
    ({"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "(a+)+$"}}}, {"a": "a"}),
]


@pytest.mark.parametrize(("schema", "value"), HOSTILE)
def test_hostile_schemas_are_left_out(schema: dict[str, Any], value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They come to an end, touch neither network nor files, and it is said that they were not evaluated."""
    parameters = parameters_of(schema)
    # Imported before the trap is set: to read a module opens a file.
    assert parameters.accepts(value, len(json.dumps(value))) is False
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.setattr("builtins.open", None)
    with pytest.raises(UnevaluatedError):
        parameters.faults(value, len(json.dumps(value)))


@pytest.mark.parametrize(("schema", "value"), HOSTILE)
def test_what_is_left_out_is_counted(schema: dict[str, Any], value: Any) -> None:
    """The line has no error for it, and is not called clean in silence."""
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": json.dumps(value)}}
    row = {
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [call]}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}],
    }
    verdict = Judge(make_plan(Settings(method="sft"), "sft")).line(json.dumps(row).encode())
    assert not verdict.failures
    assert not [hit for hit in verdict.hits if hit.rule.code == "TUL006"]
    assert verdict.omissions


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "ab1", False),
        (r"^\d{4}-\d{2}-\d{2}$", "2026-11-21", True),
        (r"^\d{4}-\d{2}-\d{2}$", "21.11.2026", False),
        (r"^(celsius|fahrenheit)$", "celsius", True),
        (r"^[\w.+-]+@[\w-]+\.[\w.]+$", "ann@example.com", True),
        (r"^[\w.+-]+@[\w-]+\.[\w.]+$", "ann", False),
        (r"^(\d{3}-)+\d{4}$", "555-555-1234", True),
    ],
)
def test_honest_patterns_are_tried(pattern: str, text: str, matches: bool) -> None:
    """The bound leaves everyday patterns alone."""
    parameters = parameters_of({"properties": {"a": {"pattern": pattern}}})
    assert (not parameters.faults({"a": text}, 20)) == matches


@settings(max_examples=300)
@given(st.text("ab()[]{}|*+?.^$\\1,2", max_size=14))
def test_any_pattern_has_an_answer(pattern: str) -> None:
    """Also one that is no regular expression; one that is tried is one."""
    found = effort(pattern)
    if found is not None:
        re.compile(pattern)
        assert found.steps(10) > 0


def test_a_schema_is_made_ready_once() -> None:
    """Lines repeat their tools; equal schemas are one."""
    schema = {"type": "object", "properties": {"a": {"not": {}}}}
    assert parameters_of(schema) is parameters_of(json.loads(json.dumps(schema)))


def test_jsonschema_is_imported_for_schemas_that_need_it_alone() -> None:
    """Most tools have plain schemas, and a check of them must start fast."""
    line = json.dumps(
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
                    ],
                },
            ],
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": "f",
                        "parameters": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                    },
                }
            ],
        }
    )
    data = (line + "\n").encode() * 10
    script = (
        "import sys, jsonl_lint\n"
        f"report = jsonl_lint.check({data!r}, ignore=['ENC', 'FIL', 'DST', 'ROW'])\n"
        "assert report.ok, report.findings\n"
        "print(sorted({'jsonschema', 'PIL', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
