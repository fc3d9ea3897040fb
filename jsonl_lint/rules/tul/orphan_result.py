"""A result that answers no call.

## What it does
Flags a tool message without a `tool_call_id`, or whose id is that of no call in the assistant's message just before the
run of tool messages in which it stands, or of one that was answered already.

## Why
The service refuses a result without its call ("messages with role 'tool' must be a response to a preceding message with
'tool_calls'").

## How to repair
Correct the id, put the message behind the one that calls, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.finding import Path
from jsonl_lint.round_trips import trips_of
from jsonl_lint.rule import Case, Conversation, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]


def calls(*ids: str) -> dict[str, Any]:
    """A message with calls of these ids."""
    function = {"name": "capital", "arguments": "{}"}
    made = [{"id": name, "type": "function", "function": function} for name in ids]
    return {"role": "assistant", "tool_calls": made}


def result(name: Any) -> dict[str, Any]:
    """The result of a call."""
    return {"role": "tool", "tool_call_id": name, "content": "Paris"}


def row(*messages: Any) -> dict[str, Any]:
    """An example with these messages between question and answer."""
    return {"messages": [QUESTION, *messages, ANSWER], "tools": TOOLS}


@rule(
    "TUL008",
    at=Conversation,
    beyond_talk=True,
    severity="error",
    repair="correct the id, put the message behind the one that calls, or remove it",
    gated=True,
    bad=[
        Case(row(result("a")), at="/messages/1/tool_call_id"),
        Case(row(calls("a"), {"role": "tool", "content": "Paris"}), at="/messages/2"),
        Case(row(calls("a"), result(1)), at="/messages/2/tool_call_id"),
        Case(row(calls("a"), result("a"), result("b")), at="/messages/3/tool_call_id"),
        Case(row(calls("a"), result("a"), result("a")), at="/messages/3/tool_call_id"),
        Case(row(calls("a"), result("a"), ANSWER, QUESTION, result("a")), at="/messages/5/tool_call_id"),
        Case(
            {
                "input": {"messages": [QUESTION, calls("a")], "tools": TOOLS},
                "preferred_output": [result("b"), ANSWER],
                "non_preferred_output": [ANSWER],
            },
            at="/preferred_output/0/tool_call_id",
            method="dpo",
        ),
    ],
    good=[
        Case(row(calls("a"), result("a"))),
        Case(row(calls("a", "b"), result("b"), result("a"))),
        Case(row(calls("a"), result("a"), calls("b"), result("b"))),
        Case(
            {
                "input": {"messages": [QUESTION, calls("a")], "tools": TOOLS},
                "preferred_output": [result("a"), ANSWER],
                "non_preferred_output": [ANSWER],
            },
            method="dpo",
        ),
    ],
)
def orphan_result(conversation: Conversation, facts: Facts) -> Iterator[Problem]:
    # A message whose role can't be told may be the one that calls.
    if not conversation.roles.is_known:
        return
    for index, why in trips_of(conversation).orphans:
        yield problem_of(conversation.items[index], (index,), why)


def problem_of(message: Any, path: Path, why: str) -> Problem:
    """What is wrong with one result."""
    if "tool_call_id" not in message:
        return Problem("no tool_call_id in the tool message; it must be the id of the call that is answered", path)
    name = message["tool_call_id"]
    path = (*path, "tool_call_id")
    if not isinstance(name, str):
        return Problem(f"tool_call_id is {kind(name)}; it must be the id of the call that is answered", path)
    if why == "again":
        return Problem(f"the call {quoted(name)} has a result already", path)
    return Problem(f"no call just before has the id {quoted(name)}", path)
