"""The rules on texts: which lines they are shown, and what they find there.

Most lines hold nothing that any of these rules could find, and are not even decoded: each rule names texts of which one must
occur, and a block of lines is searched for all of them at once. Letters of ASCII that are written as escapes could hide
such a text, so that a line with any is shown to every rule.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import orjson

from jsonl_lint.finding import Path
from jsonl_lint.formats import method_of
from jsonl_lint.judge import HARD, Failure, Hit, decode, faults_of, marks, same_family
from jsonl_lint.parts import conversations
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Row, Rule, Text
from jsonl_lint.targets import Method

__all__ = ["Content", "Suspect", "spellings", "texts_of"]

# A search for more texts than this at once is many times slower.
GROUP = 24

# The bytes of chat in JSON, the commonest first.
COMMON = b" etaoinsrhldcumfpgwybv,.k\"\\n-:1'0I2TSAC{}[]"

# Below this, searching text by text costs less than loading the library that searches for all at once.
FEW_BYTES = 32 * 1024

ESCAPED_ASCII = tuple(rb"\u00%d" % digit for digit in range(2, 8))

Search = Callable[[bytes], Iterable[int]]


class Suspect(msgspec.Struct):
    """A line that is to be shown to some rules: where it begins in its block, how many lines stand before it there."""

    start: int
    index: int
    text: bytes
    rules: set[int]


class Content:
    """The rules on texts of one plan, and the searches that say which lines they are shown."""

    def __init__(self, plan: Plan, rules: Sequence[Rule] | None = None) -> None:
        self.plan = plan
        self.rules = plan.rules(Text) if rules is None else rules
        # Only a chat line says by its end how its answer ends.
        ends = plan.method in ("sft", "rft")
        self.everywhere = {
            index
            for index, rule in enumerate(self.rules)
            if (rule.triggers is None and rule.suspects is None) or (rule.suspects is not None and not ends)
        }
        self.singles, self.groups = arranged(self.rules)
        everyone = frozenset(range(len(self.rules)))
        self.groups.append((ESCAPED_ASCII, everyone))
        self.searches = [(rule.suspects, frozenset({i})) for i, rule in enumerate(self.rules) if rule.suspects]

    def suspects(self, block: bytes) -> Iterator[Suspect]:
        """The lines of a block that some rule has to see, in order."""
        places: dict[int, set[int]] = {}
        for offset, rules in self.hits(block):
            start = block.rfind(b"\n", 0, offset) + 1
            places.setdefault(start, set(self.everywhere)).update(rules)
        if self.everywhere:
            for start in starts(block):
                places.setdefault(start, set(self.everywhere))
        index, seen = 0, 0
        for start in sorted(places):
            index += block.count(b"\n", seen, start)
            seen = start
            end = block.find(b"\n", start)
            yield Suspect(start, index, block[start : end if end >= 0 else len(block)], places[start])

    def hits(self, block: bytes) -> Iterator[tuple[int, frozenset[int]]]:
        """Where something is found that some rules look for: an offset, and the rules."""
        few = len(block) < FEW_BYTES
        for literal, rules in self.singles:
            yield from ((offset, rules) for offset in line_hits(block, literal))
        ascii_only = block.isascii()
        for literals, rules in self.groups:
            if ascii_only and is_beyond_ascii(literals[0]):
                continue
            if few:
                for literal in literals:
                    yield from ((offset, rules) for offset in line_hits(block, literal))
            else:
                yield from ((start, rules) for _, start, _ in automaton(literals)(block))
        for search, rules in self.searches:
            yield from ((offset, rules) for offset in search(block))

    def judge(self, suspect: Suspect) -> tuple[list[Hit], list[Failure]]:
        """What the rules find in the texts of a line, and which of them failed."""
        hits: list[Hit] = []
        failures: list[Failure] = []
        value = readable(suspect.text, self.plan.method)
        for path, text in texts_of(value, self.plan.method) if value is not None else ():
            for index in sorted(suspect.rules):
                rule = self.rules[index]
                try:
                    hits.extend(Hit(rule, problem, path) for problem in rule.check(text, self.plan.facts))
                except Exception as error:
                    failures.append(Failure(rule.code, repr(error)))
        return hits, failures


Owned = tuple[tuple[bytes, ...], frozenset[int]]
"""Texts that are searched for at once, and the rules to show their lines to."""


def arranged(rules: Iterable[Rule]) -> tuple[list[tuple[bytes, frozenset[int]]], list[Owned]]:
    """The triggers of rules: single bytes, and groups that are searched for at once; each with the rules to show to."""
    wanted: dict[bytes, set[int]] = {}
    for index, rule in enumerate(rules):
        for trigger in rule.triggers or ():
            for spelled in [trigger] if isinstance(trigger, bytes) else spellings(trigger):
                wanted.setdefault(rarest(spelled), set()).add(index)
    singles = [(literal, frozenset(owners)) for literal, owners in wanted.items() if len(literal) == 1]
    # No rule's text is in a group with another rule's: of two that overlap, only the first is found.
    alike: dict[tuple[Callable[[bytes], bool], frozenset[int]], list[bytes]] = {}
    for literal in sorted(literal for literal in wanted if len(literal) > 1):
        kind = next(kind for kind in (is_escape, is_beyond_ascii, is_plain) if kind(literal))
        alike.setdefault((kind, frozenset(wanted[literal])), []).append(literal)
    groups: list[Owned] = []
    for (_, owners), literals in alike.items():
        groups.extend((tuple(literals[at : at + GROUP]), owners) for at in range(0, len(literals), GROUP))
    return singles, groups


def is_escape(literal: bytes) -> bool:
    """Whether a text begins with an escape."""
    return literal[:1] == b"\\"


def is_beyond_ascii(literal: bytes) -> bool:
    """Whether a text begins with a character beyond ASCII."""
    return literal[0] >= 0x80


def is_plain(literal: bytes) -> bool:
    """Whether a text begins with a character of ASCII that is written as it is."""
    return not is_escape(literal) and not is_beyond_ascii(literal)


def rarest(literal: bytes) -> bytes:
    """The part of a text that is best searched for: its end from its rarest bytes, or from its first escape, on."""
    escape = literal.find(b"\\u")
    if escape >= 0:
        return literal[escape:]
    weights = [COMMON.find(byte) for byte in literal]
    rarity = [1 / (weight + 2) if weight >= 0 else 0.01 for weight in weights]
    places = range(max(len(literal) - 7, 1))
    start = min(places, key=lambda at: math.prod(rarity[at : at + 3]))
    return literal[start:]


def spellings(text: str) -> list[bytes]:
    """The ways in which writers of JSON spell a text: as it is, with its slashes escaped, with all beyond ASCII escaped."""
    plain = orjson.dumps(text)[1:-1]
    found = [plain, plain.replace(b"/", rb"\/")]
    if not text.isascii():
        lower = "".join(char if char.isascii() else escaped(char) for char in text)
        found += [lower.encode(), upper_hex(text).encode()]
    return list(dict.fromkeys(found))


def escaped(char: str) -> str:
    """A character beyond ASCII as JSON escapes it."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def upper_hex(text: str) -> str:
    """A text whose characters beyond ASCII are escaped with capital digits."""
    return "".join(char if char.isascii() else escaped(char).upper().replace("\\U", "\\u") for char in text)


@lru_cache(maxsize=64)
def automaton(literals: tuple[bytes, ...]) -> Callable[[bytes], list[tuple[int, int, int]]]:
    """The search for some texts at once."""
    library: Any = importlib.import_module("ahocorasick_rs")
    made = library.BytesAhoCorasick(list(literals), library.MatchKind.LeftmostFirst)
    search: Callable[[bytes], list[tuple[int, int, int]]] = made.find_matches_as_indexes
    return search


def line_hits(block: bytes, literal: bytes) -> Iterator[int]:
    """One offset of a text in each line that holds it."""
    offset = block.find(literal)
    while offset >= 0:
        yield offset
        end = block.find(b"\n", offset)
        offset = block.find(literal, end) if end >= 0 else -1


def starts(block: bytes) -> Iterator[int]:
    """Where the lines of a block begin."""
    start = 0
    while 0 <= start < len(block):
        yield start
        start = block.find(b"\n", start) + 1 or -1


def readable(text: bytes, method: Method) -> dict[str, Any] | None:
    """The value of a line for this method; None where another rule says why there is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        text = text.removesuffix(b"\r")
        body = text[marks(text) :]
        if not body.strip() or any(fault.kind in HARD for fault in faults_of(body)):
            return None
        value = decode(body)
    other = method_of(value)
    if not isinstance(value, dict) or (other is not None and not same_family(other, method)):
        return None
    return value


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
    parts = content if isinstance(content, list) else []
    for index, part in enumerate(parts):
        key = part.get("type") if isinstance(part, dict) else None
        if key in ("text", "refusal") and isinstance(part.get(key), str):
            yield (*base, "content", index, key), Text(part[key], role, is_last and index == len(parts) - 1)
    calls = message.get("tool_calls")
    for index, call in enumerate(calls) if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str):
            yield (*base, "tool_calls", index, "function", "arguments"), Text(arguments, role, is_arguments=True)
