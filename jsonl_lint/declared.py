"""What the rules say of the tools that lines declare: found out once for each tool, whatever its descriptions say."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

import orjson
from msgspec import Struct

from jsonl_lint.frames import CUT, Frame
from jsonl_lint.judge import Hit, Judge, Verdict
from jsonl_lint.parameters import Parameters
from jsonl_lint.parts import Holder, Tool, Tools, declared_tools, function_of, name_of
from jsonl_lint.proof import FAULTY, faultless
from jsonl_lint.rule import Row
from jsonl_lint.shapes import Shaper

__all__ = ["NOTHING", "Declarations", "Declared", "Said", "said"]

# Tools, and lists of them, are remembered up to so many bytes without their descriptions. Lists may be ever new. Where tokens
# are counted words are remembered, too, and less of the memory that all processes may take is left for tools.
TOOL_BYTES = 1 << 20
TOOL_BYTES_BESIDE_WORDS = 1 << 18
LIST_BYTES = 1 << 17
SHAPE_BYTES = 1 << 17

# Larger tools have no shapes.
MAX_TOOL_BYTES = 16 * 1024

# What is said of lists has so many numbers; those that were forgotten do not come again.
MOST_NUMBERS = 1000

# Messages of which no rule has a word.
TALK = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]

# Put behind the bytes of a tool if there is an earlier one of its name.
TWIN = b"\0"

Found = TypeVar("Found")
Said = tuple[tuple[str, str], ...]
"""What rules say: codes and severities, or what was not gone into and why."""


class Shape(Struct, frozen=True):
    """Tools that differ in the names of their parameters alone: their name, None if that can't be told, and what rules say.

    `parameters` are those of one of them.
    """

    name: str | None
    said: Said
    parameters: Parameters | None


class Kind(Struct, frozen=True, dict=True):
    """A tool as it stands there without its descriptions, and its shape."""

    bare: bytes
    shape: Shape

    @property
    def value(self) -> Any:
        """The tool with empty descriptions."""
        return orjson.loads(self.bare.replace(CUT, b'"'))

    @cached_property
    def parameters(self) -> Parameters | None:
        """Its parameters, without their descriptions."""
        twin = self.shape.parameters
        return None if twin is None else Parameters(function_of(self.value)["parameters"], twin)


class Declared(Struct, frozen=True, dict=True):
    """The tools of a line, and the first of each name.

    `number` stands for what the rules say of all of them.
    """

    number: int
    kinds: Sequence[Kind] = ()
    named: dict[str, Kind] = {}

    @cached_property
    def tools(self) -> Tools:
        """The tools as rules on calls see them; their descriptions are empty."""
        return declared_tools(Holder({"tools": [kind.value for kind in self.kinds]}))


NOTHING = Declared(-1)


class Recent(Generic[Found]):
    """Remembers what was found out about some bytes, until these are too many; then it begins anew."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held = 0
        self.found: dict[bytes, Found] = {}

    def keep(self, key: bytes, found: Found) -> Found:
        """Remember it."""
        self.held += len(key)
        if self.held > self.most_bytes:
            self.found.clear()
            self.held = len(key)
        self.found[key] = found
        return found


class Declarations:
    """Remembers what a judge says of tools."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.lists: Recent[Declared | None] = Recent(LIST_BYTES)
        no_tokens = judge.plan.settings.no_tokens
        self.kinds: Recent[Kind | None] = Recent(TOOL_BYTES if no_tokens else TOOL_BYTES_BESIDE_WORDS)
        self.shapes: Recent[Shape | None] = Recent(SHAPE_BYTES)
        self.shaper = Shaper(MAX_TOOL_BYTES)
        self.known: dict[tuple[bool | Said, ...], int] = {}
        self.numbers = itertools.count()

    def of(self, line: bytes, frame: Frame) -> Declared | None:
        """What a line declares; None if something in its tools may be no JSON without a fault, or if a rule fails."""
        bare = frame.bare
        if bare is None:
            return NOTHING
        if bare in self.lists.found:
            return self.lists.found[bare]
        return self.lists.keep(bare, self.declared(list(tools_in(line, frame))))

    def declared(self, spelled: Sequence[tuple[bytes, bytes]]) -> Declared | None:
        """What a list of tools declares; each is given as it stands there, and without its descriptions."""
        kinds = [self.kind(text, bare) for text, bare in spelled]
        known = [kind for kind in kinds if kind is not None]
        if len(known) < len(kinds):
            return None
        named: dict[str, Kind] = {}
        said: list[Said] = []
        for kind, (text, bare) in zip(known, spelled, strict=True):
            name = kind.shape.name
            twin = self.kind(text, bare, is_twin=True) if name in named else kind
            if twin is None:
                return None
            said.append(twin.shape.said)
            if name is not None:
                named.setdefault(name, kind)
        is_complete = all(kind.shape.name is not None for kind in known)
        return Declared(self.number((is_complete, *said)), known, named)

    def number(self, key: tuple[bool | Said, ...]) -> int:
        """What stands for what the rules say of a list."""
        number = self.known.get(key)
        if number is None:
            if len(self.known) == MOST_NUMBERS:
                self.known.clear()
            number = self.known[key] = next(self.numbers)
        return number

    def kind(self, text: bytes, bare: bytes, *, is_twin: bool = False) -> Kind | None:
        """What is known of a tool, of whose name there may be an earlier one; None if it may have a fault, or a rule fails."""
        key = bare + TWIN if is_twin else bare
        if key not in self.kinds.found:
            shape = self.shape(text, bare, is_twin=is_twin)
            self.kinds.keep(key, None if shape is None else Kind(bare, shape))
        return self.kinds.found[key]

    def shape(self, text: bytes, bare: bytes, *, is_twin: bool) -> Shape | None:
        """What is known of all tools of a tool's shape; None as above."""
        shape = self.shaper.shape(bare)
        if shape is None:
            return self.judged(text, is_twin=is_twin)
        key = shape + TWIN if is_twin else shape
        if key not in self.shapes.found:
            self.shapes.keep(key, self.judged(text, is_twin=is_twin))
        return self.shapes.found[key]

    def judged(self, text: bytes, *, is_twin: bool) -> Shape | None:
        """The same, found out anew."""
        value = faultless(text)
        if value is FAULTY:
            return None
        verdict = Verdict()
        self.judge.ask(verdict, Row, Row({"messages": TALK, "tools": [value]}, self.judge.plan.method))
        self.judge.ask(verdict, Tool, Tool(value, 0 if is_twin else None), ("tools", 0))
        if verdict.failures:
            return None
        schema = function_of(value).get("parameters")
        hits = [hit for hit in verdict.hits if hit.path[:1] == ("tools",)]
        return Shape(name_of(value), said(hits, verdict), Parameters(schema) if isinstance(schema, dict) else None)


def tools_in(line: bytes, frame: Frame) -> Iterator[tuple[bytes, bytes]]:
    """The tools in a line: as they stand there, and without their descriptions."""
    numbers, done = iter(frame.tools), 0
    for start, stop, bare_stop in zip(numbers, numbers, numbers, strict=True):
        yield line[start:stop], (frame.bare or b"")[done:bare_stop]
        done = bare_stop


def said(hits: Iterable[Hit], verdict: Verdict) -> Said:
    """What some hits of a verdict say, and what beside them has no place."""
    omissions = [(omission.what, omission.why) for omission in verdict.omissions]
    blocked = [(code, "") for code in verdict.blocked_by]
    return (*((hit.rule.code, str(hit.problem.severity)) for hit in hits), *omissions, *blocked)
