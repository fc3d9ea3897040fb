"""All examples of a file seen together: what repeats is first guessed from the fingerprints, then proven on the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from jsonl_lint.again import Again, Reopen, lines_at
from jsonl_lint.canonical import canonical, digest
from jsonl_lint.judge import decode, marks
from jsonl_lint.prints import Prints
from jsonl_lint.repeats import Groups, common, repeated
from jsonl_lint.rule import FileSummary, Lines, Repeat, Variant
from jsonl_lint.targets import Method

__all__ = ["FileData", "WholeDataset"]


class FileData(msgspec.Struct):
    """A file's fingerprints and the way to read its lines again; None where there is no way."""

    path: str
    prints: Prints
    reopen: Reopen | None

    def values(self, indexes: Sequence[int]) -> Iterator[tuple[int, Again, dict[str, Any]]]:
        """The values of some examples, read again in the order of their lines."""
        by_line = {self.prints.line_of(index): index for index in indexes}
        assert self.reopen is not None
        for again in lines_at(self.reopen, self.path, sorted(by_line)):
            yield by_line[again.line], again, value_of(again.text)


class WholeDataset:
    """A file's examples as the rules on datasets see them; `unproven` counts what could not be read again."""

    def __init__(self, data: FileData, file: FileSummary, held_out_files: Sequence[FileData] = ()) -> None:
        self.data = data
        self.file = file
        self.held_out_files = held_out_files
        self.unproven = 0

    def duplicates(self) -> Iterator[Repeat]:
        """The examples that are equal by value to an earlier one."""
        for groups in self.provable(repeated(self.data.prints.examples)):
            number_of = numbers(groups)
            first_lines: dict[tuple[int, bytes], int] = {}
            for index, again, value in self.data.values(sorted(number_of)):
                first = first_lines.setdefault((number_of[index], digest(value)), again.line)
                if first != again.line:
                    yield Repeat(again.line, first, again.start, again.end)

    def conflicts(self) -> Iterator[Repeat]:
        """The examples whose prompt is that of an earlier one, and whose answer is another."""
        prints = self.data.prints
        differing = (only_differing(groups, prints) for groups in repeated(prints.prompts))
        for groups in self.provable(differing):
            number_of = numbers(groups)
            answers: dict[tuple[int, bytes], dict[Any, int]] = {}
            for index, again, value in self.data.values(sorted(number_of)):
                asked, answer = parts(value, prints.method)
                if answer is None:
                    continue
                known = answers.setdefault((number_of[index], digest(asked)), {})
                first = contradicted(known, answer, prints.method)
                if answer not in known and first is not None:
                    yield Repeat(again.line, first, again.start, again.end)
                known.setdefault(answer, again.line)

    def held_out(self) -> Iterator[Repeat]:
        """The examples that stand in a validation file too, wholly or with their prompt."""
        prints = self.data.prints
        for other in self.held_out_files:
            if other.prints.method != prints.method:
                continue
            for own, theirs in common(prints.prompts, other.prints.prompts):
                if self.data.reopen is None or other.reopen is None:
                    self.unproven += sum(map(len, own.values()))
                    continue
                yield from self.overlaps(own, other, theirs)

    def overlaps(self, own: Groups, other: FileData, theirs: Groups) -> Iterator[Repeat]:
        """Of examples that look alike in two files, those that are."""
        method = self.data.prints.method
        wholes: dict[bytes, int] = {}
        prompts: dict[bytes, int] = {}
        for _, again, value in other.values(sorted(numbers(theirs))):
            wholes.setdefault(digest(value), again.line)
            prompts.setdefault(digest(parts(value, method)[0]), again.line)
        for _, again, value in self.data.values(sorted(numbers(own))):
            whole = wholes.get(digest(value))
            first = whole or prompts.get(digest(parts(value, method)[0]))
            if first is not None:
                yield Repeat(again.line, first, again.start, again.end, other.path, whole is not None)

    def provable(self, rounds: Iterator[Groups]) -> Iterator[Groups]:
        """The rounds that can be proven; where lines can't be read again, they are counted instead."""
        for groups in rounds:
            if self.data.reopen is not None:
                yield groups
            else:
                self.unproven += sum(len(places) - 1 for places in groups.values())

    @property
    def systems(self) -> Sequence[Variant] | None:
        """The different system messages in order of their first lines; None if there are too many to tell."""
        systems = self.data.prints.systems
        return None if systems is None else sorted(systems.values(), key=lambda variant: variant.line)

    @property
    def with_tools(self) -> Lines:
        """The examples that declare tools."""
        return self.data.prints.has_tools

    @property
    def without_tools(self) -> Lines:
        """The examples that declare none."""
        return self.data.prints.lacks_tools

    @property
    def tools(self) -> dict[str, Sequence[int]]:
        """For each tool the first lines of the different ways in which it is declared."""
        return {name: sorted(ways.values()) for name, ways in self.data.prints.tools.items()}


def value_of(text: bytes) -> dict[str, Any]:
    """The value of a line that was an example when it was read first."""
    text = text.removesuffix(b"\r")
    body = text[marks(text) :]
    value = decode(body)
    return value if isinstance(value, dict) else {}


def numbers(groups: Groups) -> dict[int, int]:
    """The number of each place."""
    return {place: number for number, places in groups.items() for place in places}


def only_differing(groups: Groups, prints: Prints) -> Groups:
    """The groups that are not of equal examples throughout."""
    examples = prints.examples
    return {number: places for number, places in groups.items() if len({examples[place] for place in places}) > 1}


def contradicted(known: dict[Any, int], answer: Any, method: Method) -> int | None:
    """The first line whose answer is at odds with this one: any other answer, or for a preference the opposite one."""
    if method == "dpo":
        return known.get(answer[::-1])
    return next(iter(known.values()), None)


def parts(value: dict[str, Any], method: Method) -> tuple[Any, Any]:
    """What an example asks, and what its answer says; None for an answer that teaches nothing or can't be told."""
    if method == "completion":
        return value.get("prompt"), text_key(value.get("completion"))
    if method == "dpo":
        pair = (value.get("preferred_output"), value.get("non_preferred_output"))
        return value.get("input"), tuple(map(text_key, pair))
    if method == "rft":
        return {key: item for key, item in value.items() if key in ("messages", "tools")}, None
    rest = {key: item for key, item in value.items() if key != "messages"}
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return value, None
    return {**rest, "messages": messages[:-1]}, answer_of(messages[-1])


def answer_of(message: Any) -> bytes | None:
    """What an assistant's message says, as far as the model is trained to say it."""
    if not isinstance(message, dict) or message.get("role") != "assistant" or message.get("weight") == 0:
        return None
    content, calls = message.get("content"), message.get("tool_calls")
    return canonical([text_key(content), calls])


def text_key(content: Any) -> bytes:
    """A text without its accidental spaces, or another value, as bytes."""
    return canonical(" ".join(content.split()) if isinstance(content, str) else content)
