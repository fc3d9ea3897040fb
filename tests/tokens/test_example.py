"""The tokens of an example, against counts made by hand and an independent recount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.targets.model import METHODS, ImageTokens
from jsonl_lint.tokens import text as text_module
from jsonl_lint.tokens.example import count_example, count_examples
from jsonl_lint.tokens.outline import CALLS, DETAIL, IMAGES, PAIRS, TOOLS
from jsonl_lint.tokens.text import TextCounter, Uncountable
from jsonl_lint.tokens.vocabulary import load_encoding

COUNTER = TextCounter("o200k_base", fast=False)
TILES = ImageTokens("tile", base=85, tile=170)
TEXTS = ["Hello!", "Ciao, come stai?", "こんにちは、世界", "x = {'a': 1}\n\n", "<|im_end|>", "مرحبا", " ", "", "\ud800"]
COOKBOOK = [
    {
        "role": "system",
        "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
    },
    {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
    {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
    {
        "role": "system",
        "name": "example_user",
        "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    },
    {
        "role": "system",
        "name": "example_assistant",
        "content": "Let's talk later when we're less busy about how to do better.",
    },
    {
        "role": "user",
        "content": "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    },
]


def tokens(text):
    return len(load_encoding("o200k_base").encode_ordinary(text))


def said(role, content, **more):
    return {"role": role, "content": content, **more}


# What the API counts, after the cookbook: 129 tokens with gpt-4-0613, 124 with gpt-4o.
@pytest.mark.parametrize(("encoding", "total"), [("cl100k_base", 129), ("o200k_base", 124)])
def test_example_of_the_cookbook(encoding, total):
    counted = count_example({"messages": COOKBOOK}, "sft", TextCounter(encoding, fast=False))
    assert counted.total == counted.kept == total
    assert sum(counted.by_role.values()) == total - 3
    assert counted.trained == 0
    assert counted.estimates == ()


MESSAGES = st.builds(
    lambda role, content, name, weight: {
        "role": role,
        "content": content,
        **({"name": name} if name else {}),
        **({"weight": weight} if role == "assistant" and weight is not None else {}),
    },
    st.sampled_from(["system", "user", "assistant", "tool"]),
    st.sampled_from(TEXTS),
    st.sampled_from([None, "Ada"]),
    st.sampled_from([None, 0, 1]),
)


@given(st.lists(MESSAGES, max_size=8), st.integers(0, 120) | st.none())
def test_recount_token_by_token(messages, limit):
    """Every token is laid out in order with its mark, cut, and counted."""
    laid_out = []
    for message in messages:
        laid_out += ["head"] * (3 + tokens(message["role"]))
        laid_out += ["head"] * (1 + tokens(message["name"]) if "name" in message else 0)
        mark = "text" if message["role"] != "assistant" else "untrained" if message.get("weight") == 0 else "trained"
        laid_out += [mark] * tokens(message["content"])
    laid_out += ["end"] * 3
    cut = laid_out[:limit]
    counted = count_example({"messages": messages}, "sft", COUNTER, limit)
    assert (counted.total, counted.kept) == (len(laid_out), len(cut))
    assert (counted.trained, counted.untrained) == (cut.count("trained"), cut.count("untrained"))
    assert sum(counted.by_role.values()) == len(laid_out) - 3


def test_weights():
    def trained(weight):
        messages = [said("user", "Hi"), said("assistant", "Hello there", weight=weight)]
        counted = count_example({"messages": messages}, "sft", COUNTER)
        return counted.trained, counted.untrained

    assert trained(1) == trained(None) == trained(0.5) == trained("0") == trained(False) == (2, 0)
    assert trained(0) == trained(0.0) == (0, 2)


def test_tools_and_calls():
    call = {"id": "c", "type": "function", "function": {"name": "look_up", "arguments": '{"word": "cat"}'}}
    messages = [
        said("user", "What is a cat?"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "An animal"},
        said("assistant", "An animal."),
    ]
    bare = count_example({"messages": messages}, "sft", COUNTER)
    assert bare.estimates == (CALLS,)
    assert bare.trained == tokens("look_up") + tokens('{"word": "cat"}') + tokens("An animal.")
    assert bare.by_role["tool"] == 3 + tokens("tool") + tokens("An animal")
    assert bare.by_role["assistant"] == 2 * (3 + tokens("assistant")) + 3 + bare.trained

    tools = [{"type": "function", "function": {"name": "look_up", "description": "Look up a word."}}]
    counted = count_example({"messages": messages, "tools": tools}, "sft", COUNTER)
    assert counted.total == bare.total + 7 + tokens("look_up:Look up a word") + 12
    assert counted.by_role == bare.by_role
    assert counted.estimates == tuple(sorted((CALLS, TOOLS)))
    # Tool definitions come first: a cut at their end leaves nothing else.
    at_their_end = counted.total - bare.total
    assert count_example({"messages": messages, "tools": tools}, "sft", COUNTER, at_their_end).trained == 0


def test_images():
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:a", "detail": "high"}},
        {"type": "image_url", "image_url": {"url": "https://far", "detail": "high"}},
    ]
    value = {"messages": [said("user", parts), said("assistant", "A cat")]}
    sizes = {"data:a": (1024, 1024)}.get
    without = count_example(value, "sft", COUNTER)
    assert (without.images, without.uncounted_images, without.image_tokens) == (2, 2, 0)
    assert without.estimates == (IMAGES,)
    counted = count_example(value, "sft", COUNTER, image_rule=TILES, image_size=sizes)
    assert (counted.images, counted.uncounted_images, counted.image_tokens) == (2, 1, 765)
    assert counted.total == without.total + 765
    assert counted.by_role["user"] == without.by_role["user"] + 765

    parts[1]["image_url"].pop("detail")
    parts.pop()
    assert count_example(value, "sft", COUNTER, image_rule=TILES, image_size=sizes).estimates == (DETAIL,)


def test_preference_pairs():
    value = {
        "input": {"messages": [said("user", "Say hi")]},
        "preferred_output": [said("assistant", "Hello there")],
        "non_preferred_output": [said("assistant", "Go away, you"), said("tool", "x")],
    }
    counted = count_example(value, "dpo", COUNTER)
    asked = 3 + 1 + tokens("Say hi") + 3
    better, worse = 3 + 1 + tokens("Hello there"), 3 + 1 + tokens("Go away, you") + 3 + 1 + tokens("x")
    assert counted.total == counted.kept == asked + better + worse
    assert counted.trained == tokens("Hello there") + tokens("Go away, you")
    assert counted.estimates == (PAIRS,)
    # Each conversation is cut by itself: the longer output loses its end, the shorter one nothing.
    cut = count_example(value, "dpo", COUNTER, asked + better)
    assert cut.kept == asked + better + better
    assert count_example(value, "dpo", COUNTER, asked).trained == 0


def test_reinforcement_trains_on_nothing_and_leaves_out_what_the_grader_reads():
    value = {"messages": [said("user", "2 + 2?"), said("assistant", "4")], "reference": "4"}
    counted = count_example(value, "rft", COUNTER)
    assert (counted.trained, counted.untrained) == (0, 0)
    assert counted.total == count_example({"messages": value["messages"]}, "sft", COUNTER).total


def test_completion():
    value = {"prompt": "Once upon a time", "completion": " there was a cat"}
    counted = count_example(value, "completion", COUNTER, 6)
    assert (counted.total, counted.kept, counted.trained) == (8, 6, 2)
    assert counted.by_role == {"assistant": 4}


def test_unknown_roles_are_one():
    messages = [said(role, "Hi") for role in ("bot", "human", 5, None, ["user"])]
    counted = count_example({"messages": messages}, "sft", COUNTER)
    assert counted.by_role == {"other": 5 * 4 + tokens("bot") + tokens("human")}


def test_all_text_of_a_message_counts():
    value = {"messages": [said("assistant", [{"type": "refusal", "refusal": "I won't"}, "bare"], refusal="No")]}
    assert count_example(value, "sft", COUNTER).trained == tokens("I won't") + tokens("bare") + tokens("No")


KEYS = st.sampled_from([
    "messages", "role", "content", "name", "weight", "tools", "functions", "tool_calls", "function_call", "function",
    "arguments", "parameters", "properties", "type", "text", "refusal", "image_url", "url", "detail", "input",
    "preferred_output", "non_preferred_output", "prompt", "completion",
])  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("assistant"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(st.dictionaries(KEYS, JSON, max_size=5), st.sampled_from(METHODS), st.integers(0, 30))
def test_any_value(value, method, limit):
    def size(_url):
        return (640, 480)

    counted = count_example(value, method, COUNTER, limit, image_rule=TILES, image_size=size)
    whole = count_example(value, method, COUNTER, image_rule=TILES, image_size=size)
    assert 0 <= counted.trained + counted.untrained <= counted.kept <= counted.total == whole.total == whole.kept
    assert sum(counted.by_role.values()) <= counted.total
    assert counted.image_tokens <= counted.total
    if method != "dpo":
        assert counted.kept == min(limit, counted.total)
    assert count_examples([value, {}], method, COUNTER, limit, image_rule=TILES, image_size=size)[0] == counted


def test_what_cannot_be_counted_is_named_and_the_rest_counted(monkeypatch):
    def count(texts):
        if "bad" in texts:
            raise Uncountable("bad text")
        return list(map(len, texts))

    counter = TextCounter("o200k_base", fast=False)
    monkeypatch.setattr(counter, "_count_remembered", count)
    values = [{"prompt": "good", "completion": "x"}, {"prompt": "bad", "completion": "x"}]
    good, bad = count_examples(values, "completion", counter)
    assert good.total == 5
    assert isinstance(bad, Uncountable)
    with pytest.raises(text_module.Uncountable):
        count_example(values[1], "completion", counter)
