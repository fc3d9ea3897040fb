"""What the rules on calls say of calls whose names and arguments are others than in the line that was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import msgspec
import orjson

from jsonl_lint.declared import Declared, Said, said
from jsonl_lint.frames import Frame
from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.parts import ToolCall, holder_of
from jsonl_lint.round_trips import calls_of
from jsonl_lint.rule import Row
from jsonl_lint.rules.tul.arguments_json import read_arguments

__all__ = ["Called", "Calls", "calls_in", "outcomes_of"]

NO_OBJECT: Said = (("TUL005", ""),)
UNDECLARED: Said = (("TUL007", ""),)


class Called(msgspec.Struct, frozen=True):
    """A call in a line that was judged, and which of the names and arguments are its own that frames leave out."""

    value: dict[str, Any]
    name: int | None
    arguments: int | None


class Calls(msgspec.Struct, frozen=True):
    """The calls of a line, and how many names and arguments its frame leaves out."""

    called: Sequence[Called] = ()
    names: int = 0
    arguments: int = 0


def calls_in(row: Row) -> Calls:
    """The calls in a row, in the order of the line."""
    messages = holder_of(row).fields.get("messages")
    names, arguments = count(), count()
    called: list[Called] = []
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, dict):
            is_calling = bool(calls_of(message))
            called.extend(each for each in called_in(message, names, arguments) if is_calling)
    return Calls(called, next(names), next(arguments))


def called_in(message: dict[str, Any], names: count[int], arguments: count[int]) -> Iterator[Called]:
    """What stands where calls do in a message, whatever its role; names and arguments are counted on."""
    for key, value in message.items():
        if key == "function_call" and isinstance(value, dict) and isinstance(value.get("arguments"), str):
            next(arguments)
        for call in value if key == "tool_calls" and isinstance(value, list) else ():
            yield from placed(call, names, arguments) if isinstance(call, dict) else ()


def placed(call: dict[str, Any], names: count[int], arguments: count[int]) -> Iterator[Called]:
    """A call with the numbers of its name and its arguments."""
    for key, function in call.items():
        if not isinstance(function, dict):
            continue
        name, text = function.get("name"), function.get("arguments")
        own_name = next(names) if isinstance(name, str) and name else None
        own_arguments = next(arguments) if isinstance(text, str) else None
        if key == "function":
            yield Called(call, own_name, own_arguments)


def outcomes_of(judge: Judge, calls: Calls, frame: Frame, declared: Declared) -> tuple[Said, ...] | None:
    """What the rules say of each of some calls in a line with other names, arguments and tools; None if one of them fails."""
    found: list[Said] = []
    for called in calls.called:
        outcome = outcome_of(judge, called, frame, declared)
        if outcome is None:
            return None
        found.append(outcome)
    return tuple(found)


def outcome_of(judge: Judge, called: Called, frame: Frame, declared: Declared) -> Said | None:
    """What the rules say of a call in a line with another name, arguments and tools; None if one of them fails."""
    function = called.value["function"]
    name = function.get("name") if called.name is None else frame.called[called.name].decode()
    of_name = () if not isinstance(name, str) or name in declared.named else UNDECLARED
    if called.arguments is None:
        return of_name
    spelled = frame.arguments[called.arguments]
    text = orjson.loads(b'"%b"' % spelled)
    arguments = read_arguments(text)
    if arguments is None:
        # Of whatever is no object the same is said: that it is none.
        return of_name + NO_OBJECT
    kind = declared.named.get(name) if isinstance(name, str) else None
    parameters = None if kind is None else kind.parameters
    faults = 0 if parameters is None else parameters.breaches(arguments, len(spelled))
    if faults is not None:
        return (*of_name, ("", str(faults))) if faults else of_name
    call = {**called.value, "function": {**function, "name": name, "arguments": text}}
    return judged(judge, ToolCall(call, declared.tools))


def judged(judge: Judge, call: ToolCall) -> Said | None:
    """What the rules say of a call; None if one of them fails."""
    found = Verdict()
    judge.ask(found, ToolCall, call)
    if found.failures:
        return None
    return said(found.hits, found)
