"""What the rules on calls say of calls whose arguments are others than in the line that was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import orjson

from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.parameters import Parameters, parameters_of
from jsonl_lint.parts import ToolCall, declared_tools, holder_of
from jsonl_lint.round_trips import calls_of
from jsonl_lint.rule import Row
from jsonl_lint.rules.tul.arguments_json import read_arguments

__all__ = ["Called", "Outcome", "called_in", "outcomes_of"]

Outcome = tuple[tuple[str, str], ...]
"""What the rules on calls say of a call: codes and severities, or what was not gone into and why."""

NO_OBJECT: Outcome = (("TUL005", ""),)


class Called(msgspec.Struct, frozen=True):
    """A call, of which the arguments may be others, and its function's parameters; no call where no rule looks at them."""

    call: ToolCall | None = None
    parameters: Parameters | None = None


def called_in(row: Row) -> Iterator[Called]:
    """The calls in a row that have a text for arguments, in the order of the line."""
    holder = holder_of(row)
    tools = declared_tools(holder)
    messages = holder.fields.get("messages")
    for message in messages if isinstance(messages, list) else ():
        for key, value in message.items() if isinstance(message, dict) else ():
            if key == "function_call" and has_text(value):
                yield Called()
            for call in calls_of(message) if key == "tool_calls" else ():
                if has_text(ToolCall(call).function):
                    yield Called(ToolCall(call, tools), parameters_for(ToolCall(call, tools)))


def has_text(function: Any) -> bool:
    """Whether a function that is called has a text for arguments."""
    return isinstance(function, dict) and isinstance(function.get("arguments"), str)


def parameters_for(call: ToolCall) -> Parameters | None:
    """The parameters of the function that is called; None where any arguments will do."""
    name = call.function.get("name")
    schema = call.tools.functions.get(name, {}).get("parameters") if isinstance(name, str) else None
    return parameters_of(schema) if isinstance(schema, dict) else None


def outcomes_of(judge: Judge, calls: Sequence[Called], arguments: Sequence[bytes]) -> tuple[Outcome, ...] | None:
    """What the rules say of each of some calls, with these texts of JSON for arguments; None if one of them fails."""
    found: list[Outcome] = []
    for called, spelled in zip(calls, arguments, strict=False):
        outcome = outcome_of(judge, called, spelled)
        if outcome is None:
            return None
        found.append(outcome)
    return tuple(found)


def outcome_of(judge: Judge, called: Called, spelled: bytes) -> Outcome | None:
    """What the rules say of a call with other arguments; None if one of them fails."""
    if called.call is None:
        return ()
    text = orjson.loads(b'"%b"' % spelled)
    arguments = read_arguments(text)
    if arguments is None:
        # Of whatever is no object the same is said: that it is none.
        return NO_OBJECT
    faults = called.parameters.breaches(arguments, len(spelled)) if called.parameters is not None else 0
    if faults is not None:
        return (("", str(faults)),) if faults else ()
    function = {**called.call.function, "arguments": text}
    found = Verdict()
    judge.ask(found, ToolCall, ToolCall({**called.call.value, "function": function}, called.call.tools))
    if found.failures:
        return None
    hits = [(hit.rule.code, str(hit.problem.severity)) for hit in found.hits]
    omissions = [(omission.what, omission.why) for omission in found.omissions]
    return (*hits, *omissions, *((code, "") for code in found.blocked_by))
