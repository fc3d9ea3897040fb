"""The rules on texts: which lines they are shown, and what they find there.

Most lines hold nothing that any of these rules could find, and are not even decoded: each rule names texts of which one must
occur, and a block of lines is searched for all of them at once. Letters of ASCII that are written as escapes could hide
such a text, so that a line with any is shown to every rule. A rule is loaded when there is a line that it has to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
import orjson

from jsonl_lint.finding import Path
from jsonl_lint.formats import method_of
from jsonl_lint.judge import Failure, Hit, same_family
from jsonl_lint.parts import conversations
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Row, Rule, Text
from jsonl_lint.rulebook import Head
from jsonl_lint.search import Search, Wanted
from jsonl_lint.targets import Method
from jsonl_lint.values import has_value, value_of

__all__ = ["Content", "Suspect", "texts_of"]

ESCAPED_ASCII = tuple(rb"\u00%d" % digit for digit in range(2, 8))


class Suspect(msgspec.Struct):
    """A line that is to be shown to some rules: where it begins in its block, how many lines stand before it there."""

    start: int
    index: int
    text: bytes
    rules: set[int]


class Content:
    """The rules on texts of one plan, and the searches that say which lines they are shown.

    `heads` are those of the rules, where they are not all; a rule is meant by its place among them. `has_value` says whether
    the JSON of a line that a decoder refuses can be read in spite of that.
    """

    def __init__(
        self, plan: Plan, heads: Sequence[Head] | None = None, *, has_value: Callable[[bytes], bool] = has_value
    ) -> None:
        self.plan = plan
        self.has_value = has_value
        self.heads = plan.heads(Text) if heads is None else heads
        self.loaded: dict[int, Rule] = {}
        # Only a chat line says by its end how its answer ends.
        self.has_ends = plan.method in ("sft", "rft")
        self.everywhere = {
            index
            for index, head in enumerate(self.heads)
            if (head.triggers is None and not head.has_search) or (head.has_search and not self.has_ends)
        }
        self.search = Search(wanted(self.heads))

    @cached_property
    def searches(self) -> list[tuple[Callable[[bytes], Iterable[int]], frozenset[int]]]:
        """The searches that rules make by themselves, each with its rule."""
        own = [index for index, head in enumerate(self.heads) if head.has_search] if self.has_ends else []
        found = ((self.rule(index).suspects, frozenset({index})) for index in own)
        return [(search, rules) for search, rules in found if search is not None]

    def rule(self, index: int) -> Rule:
        """One of the rules, loaded when it is first asked for."""
        if index not in self.loaded:
            self.loaded[index] = self.plan.rulebook[self.heads[index].code]
        return self.loaded[index]

    def suspects(self, block: bytes) -> Iterator[Suspect]:
        """The lines of a block that some rule has to see, in order."""
        index, seen = 0, 0
        for start, end, rules in self.lines(block):
            index += block.count(b"\n", seen, start)
            seen = start
            yield Suspect(start, index, block[start:end], rules)

    def lines(self, block: bytes) -> Iterator[tuple[int, int, set[int]]]:
        """Where such lines begin and end, and the rules that have to see them."""
        hits = self.search.hits(block)
        for search, rules in self.searches:
            hits += [(offset, rules) for offset in found_by(search, block)]
        if self.everywhere:
            hits += [(offset, frozenset(self.everywhere)) for offset in starts(block)]
        hits.sort(key=offset_of)
        start, end, found = 0, -1, set[int]()
        for offset, rules in hits:
            if offset > end:
                if found:
                    yield start, end, found
                start = block.rfind(b"\n", end + 1, offset) + 1 or end + 1
                end = block.find(b"\n", offset)
                end = len(block) if end < 0 else end
                found = set()
            found |= rules
        if found:
            yield start, end, found

    def judge(self, suspect: Suspect) -> tuple[list[Hit], list[Failure]]:
        """What the rules find in the texts of a line, and which of them failed."""
        hits: list[Hit] = []
        failures: list[Failure] = []
        value = self.readable(suspect.text)
        rules = [self.rule(index) for index in sorted(suspect.rules)]
        for path, text in texts_of(value, self.plan.method) if value is not None else ():
            for rule in rules:
                try:
                    hits.extend(Hit(rule, problem, path) for problem in rule.check(text, self.plan.facts))
                except Exception as error:
                    failures.append(Failure(rule.code, repr(error)))
        return hits, failures

    def readable(self, text: bytes) -> dict[str, Any] | None:
        """The value of a line for the plan's method; None where another rule says why there is none."""
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            if not self.has_value(text):
                return None
            value = value_of(text)
        other = method_of(value)
        if not isinstance(value, dict) or (other is not None and not same_family(other, self.plan.method)):
            return None
        return value


def offset_of(hit: tuple[int, frozenset[int]]) -> int:
    """Where something was found."""
    return hit[0]


def wanted(heads: Iterable[Head]) -> dict[Wanted, frozenset[int]]:
    """What is searched for, and the rules that want to see the lines where it is: their triggers, and escaped ASCII for all."""
    owners: dict[Wanted, set[int]] = {escape: set() for escape in ESCAPED_ASCII}
    for index, head in enumerate(heads):
        for trigger in head.triggers or ():
            sought = trigger.encode("latin-1") if isinstance(trigger, str) else trigger
            owners.setdefault(sought, set()).add(index)
        if head.triggers is not None or head.has_search:
            for escape in ESCAPED_ASCII:
                owners[escape].add(index)
    return {sought: frozenset(numbers) for sought, numbers in owners.items()}


def found_by(search: Callable[[bytes], Iterable[int]], block: bytes) -> Iterable[int]:
    """What a rule's own search gives for a block; a place in every line if it raises, so that nothing is passed over."""
    try:
        return list(search(block))
    except Exception:
        return starts(block)


def starts(block: bytes) -> Iterator[int]:
    """Where the lines of a block begin."""
    start = 0
    while 0 <= start < len(block):
        yield start
        start = block.find(b"\n", start) + 1 or -1


def texts_of(value: dict[str, Any], method: Method) -> Iterator[tuple[Path, Text]]:
    """The texts of a line and where they stand."""
    if method == "completion":
        for key, role in (("prompt", "user"), ("completion", "assistant")):
            if isinstance(value.get(key), str):
                yield (key,), Text(value[key], role, role == "assistant")
        return
    for base, conversation in conversations(Row(value, method)):
        last = len(conversation.items) - 1
        for index, message in enumerate(conversation.items):
            if isinstance(message, dict):
                yield from texts_of_message(message, (*base, index), index == last)


def texts_of_message(message: dict[str, Any], base: Path, is_last: bool) -> Iterator[tuple[Path, Text]]:
    """The texts of a message: its content, the parts of it, and the arguments of its calls."""
    spelled = message.get("role")
    role = spelled if isinstance(spelled, str) else None
    content = message.get("content")
    if isinstance(content, str):
        yield (*base, "content"), Text(content, role, is_last)
    parts = content if isinstance(content, list) else ()
    for index, part in enumerate(parts):
        key = part.get("type") if isinstance(part, dict) else None
        if key in ("text", "refusal") and isinstance(part.get(key), str):
            yield (*base, "content", index, key), Text(part[key], role, is_last and index == len(parts) - 1)
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return
    for index, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str):
            yield (*base, "tool_calls", index, "function", "arguments"), Text(arguments, role, is_arguments=True)
