"""A call without its result.

## What it does
Flags a tool call whose id no tool message answers in the run that follows its message. A call in the last message of an
example needs no answer: what is taught there is the call.

## Why
The service refuses a conversation that goes on without the result ("an assistant message with 'tool_calls' must be
followed by tool messages responding to each 'tool_call_id'").

## How to repair
Add the tool message, correct its `tool_call_id`, or remove the call.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.round_trips import id_of, trips_of
from jsonl_lint.rule import Case, Conversation, Problem, rule
from jsonl_lint.rules.tul.orphan_result import ANSWER, QUESTION, TOOLS, calls, result, row
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted


@rule(
    "TUL009",
    at=Conversation,
    beyond_talk=True,
    severity="error",
    repair="add the tool message, or correct its tool_call_id",
    gated=True,
    bad=[
        Case(row(calls("a"), QUESTION), at="/messages/1/tool_calls/0"),
        Case(row(calls("a", "b"), result("a")), at="/messages/1/tool_calls/1"),
        Case(row(calls("a", "b")), count=2),
        Case(row(calls("a"), QUESTION, result("a")), at="/messages/1/tool_calls/0"),
        Case(
            {"messages": [QUESTION, calls("a", "b"), result("b")], "tools": TOOLS, "answer": 1},
            at="/messages/1/tool_calls/0",
            method="rft",
        ),
    ],
    good=[
        Case(row(calls("a"), result("a"))),
        Case(row(calls("a", "b"), result("b"), result("a"))),
        Case({"messages": [QUESTION, calls("a")], "tools": TOOLS}),
        Case({"messages": [QUESTION, calls("a"), result("a"), ANSWER, QUESTION, calls("b")], "tools": TOOLS}),
    ],
)
def unanswered_call(conversation: Conversation, facts: Facts) -> Iterator[Problem]:
    if not conversation.roles.is_known:
        return
    for index, place in trips_of(conversation).unanswered:
        call = id_of(conversation.items[index]["tool_calls"][place])
        what = f"the call {quoted(call)} has no result in the messages that follow"
        yield Problem(what, (index, "tool_calls", place))
