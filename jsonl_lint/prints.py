"""What is kept of each example while a file goes by: sixteen bytes, from which all that stands twice can be found again.

A fingerprint covers the texts that differ in practice: the first message, the one before the answer, the answer; of long
ones the ends. Equal values have equal fingerprints however they are spelled; the reverse is proven by reading the lines
again. System messages and tools are few in most files: each is kept once, as long as there are not too many.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import msgspec
from xxhash import xxh3_64_intdigest as xxh

from jsonl_lint.canonical import canonical
from jsonl_lint.rule import Lines, Variant
from jsonl_lint.targets import Method

__all__ = ["MAX_SYSTEMS", "MAX_TOOLS", "MAX_VARIANTS", "Prints"]

# Beyond these bounds the kinds are as good as one for each example, and their comparison says nothing.
MAX_SYSTEMS = 1000
MAX_TOOLS = 10_000
MAX_VARIANTS = 8
MAX_SYSTEM_TEXT = 8 << 20

# A text from this length on is told from others by its length and so many characters at both ends.
LONG = 600
END = 200

EVEN = 2**64 - 2

UNSET = msgspec.UNSET
SYSTEM_ROLES = ("system", "developer")


class Prints:
    """The fingerprints of a range's examples, in order, and the kinds of its system messages and tools.

    `examples` and `prompts` have one number for each example, odd in `examples` where the answer may be another one though the
    number is the same. The examples stand on lines that follow each other; where
    one does not, `gaps` holds its index and `gap_lines` its line.
    """

    def __init__(self, method: Method) -> None:
        self.method = method
        self.examples = array("Q")
        self.prompts = array("Q")
        self.gaps = array("Q")
        self.gap_lines = array("Q")
        self.next_line = 1
        self.systems: dict[int, Variant] | None = {}
        self.system_text = 0
        self.has_tools = Lines()
        self.lacks_tools = Lines()
        self.tools: dict[str, dict[int, int]] = {}
        self.has_all_tools = True
        self.tool_sets: dict[int, None] = {}

    def __getstate__(self) -> dict[str, Any]:
        """The state for another process, without what only saves time."""
        return {**self.__dict__, "tool_sets": {}}

    def add_row(self, line: int, row: Any) -> None:
        """Take in a typed row that is structurally clean."""
        if self.method != "sft":
            self.add_value(line, msgspec.to_builtins(row))
            return
        try:
            messages = row.messages
            last = messages[-1]
            answer = brief(last.content)
            head = messages[0]
            first = head.content.encode()
            before = brief(messages[-2].content) if len(messages) > 2 else b""
        except (AttributeError, TypeError):  # the content is none, or no text
            self.add_value(line, msgspec.to_builtins(row))
            return
        if line != self.next_line:
            self.skip(line)
        self.next_line = line + 1
        key = xxh(first)
        if self.systems is not None and head.__struct_config__.tag in SYSTEM_ROLES:
            self.add_system(key, head.content, line)
        prompt = xxh(before, key ^ len(messages))
        self.prompts.append(prompt)
        says_more = len(last.content) >= LONG or getattr(last, "tool_calls", None)
        self.examples.append(xxh(answer, prompt) | 1 if says_more else xxh(answer, prompt) & EVEN)
        tools = getattr(row, "tools", UNSET)
        if tools is not UNSET:
            self.add_tools(line, tools)
        elif self.lacks_tools.count:
            self.lacks_tools.count += 1
        else:
            self.lacks_tools.add(line)

    def add_value(self, line: int, value: dict[str, Any]) -> None:
        """Take in the value of a line, whatever defects it has; the fingerprints are those of an equal typed row."""
        if line != self.next_line:
            self.skip(line)
        self.next_line = line + 1
        holder, asked, answers = outline(value, self.method)
        key = xxh(asked[0])
        messages = holder.get("messages")
        head = messages[0] if isinstance(messages, list) and messages else None
        if self.systems is not None and isinstance(head, dict) and head.get("role") in SYSTEM_ROLES:
            content = head.get("content")
            self.add_system(key, content if isinstance(content, str) else "", line)
        prompt = xxh(asked[1], key ^ (len(messages) if isinstance(messages, list) else 0))
        self.prompts.append(prompt)
        for answer in answers:
            prompt = xxh(answer, prompt)
        says_more = self.method == "sft" and isinstance(messages, list) and messages and is_cut(messages[-1])
        self.examples.append(prompt | 1 if says_more else prompt & EVEN)
        self.add_tools(line, holder.get("tools"))

    def add_system(self, key: int, text: str, line: int) -> None:
        """Count a system message."""
        assert self.systems is not None
        known = self.systems.get(key)
        if known is not None:
            known.count += 1
            return
        self.systems[key] = Variant(line, 1, text)
        self.system_text += len(text)
        if len(self.systems) > MAX_SYSTEMS or self.system_text > MAX_SYSTEM_TEXT:
            self.systems = None

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

    def line_of(self, index: int) -> int:
        """The line on which an example stands."""
        last = bisect_right(self.gaps, index) - 1
        return index + 1 if last < 0 else self.gap_lines[last] + index - self.gaps[last]

    def merge(self, other: Prints, lines: int) -> None:
        """Take in what is kept of the range that follows; its line numbers begin after `lines` lines."""
        count = len(self.examples)
        if other.examples and self.next_line != lines + 1 and (not other.gaps or other.gaps[0] != 0):
            self.skip(lines + 1)
        self.gaps.extend(index + count for index in other.gaps)
        self.gap_lines.extend(line + lines for line in other.gap_lines)
        self.examples.extend(other.examples)
        self.prompts.extend(other.prompts)
        if other.examples:
            self.next_line = other.next_line + lines
        self.merge_systems(other.systems, lines)
        self.has_tools.merge(other.has_tools, lines)
        self.lacks_tools.merge(other.lacks_tools, lines)
        self.has_all_tools = self.has_all_tools and other.has_all_tools
        for name, ways in other.tools.items():
            for key, line in ways.items():
                self.add_tool(name, key, line + lines)

    def merge_systems(self, others: dict[int, Variant] | None, lines: int) -> None:
        """Take in the system messages of the range that follows."""
        if others is None:
            self.systems = None
        for key, other in others.items() if others else ():
            if self.systems is not None:
                self.add_system(key, other.text, other.line + lines)
            if self.systems is not None:
                self.systems[key].count += other.count - 1


Outline = tuple[dict[str, Any], tuple[bytes, bytes], tuple[bytes, ...]]


def outline(value: dict[str, Any], method: Method) -> Outline:
    """The object that holds the conversation, the bytes of what is asked (first and last), and those of the answers."""
    return OUTLINES[method](value)


def chat_outline(value: dict[str, Any]) -> Outline:
    """A chat line: the last message is the answer."""
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return value, (b"", b""), (canonical(messages),)
    before = text_of(messages[-2]) if len(messages) > 2 else b""
    return value, (whole_text_of(messages[0]), before), (text_of(messages[-1]),)


def preference_outline(value: dict[str, Any]) -> Outline:
    """A preference line: the input is asked, and there are two answers."""
    source = value.get("input")
    holder = source if isinstance(source, dict) else {}
    answers = tuple(canonical(value.get(key)) for key in ("preferred_output", "non_preferred_output"))
    return holder, ends(holder.get("messages")), answers


def reinforcement_outline(value: dict[str, Any]) -> Outline:
    """A reinforcement line: all is asked."""
    return value, ends(value.get("messages")), ()


def completion_outline(value: dict[str, Any]) -> Outline:
    """A completion line."""
    return value, (canonical(value.get("prompt")), b""), (canonical(value.get("completion")),)


OUTLINES: dict[Method, Callable[[dict[str, Any]], Outline]] = {
    "sft": chat_outline,
    "dpo": preference_outline,
    "rft": reinforcement_outline,
    "completion": completion_outline,
}


def ends(messages: Any) -> tuple[bytes, bytes]:
    """The bytes of the first and the last message of a list."""
    if not isinstance(messages, list) or not messages:
        return canonical(messages), b""
    return whole_text_of(messages[0]), text_of(messages[-1]) if len(messages) > 1 else b""


def text_of(message: Any) -> bytes:
    """The text of a message in brief; all of the message where its content is no text."""
    content = message.get("content") if isinstance(message, dict) else None
    return brief(content) if isinstance(content, str) else canonical(message)


def is_cut(message: Any) -> bool:
    """Whether the text of a message in brief leaves something out that it says."""
    content = message.get("content") if isinstance(message, dict) else None
    return isinstance(content, str) and (len(content) >= LONG or bool(message.get("tool_calls")))


def whole_text_of(message: Any) -> bytes:
    """The text of a message; all of the message where its content is no text."""
    content = message.get("content") if isinstance(message, dict) else None
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else canonical(message)


def brief(text: str) -> bytes:
    """The bytes of a text; of a long one its length and its ends, which tell it from most others."""
    if len(text) < LONG:
        return text.encode("utf-8", "surrogatepass")
    return b"%d " % len(text) + (text[:END] + text[-END:]).encode("utf-8", "surrogatepass")


def tool_name(tool: Any) -> str | None:
    """The name of the function that a tool declares; None where it has none."""
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None
