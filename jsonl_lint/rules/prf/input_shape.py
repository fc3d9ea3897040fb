"""The input of a preference is missing or not of the right shape.

## What it does
Flags a line without `input`, an `input` that is no object with `messages`, an array that is not empty, and each key in it
that the format does not have. What is wrong inside the messages is said by the rules on messages.

## Why
The input is the prompt that both outputs answer. The service refuses a line without it.

## How to repair
Write `"input": {"messages": [{"role": "user", "content": ...}]}`, with `tools` and `parallel_tool_calls` where needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.errors import nearest
from jsonl_lint.formats.preference import INPUT_KEYS
from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.rules.row.messages_missing import stand_in
from jsonl_lint.rules.row.messages_type import holds_json
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
OUTPUTS = {
    "preferred_output": [{"role": "assistant", "content": "Paris"}],
    "non_preferred_output": [{"role": "assistant", "content": "Lyon"}],
}
OTHER_NAMES = ("prompt", "messages", "question", "instruction", "context", "conversation", "conversations")


@rule(
    "PRF001",
    at=Row,
    severity="error",
    repair='write "input": {"messages": [...]}',
    methods=["dpo"],
    gated=True,
    blocks=True,
    bad=[
        Case(OUTPUTS, at="", method="dpo"),
        Case({"imput": {"messages": [QUESTION]}, **OUTPUTS}, at="", method="dpo"),
        Case({"prompt": "What is the capital of France?", **OUTPUTS}, at="", method="dpo"),
        Case({"input": "What is the capital of France?", **OUTPUTS}, at="/input", method="dpo"),
        Case({"input": [QUESTION], **OUTPUTS}, at="/input", method="dpo"),
        Case({"input": None, **OUTPUTS}, at="/input", method="dpo"),
        Case({"input": {}, **OUTPUTS}, at="/input", method="dpo"),
        Case({"input": {"mesages": [QUESTION]}, **OUTPUTS}, at="/input", method="dpo"),
        Case({"input": {"messages": "Hi"}, **OUTPUTS}, at="/input/messages", method="dpo"),
        Case({"input": {"messages": []}, **OUTPUTS}, at="/input/messages", method="dpo"),
        Case({"input": {"messages": [QUESTION], "model": "x"}, **OUTPUTS}, at="/input/model", method="dpo"),
    ],
    good=[
        Case({"input": {"messages": [QUESTION]}, **OUTPUTS}, method="dpo"),
        Case({"input": {"messages": [QUESTION], "tools": []}, **OUTPUTS}, method="dpo"),
    ],
)
def input_shape(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict):
        return
    if "input" not in row.value:
        meant = stand_in(row.value, "input", facts.row_keys, OTHER_NAMES)
        yield Problem("no input" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""))
        return
    source = row.value["input"]
    if not isinstance(source, dict):
        yield Problem(f'input is {kind(source)}; it must be an object {{"messages": [...]}}', ("input",))
        return
    yield from messages_problems(source)
    explained = stand_in(source, "messages", INPUT_KEYS) if "messages" not in source else None
    for key in source:
        if key not in INPUT_KEYS and key != explained:
            hint = nearest(key, INPUT_KEYS) or f"; it takes {', '.join(INPUT_KEYS)}"
            yield Problem(f"unknown key {quoted(key)} in the input{hint}", ("input", key), on_key=True)


def messages_problems(source: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the messages of an input as a whole."""
    if "messages" not in source:
        meant = stand_in(source, "messages", INPUT_KEYS)
        hint = f" (is {quoted(meant)} meant?)" if meant is not None else ""
        yield Problem(f"no messages in the input{hint}", ("input",))
        return
    messages = source["messages"]
    if not isinstance(messages, list):
        what = "a string of JSON" if holds_json(messages) else kind(messages)
        yield Problem(f"messages is {what}; it must be an array", ("input", "messages"))
    elif not messages:
        yield Problem("messages is empty", ("input", "messages"))
