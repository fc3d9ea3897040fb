"""Estimates of tool definitions and calls: the cookbook's own figures, and any malformed value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.tokens.text import TextCounter
from jsonl_lint.tokens.tools import call_texts, definitions

WEATHER = {
    "name": "get_current_weather",
    "description": "Get the current weather in a given location",
    "parameters": {
        "type": "object",
        "properties": {
            "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
            "unit": {
                "type": "string",
                "description": "The unit of temperature to return",
                "enum": ["celsius", "fahrenheit"],
            },
        },
        "required": ["location"],
    },
}
TOOL = {"type": "function", "function": WEATHER}
KEYS = st.sampled_from(["function", "name", "description", "parameters", "properties", "type", "enum", "items"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def estimated(tools, encoding="o200k_base"):
    fixed, texts = definitions(tools, encoding)
    return fixed + sum(TextCounter(encoding, fast=False).count_batch(texts))


# The cookbook's example has 101 tokens with gpt-4o, 105 with gpt-3.5-turbo and gpt-4; without the tools 31 and 32.
@pytest.mark.parametrize(("encoding", "tokens"), [("o200k_base", 101), ("cl100k_base", 105)])
def test_example_of_the_cookbook(encoding, tokens):
    counter = TextCounter(encoding, fast=False)
    messages = [
        ("system", "You are a helpful assistant that can answer to questions about the weather."),
        ("user", "What's the weather like in San Francisco?"),
    ]
    around = 3 + sum(3 + sum(counter.count_batch(message)) for message in messages)
    assert around + estimated([TOOL], encoding) == tokens


def test_older_functions_stand_by_themselves():
    assert definitions([WEATHER], "o200k_base") == definitions([TOOL], "o200k_base")


def test_end_is_counted_once():
    assert estimated([TOOL, TOOL]) == 2 * estimated([TOOL]) - 12


def test_texts_without_their_last_full_stop():
    function = {"name": "f", "description": "Do it..", "parameters": {"properties": {"x": {"description": "An x."}}}}
    assert definitions([{"function": function}], "o200k_base")[1] == ["f:Do it.", "x::An x"]


def test_nested_properties_count_likewise():
    inner = {"type": "object", "properties": {"z": {"type": "string", "enum": ["one"]}}}
    flat = {"function": {"name": "f", "parameters": {"properties": {"x": {"type": "array"}}}}}
    deep = {"function": {"name": "f", "parameters": {"properties": {"x": {"type": "array", "items": inner}}}}}
    assert definitions([deep], "o200k_base")[0] == definitions([flat], "o200k_base")[0] + 3 + 3 - 3 + 3
    assert definitions([deep], "o200k_base")[1] == ["f:", "x:array:", "one", "z:string:"]


@pytest.mark.parametrize("tools", [None, [], {}, "tools", 5, [None, 3, "x", []]])
def test_nothing_defined(tools):
    assert definitions(tools, "o200k_base") == (0, [])


def test_schema_as_deep_as_json():
    schema = {}
    for _ in range(5000):
        schema = {"properties": {"x": schema}}
    assert len(definitions([{"function": {"parameters": schema}}], "o200k_base")[1]) == 5001


@given(JSON)
def test_any_value(value):
    for tools in (value, [value], [{"function": value}], [{"function": {"parameters": value}}]):
        fixed, texts = definitions(tools, "o200k_base")
        assert fixed >= 0
        assert all(isinstance(text, str) for text in texts)
    for message in ({"tool_calls": value}, {"tool_calls": [value]}, {"function_call": value}):
        assert all(isinstance(text, str) for call in call_texts(message) for text in call)


def test_calls():
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
    assert call_texts({"tool_calls": [call, {"function": {"name": "g"}}]}) == [["f", '{"x": 1}'], ["g"]]
    assert call_texts({"function_call": {"name": "h", "arguments": "{}"}}) == [["h", "{}"]]
    assert call_texts({"content": "no call"}) == []
