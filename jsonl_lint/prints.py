"""What is kept of each example while a file goes by: sixteen bytes, from which all that stands twice can be found again.

A fingerprint is made of those of all messages: of their texts, and of those that are more than a text of the whole. Equal
values have equal fingerprints however they are spelled; the reverse is proven by reading the lines again. What is asked has
one of its own, so that other answers to it are found; of an example that has no answer all is taken for that.

System messages and tools are few in most files: each is kept once, as long as there are not too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import orjson
from xxhash import xxh64_digest as digest
from xxhash import xxh64_intdigest as xxh

from jsonl_lint.canonical import canonical
from jsonl_lint.long_array import LongArray
from jsonl_lint.rule import Lines, Variant
from jsonl_lint.targets import Method
from jsonl_lint.values import identity

__all__ = ["MAX_SYSTEMS", "MAX_TOOLS", "MAX_VARIANTS", "Prints"]

# Beyond these bounds the kinds are as good as one for each example, and their comparison says nothing.
MAX_SYSTEMS = 1000
MAX_TOOLS = 10_000
MAX_VARIANTS = 8
MAX_SYSTEM_TEXT = 8 << 20

UNSET = msgspec.UNSET
SYSTEM_ROLES = ("system", "developer")


class Prints:
    """The fingerprints of a range's examples, in order, and the kinds of its system messages and tools.

    `examples` and `prompts` have one number for each example. The examples stand on lines that follow each other; where
    one does not, `gaps` holds its index and `gap_lines` its line.
    """

    def __init__(self, method: Method) -> None:
        self.method = method
        self.examples = LongArray()
        self.prompts = LongArray()
        self.gaps = LongArray()
        self.gap_lines = LongArray()
        self.next_line = 1
        self.systems: dict[int, Variant] | None = {}
        self.system_text = 0
        self.has_tools = Lines()
        self.lacks_tools = Lines()
        self.tools: dict[str, dict[int, int]] = {}
        self.has_all_tools = True
        self.tool_sets: dict[int, None] = {}
        self.last_system: Variant | None = None

    def __getstate__(self) -> dict[str, Any]:
        """The state for another process, without what only saves time."""
        return {**self.__dict__, "tool_sets": {}, "last_system": None}

    def add_plain(
        self, first_line: int, prompts: bytes, examples: bytes, systems: Iterable[tuple[int, Variant]]
    ) -> None:
        """Take in neighbouring examples without tools: their fingerprints as bytes, and the system messages at their heads."""
        if first_line != self.next_line:
            self.skip(first_line)
        count = len(examples) // self.examples.itemsize
        self.next_line = first_line + count
        self.prompts.frombytes(prompts)
        self.examples.frombytes(examples)
        for key, new in systems:
            self.add_variant(key, new)
        self.lacks_tools.first = self.lacks_tools.first or first_line
        self.lacks_tools.count += count
        self.settle()

    def add_row(self, line: int, row: Any) -> None:
        """Take in a typed row that is structurally clean."""
        if self.method != "sft":
            self.add_outline(line, *outline(msgspec.to_builtins(row), self.method))
            return
        digests = list(map(digest, map(text_of_typed, row.messages)))
        self.add(line, *divided(digests, row.messages[-1].ROLE))
        head = row.messages[0]
        if head.ROLE in SYSTEM_ROLES:
            self.add_system(line, head.content if isinstance(head.content, str) else "")
        self.add_tools(line, getattr(row, "tools", UNSET))

    def add_value(self, line: int, value: dict[str, Any], text: bytes) -> None:
        """Take in the value of a line, whatever defects it has; the fingerprints are those of an equal typed row.

        Where the value says neither what is asked nor what is answered, they are those of all of the line.
        """
        holder, asked, answer = outline(value, self.method)
        self.add_outline(line, holder, asked, answer if asked or answer else canonical(identity(text, value)))

    def add_outline(self, line: int, holder: dict[str, Any], asked: bytes, answer: bytes) -> None:
        """Take in an example by its outline."""
        self.add(line, asked, answer)
        messages = holder.get("messages")
        head = messages[0] if isinstance(messages, list) and messages else None
        if isinstance(head, dict) and head.get("role") in SYSTEM_ROLES:
            content = head.get("content")
            self.add_system(line, content if isinstance(content, str) else "")
        self.add_tools(line, holder.get("tools"))

    def add(self, line: int, asked: bytes, answer: bytes) -> None:
        """Keep the fingerprints of an example; where nothing is asked, nothing but the answer can stand twice."""
        prompt = xxh(asked or answer)
        self.add_print(line, prompt, xxh(answer, prompt))

    def add_spoken(self, line: int, prompt: int, example: int) -> None:
        """Take in an example without tools by its fingerprints."""
        self.add_print(line, prompt, example)
        self.lacks_tools.add(line)

    def add_print(self, line: int, prompt: int, example: int) -> None:
        """Keep two fingerprints."""
        if line != self.next_line:
            self.skip(line)
        self.next_line = line + 1
        self.prompts.append(prompt)
        self.examples.append(example)
        self.settle()

    def add_head(self, line: int, key: int, spelled: bytes) -> None:
        """Count a system message, given with its fingerprint and as it stands in JSON."""
        known = self.systems.get(key) if self.systems is not None else None
        if known is not None:
            known.count += 1
            self.last_system = known
        elif self.systems is not None:
            self.add_variant(key, Variant(line, 1, orjson.loads(spelled)))

    def add_system(self, line: int, text: str) -> None:
        """Count a system message; most are the same as the one before."""
        last = self.last_system
        if last is not None and last.text == text:
            last.count += 1
        else:
            self.add_variant(xxh(text.encode("utf-8", "surrogatepass")), Variant(line, 1, text))

    def add_variant(self, key: int, new: Variant) -> None:
        """Count a system message, given with its fingerprint, that stands on one or more lines."""
        if self.systems is None:
            return
        known = self.systems.get(key)
        if known is not None:
            known.count += new.count
            self.last_system = known
            return
        self.systems[key] = self.last_system = new
        self.system_text += len(new.text)
        if len(self.systems) > MAX_SYSTEMS or self.system_text > MAX_SYSTEM_TEXT:
            self.systems = self.last_system = None

    def add_tools(self, line: int, tools: Any) -> None:
        """Note whether an example declares tools, and how."""
        if not tools:
            self.lacks_tools.add(line)
            return
        self.has_tools.add(line)
        whole = xxh(canonical(tools))
        if whole in self.tool_sets:
            return
        if len(self.tool_sets) < MAX_SYSTEMS:
            self.tool_sets[whole] = None
        for tool in msgspec.to_builtins(tools) if isinstance(tools, list) else ():
            name = tool_name(tool)
            if name is not None:
                self.add_tool(name, xxh(canonical(tool)), line)

    def add_tool(self, name: str, key: int, line: int) -> None:
        """Note one way in which a tool is declared, with the line where it was seen first."""
        if name not in self.tools and len(self.tools) >= MAX_TOOLS:
            self.has_all_tools = False
            return
        ways = self.tools.setdefault(name, {})
        if key not in ways and len(ways) < MAX_VARIANTS:
            ways[key] = line

    def skip(self, line: int) -> None:
        """Note that the next example does not stand on the line after the last one's."""
        self.gaps.append(len(self.examples))
        self.gap_lines.append(line)

    def lines_of(self, indexes: Iterable[int]) -> Iterator[int]:
        """The lines on which some examples stand, given in their order."""
        gaps = zip(self.gaps, self.gap_lines, strict=True)
        first, line = 0, 1
        following = next(gaps, None)
        for index in indexes:
            while following is not None and following[0] <= index:
                first, line = following
                following = next(gaps, None)
            yield line + index - first

    def settle(self) -> None:
        """Put on the disk what is too much for memory; `InputError` if there is no room."""
        if self.examples.is_full:
            for numbers in (self.examples, self.prompts, self.gaps, self.gap_lines):
                numbers.settle()

    def merge(self, other: Prints, lines: int) -> None:
        """Take in what is kept of the range that follows; its line numbers begin after `lines` lines."""
        count = len(self.examples)
        if other.examples and self.next_line != lines + 1 and next(iter(other.gaps), 1) > 0:
            self.skip(lines + 1)
        self.gaps.extend(index + count for index in other.gaps)
        self.gap_lines.extend(line + lines for line in other.gap_lines)
        for chunk in other.examples.chunks():
            self.examples.extend(chunk)
        for chunk in other.prompts.chunks():
            self.prompts.extend(chunk)
        if other.examples:
            self.next_line = other.next_line + lines
        self.merge_systems(other.systems, lines)
        self.has_tools.merge(other.has_tools, lines)
        self.lacks_tools.merge(other.lacks_tools, lines)
        self.has_all_tools = self.has_all_tools and other.has_all_tools
        for name, ways in other.tools.items():
            for key, line in ways.items():
                self.add_tool(name, key, line + lines)
        self.settle()

    def merge_systems(self, others: dict[int, Variant] | None, lines: int) -> None:
        """Take in the system messages of the range that follows."""
        if others is None:
            self.systems = self.last_system = None
        for key, other in others.items() if others else ():
            self.add_variant(key, msgspec.structs.replace(other, line=other.line + lines))


Outline = tuple[dict[str, Any], bytes, bytes]


def outline(value: dict[str, Any], method: Method) -> Outline:
    """The object that holds the conversation, the bytes of what is asked, and those of what is answered, as far as any is."""
    return OUTLINES[method](value)


def chat_outline(value: dict[str, Any]) -> Outline:
    """A chat line: the last message is the answer, if it is the assistant's."""
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return value, b"", b""
    last = messages[-1]
    role = last.get("role") if isinstance(last, dict) else None
    return value, *divided(list(map(digest, map(text_of, messages))), role)


def divided(digests: list[bytes], last_role: Any) -> tuple[bytes, bytes]:
    """Of the digests of all messages those of what is asked and of what is answered; without an answer nothing is asked."""
    before = len(digests) - 1 if last_role == "assistant" else 0
    return b"".join(digests[:before]), b"".join(digests[before:])


def preference_outline(value: dict[str, Any]) -> Outline:
    """A preference line: the input is asked, and there are two answers."""
    source = value.get("input")
    holder = source if isinstance(source, dict) else {}
    asked = all_texts(holder.get("messages"))
    answers = [canonical(value.get(key)) for key in ("preferred_output", "non_preferred_output")]
    return holder, asked, b"\0".join(answers) if asked else b""


def reinforcement_outline(value: dict[str, Any]) -> Outline:
    """A reinforcement line: all is asked."""
    return value, all_texts(value.get("messages")), b""


def completion_outline(value: dict[str, Any]) -> Outline:
    """A completion line."""
    prompt = value.get("prompt")
    return (value, canonical(prompt), canonical(value.get("completion"))) if prompt else (value, b"", b"")


OUTLINES: dict[Method, Callable[[dict[str, Any]], Outline]] = {
    "sft": chat_outline,
    "dpo": preference_outline,
    "rft": reinforcement_outline,
    "completion": completion_outline,
}


def all_texts(messages: Any) -> bytes:
    """The texts of a list of messages; nothing where there are none."""
    return b"".join(map(digest, map(text_of, messages))) if isinstance(messages, list) else b""


def text_of(message: Any) -> bytes:
    """The text of a message; all of the message where it says more than that, or something else."""
    if isinstance(message, dict) and not message.get("tool_calls"):
        content = message.get("content")
        if isinstance(content, str):
            return content.encode("utf-8", "surrogatepass")
    return canonical(message)


def text_of_typed(message: Any) -> bytes:
    """The same of a typed message."""
    content = getattr(message, "content", UNSET)
    if isinstance(content, str) and not getattr(message, "tool_calls", UNSET):
        return content.encode()
    return canonical(message)


def tool_name(tool: Any) -> str | None:
    """The name of the function that a tool declares; None where it has none."""
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None
