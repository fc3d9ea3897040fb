"""What the rules say of the tools that lines declare: found out once for each tool, whatever its descriptions say."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from jsonl_lint.frames import Frame
from jsonl_lint.judge import Hit, Judge, Verdict
from jsonl_lint.parameters import Parameters, parameters_of
from jsonl_lint.parts import Holder, Tool, Tools, declared_tools, function_of, tools_of
from jsonl_lint.proof import FAULTY, faultless
from jsonl_lint.rule import Row

__all__ = ["NOTHING", "Declarations", "Declared", "Said", "said"]

# Tools and lists of them are remembered up to so many bytes, without their descriptions.
MOST_BYTES = 1 << 20

Said = tuple[tuple[str, str], ...]
"""What rules say: codes and severities, or what was not gone into and why."""


class Kind(Struct, frozen=True):
    """A tool, its function's parameters, and what the rules say of it: as the first of its name, and as a further one."""

    value: Any
    parameters: Parameters | None
    said: tuple[Said, Said]


class Declared(Struct, frozen=True):
    """The tools of a line, their functions' parameters, and a number that stands for what the rules say of them."""

    number: int
    tools: Tools = Tools()
    parameters: dict[str, Parameters | None] = {}


NOTHING = Declared(-1)


class Declarations:
    """Remembers what a judge says of tools."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.lists: dict[bytes, Declared | None] = {}
        self.kinds: dict[bytes, Kind | None] = {}
        self.known: dict[tuple[bool, Sequence[Said]], int] = {}
        self.numbers = itertools.count()
        self.held = 0

    def of(self, line: bytes, frame: Frame) -> Declared | None:
        """What a line declares; None if something in its tools may be no JSON without a fault, or if a rule fails."""
        bare = frame.bare
        if bare is None:
            return NOTHING
        if bare in self.lists:
            return self.lists[bare]
        self.hold(bare)
        numbers = iter(frame.tools)
        kinds, done = list[Kind | None](), 0
        for start, stop, bare_stop in zip(numbers, numbers, numbers, strict=True):
            kinds.append(self.kind(line[start:stop], bare[done:bare_stop]))
            done = bare_stop
        self.lists[bare] = found = self.declared([kind for kind in kinds if kind]) if all(kinds) else None
        return found

    def hold(self, key: bytes) -> None:
        """Make room for something that is remembered under a key; numbers that were given do not come again."""
        self.held += len(key)
        if self.held > MOST_BYTES:
            for memory in (self.lists, self.kinds, self.known):
                memory.clear()
            self.held = len(key)

    def declared(self, kinds: Sequence[Kind]) -> Declared:
        """What a list of tools declares."""
        values = [kind.value for kind in kinds]
        tools = declared_tools(Holder({"tools": values}))
        each = zip(kinds, tools_of(values, tools), strict=True)
        key = (tools.is_complete, tuple(kind.said[tool.twin is not None] for kind, tool in each))
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = next(self.numbers)
        return Declared(number, tools, {name: kinds[index].parameters for name, index in tools.first.items()})

    def kind(self, text: bytes, bare: bytes) -> Kind | None:
        """What is known of a tool; None if it may be no JSON without a fault, or if a rule fails."""
        if bare not in self.kinds:
            self.hold(bare)
            self.kinds[bare] = self.judged(text)
        return self.kinds[bare]

    def judged(self, text: bytes) -> Kind | None:
        """The same, found out anew."""
        value = faultless(text)
        if value is FAULTY:
            return None
        both = [value, value]
        verdict = Verdict()
        self.judge.ask(verdict, Row, Row({"messages": [], "tools": both}, self.judge.plan.method))
        for index, tool in enumerate(tools_of(both, declared_tools(Holder({"tools": both})))):
            self.judge.ask(verdict, Tool, tool, ("tools", index))
        if verdict.failures:
            return None
        schema = function_of(value).get("parameters")
        parameters = parameters_of(schema) if isinstance(schema, dict) else None
        return Kind(value, parameters, (said_at(verdict, 0), said_at(verdict, 1)))


def said_at(verdict: Verdict, index: int) -> Said:
    """What is said of the tool with an index; what has no place is said of each."""
    return said([hit for hit in verdict.hits if hit.path[:2] == ("tools", index)], verdict)


def said(hits: Iterable[Hit], verdict: Verdict) -> Said:
    """What some hits of a verdict say, and what beside them has no place."""
    omissions = [(omission.what, omission.why) for omission in verdict.omissions]
    blocked = [(code, "") for code in verdict.blocked_by]
    return (*((hit.rule.code, str(hit.problem.severity)) for hit in hits), *omissions, *blocked)
