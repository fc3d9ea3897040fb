"""Prompt or completion is missing, no string, or empty.

## What it does
Flags a completion line without `prompt` or `completion`, names the key that seems to be meant by it, and flags either
that is no string, or one in which nothing can be seen.

## Why
The model learns to go on from the prompt with the completion. The service refuses a line without one of them.

## How to repair
Write `{"prompt": "...", "completion": "..."}`, both of them text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.rules.row.messages_missing import stand_in
from jsonl_lint.targets import Facts
from jsonl_lint.text import has_visible, kind, quoted

KEYS = ("prompt", "completion")
OTHER_NAMES = {
    "prompt": ("question", "instruction", "input", "query", "context"),
    "completion": ("answer", "response", "output", "target", "label", "text"),
}


@rule(
    "CMP001",
    at=Row,
    severity="error",
    repair='write {"prompt": "...", "completion": "..."}',
    methods=["completion"],
    gated=True,
    bad=[
        Case({"prompt": "Hi"}, at="", method="completion"),
        Case({"completion": "Hello"}, at="", method="completion"),
        Case({"prompt": "Hi", "completions": "Hello"}, at="", method="completion"),
        Case({"prompt": "Hi", "response": "Hello"}, at="", method="completion"),
        Case({"text": "Hi"}, at="", count=2, method="completion"),
        Case({"prompt": None, "completion": "Hello"}, at="/prompt", method="completion"),
        Case({"prompt": "Hi", "completion": ["Hello"]}, at="/completion", method="completion"),
        Case({"prompt": "", "completion": "Hello"}, at="/prompt", method="completion"),
        Case({"prompt": "Hi", "completion": " \n"}, at="/completion", method="completion"),
    ],
    good=[Case({"prompt": "Hi", "completion": " Hello"}, method="completion")],
)
def prompt_completion(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict):
        return
    for key in KEYS:
        if key not in row.value:
            meant = stand_in(row.value, key, facts.row_keys, OTHER_NAMES[key])
            yield Problem(f"no {key}" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""))
            continue
        text = row.value[key]
        if not isinstance(text, str):
            yield Problem(f"{key} is {kind(text)}; it must be a string", (key,))
        elif not has_visible(text):
            what = "is empty" if not text else "holds only white space or characters that do not show"
            yield Problem(f"{key} {what}", (key,))


def explained_keys(fields: dict[str, Any], facts: Facts) -> Collection[str]:
    """The keys of a completion line of which this rule speaks, so that no other rule needs to."""
    meant = [stand_in(fields, key, facts.row_keys, OTHER_NAMES[key]) for key in KEYS if key not in fields]
    return [key for key in meant if key is not None]
