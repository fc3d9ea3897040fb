"""The example has no messages.

## What it does
Flags a line whose object has no key `messages`, and names the key that seems to be meant by it: a misspelling, or the
name that other formats give it (`conversations`, ...).

## Why
The messages are the example. Without them there is nothing to train on, and the service refuses the file.

## How to repair
Name the list of messages `messages`: `{"messages": [{"role": "user", ...}, {"role": "assistant", ...}]}`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from jsonl_lint.rule import Case, Problem, Row, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}

OTHER_NAMES = ("conversation", "conversations", "dialog", "dialogue", "turns", "chat", "msgs", "history", "contents")

# Low enough for a lost, doubled or swapped letter, high enough to keep `message_id` from passing for `messages`.
LIKENESS = 0.8


@rule(
    "ROW001",
    at=Row,
    severity="error",
    repair='name the list of messages "messages"',
    methods=["sft", "rft"],
    gated=True,
    blocks=True,
    bad=[
        Case({}, at=""),
        Case({"mesages": [QUESTION, ANSWER]}, at=""),
        Case({"Messages": [QUESTION, ANSWER]}, at=""),
        Case({"conversations": [QUESTION, ANSWER]}, at=""),
        Case({"role": "user", "content": "Hi"}, at=""),
        Case({"tools": []}, at=""),
        Case({"mesages": [QUESTION]}, at="", method="rft"),
    ],
    good=[Case({"messages": [QUESTION, ANSWER]}), Case({"messages": [QUESTION], "answer": "Paris"}, method="rft")],
)
def messages_missing(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict) or "messages" in row.value:
        return
    if is_message(row.value):
        yield Problem("no messages; the line is a single message, which must stand in an array under messages")
        return
    meant = stand_in(row.value, "messages", facts.row_keys, OTHER_NAMES)
    yield Problem("no messages" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""))


def explained_keys(value: dict[str, Any], facts: Facts) -> Collection[str]:
    """The keys of a row of which this rule speaks, so that no other rule needs to."""
    if "messages" in value:
        return ()
    if is_message(value):
        return tuple(key for role in facts.roles.values() for key in ("role", *role.keys))
    meant = stand_in(value, "messages", facts.row_keys, OTHER_NAMES)
    return () if meant is None else (meant,)


def is_message(value: dict[str, Any]) -> bool:
    """Whether a row looks like one message that stands alone."""
    return "role" in value and "content" in value


def stand_in(
    fields: dict[str, Any], missing: str, known: Collection[str], other_names: Collection[str] = ()
) -> str | None:
    """The unknown key of an object that seems to be meant as a missing one: misspelled, or by its name elsewhere."""
    for key in fields:
        plain = key.strip().lower()
        if key not in known and (plain in other_names or is_closest(missing, plain, tuple(known))):
            return key
    return None


@lru_cache(maxsize=1024)
def is_closest(missing: str, name: str, known: tuple[str, ...]) -> bool:
    """Whether a name is surely a misspelled `missing`, and none of the known ones; remembered, as it comes on many lines."""
    import difflib

    return difflib.get_close_matches(name, (missing, *known), n=1, cutoff=LIKENESS) == [missing]
