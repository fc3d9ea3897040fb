"""What rules look at: a file, a line, a row, a conversation, its roles, a message, an example, a batch of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from jsonl_lint.fault import Fault
from jsonl_lint.targets import Method
from jsonl_lint.text import BOM

__all__ = [
    "Batch",
    "Conversation",
    "Example",
    "FileSummary",
    "JobSize",
    "Length",
    "Line",
    "Message",
    "Roles",
    "Row",
    "Tally",
    "intended_role",
    "order_of",
    "pictures_in",
]


class Tally(msgspec.Struct, frozen=True):
    """How often something was seen, and the line where it was seen first."""

    count: int
    first_line: int


class FileSummary(msgspec.Struct):
    """What is known of a whole file when its last byte has been read; line numbers count from 1.

    `name` is None for a stream without a name, `bom` for records that come from no file. `container` is "array" or
    "pretty" where the file is not JSONL at all.
    """

    name: str | None = None
    size: int = 0
    lines: int = 0
    blank_lines: int = 0
    examples: int = 0
    bom: bool | None = False
    encoding: str | None = None
    container: str | None = None
    crlf: Tally | None = None
    cr: Tally | None = None
    final_newline: bool = True
    role: str = "training"
    other_methods: dict[str, Tally] = {}
    image_examples: Tally | None = None
    blocked_by: dict[str, Tally] = {}

    @property
    def is_empty(self) -> bool:
        """Whether the file holds nothing but blank lines."""
        return self.lines == self.blank_lines

    @property
    def is_jsonl(self) -> bool:
        """Whether the file could be gone through line by line."""
        return self.encoding is None and self.container is None


class Line(msgspec.Struct, frozen=True):
    """One line as bytes, without its line end, and what the scanner found in it."""

    text: bytes
    faults: tuple[Fault, ...] = ()
    first: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line is empty or white space only, byte order marks at its start set aside."""
        text = self.text
        while text.startswith(BOM):
            text = text[len(BOM) :]
        return not text.strip()


class Row(msgspec.Struct, frozen=True):
    """The JSON value of one line, read for a method."""

    value: Any
    method: Method = "sft"

    @property
    def is_talk(self) -> bool:
        """Whether the row is nothing but messages that say a text: no tools, calls, results, images or unknown keys."""
        if not isinstance(self.value, dict) or len(self.value) != 1:
            return False
        messages = self.value.get("messages")
        return isinstance(messages, list) and all(map(is_said, messages))


class Conversation(msgspec.Struct, frozen=True, dict=True):
    """A list of messages, and what it is for: "train" (sft), "prompt" (rft), "input" or "output" (dpo).

    `items` is the list as it stands, whatever it holds. `row` is the object around it, with its `tools`.
    """

    items: Sequence[Any]
    purpose: str = "train"
    row: dict[str, Any] = {}

    @cached_property
    def roles(self) -> Roles:
        """The roles of the messages as they are meant, aliases resolved."""
        order = (intended_role(item.get("role")) if isinstance(item, dict) else None for item in self.items)
        return Roles(tuple(order), self.purpose)


class Roles(msgspec.Struct, frozen=True):
    """The order of the roles in a conversation, as they are meant, and nothing else of it.

    None stands for a message whose role can't be told. Rules that look at this alone get their verdict remembered.
    """

    order: tuple[str | None, ...]
    purpose: str = "train"

    @property
    def is_known(self) -> bool:
        """Whether the role of every message can be told."""
        return None not in self.order

    @property
    def is_unusual(self) -> bool:
        """Whether it is anything but user and assistant in turns up to an answer, perhaps after a system message."""
        talk = self.order[1:] if self.order[:1] == ("system",) else self.order
        return not talk or talk != ("user", "assistant") * (len(talk) // 2)


class Message(msgspec.Struct, frozen=True):
    """One message, its place in its conversation, and its role if that is one the target knows."""

    value: Any
    index: int = 0
    role: str | None = None
    conversation: Conversation = Conversation(())

    @property
    def fields(self) -> dict[str, Any]:
        """The message as an object; empty when it is none."""
        return self.value if isinstance(self.value, dict) else {}


class Length(msgspec.Struct, frozen=True):
    """The length in tokens of an example that a model does not take whole, or that can't be counted.

    `kept` is what is left of `total` at the model's `limit`; of that `trained` is learnt, and `lost` would be but is cut
    off. `error` says why the example can't be counted; then there are no numbers.
    """

    model: str
    limit: int | None = None
    total: int = 0
    kept: int = 0
    trained: int = 0
    lost: int = 0
    error: str | None = None


class JobSize(msgspec.Struct, frozen=True):
    """What a training job on one file goes through: the file's tokens, each example cut at the model's limit, and epochs."""

    tokens: int
    epochs: int


class Example(Protocol):
    """One example of the dataset as dataset and content rules see it; `line` counts from the start of what is read."""

    @property
    def line(self) -> int:
        """The line's number."""

    @property
    def value(self) -> dict[str, Any]:
        """The line's JSON object."""

    @property
    def roles(self) -> tuple[str | None, ...]:
        """The order of roles in its first conversation."""


class Batch(Protocol):
    """Neighbouring examples on which the gate found nothing: what a dataset rule sees of many lines at once.

    `first_line` is the number of the first of them; the others follow without a gap. `rows` are their typed rows, by the
    types in `formats`. `texts` are the lines' bytes without line feeds; they are cut when first asked for. Iterating gives
    the examples one by one, which costs as much as `DatasetCheck.add`.
    """

    @property
    def first_line(self) -> int:
        """The first line's number."""

    @property
    def rows(self) -> Sequence[Any]:
        """The typed row of each line."""

    @property
    def texts(self) -> Sequence[bytes]:
        """The bytes of each line."""

    @property
    def roles(self) -> Sequence[tuple[str | None, ...]]:
        """The order of roles in each line's first conversation."""

    @property
    def orders(self) -> Iterable[tuple[tuple[str | None, ...], Tally]]:
        """The different orders of roles: of how many lines each is, and of which first."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Example]: ...


ROLE_ALIASES = {
    "human": "user",
    "usr": "user",
    "customer": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "chatgpt": "assistant",
    "assistent": "assistant",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
KNOWN_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


def order_of(value: dict[str, Any]) -> tuple[str | None, ...]:
    """The order of roles in the first conversation of a line's value, as they are meant."""
    holder = value.get("input", value)
    messages = holder.get("messages") if isinstance(holder, dict) else None
    if not isinstance(messages, list):
        return ()
    return tuple([intended_role(item.get("role")) if isinstance(item, dict) else None for item in messages])


def pictures_in(value: dict[str, Any]) -> int:
    """How many parts of the messages of a line's value are images, of whatever shape."""
    messages = value.get("messages")
    contents = (
        [item.get("content") for item in messages if isinstance(item, dict)] if isinstance(messages, list) else []
    )
    parts = [part for content in contents for part in (content if isinstance(content, list) else [content])]
    return sum(isinstance(part, dict) and "image_url" in part for part in parts)


SPEAKERS = ("system", "user", "assistant")
SPOKEN = frozenset({"role", "content", "name", "weight"})


def is_said(message: Any) -> bool:
    """Whether a message has a text, a role of those that speak, and nothing else but a name and a weight."""
    return (
        isinstance(message, dict)
        and message.keys() <= SPOKEN
        and isinstance(message.get("content"), str)
        and intended_role(message.get("role")) in SPEAKERS
    )


def intended_role(role: object) -> str | None:
    """The role that a spelling stands for: `User` is user, `gpt` is assistant; None for what can't be told."""
    if not isinstance(role, str):
        return None
    if role in KNOWN_ROLES:
        return role
    plain = role.strip().lower()
    return plain if plain in KNOWN_ROLES else ROLE_ALIASES.get(plain)
