"""What the gate knows of the tools that lines declare: judged once for all lines that declare the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from jsonl_lint.formats import tools_type
from jsonl_lint.parameters import Parameters, parameters_of
from jsonl_lint.parts import Holder, Tool, ToolCall, declared_tools, tools_of
from jsonl_lint.plan import Plan
from jsonl_lint.proof import FAULTY, delimiters, faultless
from jsonl_lint.round_trips import Turn, last_turns, round_trips
from jsonl_lint.rules.tul.arguments_json import read_arguments

__all__ = ["Toolbox", "Toolboxes", "is_clean_call"]

# Larger ones are judged anew for each line, so that many of them can't fill the memory.
KEPT_BYTES = 1 << 16
KEPT = 64


class Toolbox(Struct, frozen=True):
    """Tools in which no rule finds anything: how many strings they are written with, and their parameters by name."""

    tools: Sequence[Any]
    strings: int
    parameters: dict[str, Parameters | None]


class Toolboxes:
    """The toolboxes of one plan, by the bytes of `tools`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kept: dict[bytes, Toolbox | None] = {}

    @cached_property
    def decode(self) -> Callable[[bytes], Any]:
        """What decodes declarations of tools."""
        return msgspec.json.Decoder(tools_type(self.plan.facts)).decode

    def open(self, text: bytes) -> Toolbox | None:
        """The toolbox that is written so; None if there is any doubt about it."""
        if text in self.kept:
            return self.kept[text]
        box = self.judged(text)
        if len(text) <= KEPT_BYTES and len(self.kept) < KEPT:
            self.kept[text] = box
        return box

    def are_clean_calls(self, messages: Sequence[Any], before: Sequence[Any], box: Toolbox | None) -> bool:
        """Whether calls and results in typed messages are clean; `before` are the messages before them in the line."""
        return are_clean_calls(messages, before, box, self.plan)

    def judged(self, text: bytes) -> Toolbox | None:
        """The same, found out by the types and the rules on tools."""
        items = faultless(text)
        if items is FAULTY:
            return None
        try:
            typed = self.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        tools = declared_tools(Holder({"tools": items}))
        if any(self.finds(tool) for tool in tools_of(items, tools)):
            return None
        judges_calls = self.plan.calls(ToolCall)
        parameters = {name: parameters_in(item) if judges_calls else None for name, item in tools.functions.items()}
        return Toolbox(typed, delimiters(text) // 2, parameters)

    def finds(self, tool: Tool) -> bool:
        """Whether any rule of the gate finds something in a tool, or leaves something of it out."""
        return any(True for rule in self.plan.rules(Tool) if rule.gated for _ in rule.check(tool, self.plan.facts))


def parameters_in(function: dict[str, Any]) -> Parameters | None:
    """The parameters of a function; None if it declares none, so that it takes anything."""
    return parameters_of(function["parameters"]) if "parameters" in function else None


def are_clean_calls(messages: Sequence[Any], before: Sequence[Any], box: Toolbox | None, plan: Plan) -> bool:
    """The same for a plan."""
    calls = [call for message in messages for call in calls_in(message)]
    if not calls and not any(message.ROLE == "tool" for message in messages):
        return True
    ids = {call.id for call in calls}
    if len(ids) < len(calls) or (calls and (box is None or plan.facts.call_id_pattern is not None)):
        return False
    earlier = last_turns([typed_turn(message) for message in before])
    trips = round_trips([*earlier, *map(typed_turn, messages)])
    # What is wrong with the earlier turns alone was found with them.
    is_complete = not any(index >= len(earlier) for index, _ in (*trips.orphans, *trips.unanswered))
    judges_calls = plan.calls(ToolCall)
    return is_complete and all(box is not None and is_clean_call(call, box) for call in calls if judges_calls)


def calls_in(message: Any) -> Sequence[Any]:
    """The calls that a typed message makes."""
    return getattr(message, "tool_calls", UNSET) or ()


def typed_turn(message: Any) -> Turn:
    """What a typed message has to do with calls."""
    if message.ROLE == "tool":
        return Turn(is_result=True, answers=message.tool_call_id)
    return Turn(tuple(call.id for call in calls_in(message)))


def is_clean_call(call: Any, box: Toolbox) -> bool:
    """Whether a call is of a declared function, with arguments that are sure to conform."""
    name, text = call.function.name, call.function.arguments
    if name not in box.parameters:
        return False
    arguments = read_arguments(text)
    if arguments is None:
        return False
    parameters = box.parameters[name]
    return parameters is None or parameters.accepts(arguments, len(text))
