"""A message has a key that the target does not take there.

## What it does
Flags each key of a message that the target does not document for the message's role, and names the nearest one that it
does, or the role that takes it: `tool_calls` is the assistant's, `tool_call_id` a tool's.

## Why
Services that check the schema refuse such a message ("contains invalid schema"). Others ignore the key, and with it
what was meant by a misspelled one.

## How to repair
Correct the spelling, or remove the key.

## Fix safety
Unsafe: the fix removes the key with all that stands under it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jsonl_lint.errors import nearest
from jsonl_lint.rule import Case, Message, Problem, Remove, Repair, rule
from jsonl_lint.rules.msg.content_missing import content_stand_in, lacks_content
from jsonl_lint.rules.wgt.weight_role import is_misplaced
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
GOOD = {"messages": [QUESTION, ANSWER]}


@rule(
    "MSG007",
    at=Message,
    severity="error",
    repair="correct the spelling, or remove the key",
    fixable="unsafe",
    gated=True,
    bad=[
        Case({"messages": [{**QUESTION, "id": 7}, ANSWER]}, at="/messages/0/id", fixed=GOOD),
        Case({"messages": [QUESTION, {"timestamp": "12:00", **ANSWER}]}, at="/messages/1/timestamp", fixed=GOOD),
        Case({"messages": [{**QUESTION, "tool_calls": []}, ANSWER]}, at="/messages/0/tool_calls", fixed=GOOD),
        Case({"messages": [QUESTION, {**ANSWER, "tool_call_id": "a"}]}, at="/messages/1/tool_call_id", fixed=GOOD),
        Case({"messages": [QUESTION, {**ANSWER, "wieght": 1}]}, at="/messages/1/wieght", fixed=GOOD),
        Case({"messages": [QUESTION, {**ANSWER, "contents": "Hi"}]}, at="/messages/1/contents", fixed=GOOD),
        Case({"messages": [{**QUESTION, "a/b": 1}, ANSWER]}, at="/messages/0/a~1b", fixed=GOOD),
        Case({"messages": [{"id": 1, **QUESTION, "Name": "x"}, ANSWER]}, count=2, fixed=GOOD),
    ],
    good=[Case({"messages": [{**QUESTION, "name": "Ann"}, {**ANSWER, "weight": 1}]})],
)
def unknown_key(message: Message, facts: Facts) -> Iterator[Problem]:
    if message.role is None:
        return
    taken = ("role", *facts.roles[message.role].keys)
    explained = keys_explained(message, facts)
    for key in message.fields:
        if key not in taken and key not in explained:
            repair = Repair(f"remove {quoted(key)}", False, (Remove((key,)),))
            what = f"the target does not take the key {quoted(key)} in the {message.role} message"
            yield Problem(what + hint(key, taken, facts), (key,), on_key=True, repair=repair)


def keys_explained(message: Message, facts: Facts) -> Collection[str]:
    """The keys of which another rule speaks: a misplaced weight, and what stands for missing content."""
    weight = ("weight",) if is_misplaced(message, facts) else ()
    meant = content_stand_in(message, facts) if lacks_content(message, facts) else None
    return weight if meant is None else (*weight, meant)


def hint(key: str, taken: Collection[str], facts: Facts) -> str:
    """What may be done about an unknown key: the role that takes it, the nearest known key, or those that are taken."""
    owners = [role for role, known in facts.roles.items() if key in known.keys]
    if owners:
        return f"; it must stand in a message of the role {' or '.join(owners)}"
    return nearest(key, taken) or f"; it takes {', '.join(taken)}"
