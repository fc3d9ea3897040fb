"""All examples of a file seen together: what repeats is first guessed from the fingerprints, then proven on the lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import tee
from typing import Any

import msgspec

from jsonl_lint.again import Again, Reopen, lines_at
from jsonl_lint.canonical import digest
from jsonl_lint.long_array import LongArray
from jsonl_lint.prints import Prints
from jsonl_lint.repeats import Round, Wanted, common, count, differing, places, repeated, rounds
from jsonl_lint.rule import FileSummary, Lines, Repeat, Variant
from jsonl_lint.targets import Method
from jsonl_lint.values import identity, value_of

__all__ = ["FileData", "WholeDataset"]

# If more examples than these look alike, their fingerprints are first made so sharp that hardly any look alike that are not.
MANY = 200_000

Value = dict[str, Any] | bytes
"""An example by what makes it the same as another: its value, or its bytes if these say more than that."""


class FileData(msgspec.Struct):
    """A file's fingerprints and the way to read its lines again; None where there is no way."""

    path: str
    prints: Prints
    reopen: Reopen | None

    def values(self, indexes: Iterable[int]) -> Iterator[tuple[int, Again, Value]]:
        """The values of some examples, read again in the order of their lines."""
        assert self.reopen is not None
        ahead, behind = tee(indexes)
        for index, again in zip(ahead, lines_at(self.reopen, self.path, self.prints.lines_of(behind)), strict=True):
            yield index, again, identity(again.text, value_of(again.text))


class WholeDataset:
    """A file's examples as the rules on datasets see them; `unproven` counts what could not be read again."""

    def __init__(self, data: FileData, file: FileSummary, held_out_files: Sequence[FileData] = ()) -> None:
        self.data = data
        self.file = file
        self.held_out_files = held_out_files
        self.unproven = 0

    @cached_property
    def asked_again(self) -> Wanted:
        """The fingerprints of what is asked more than once; without any of these no example stands twice."""
        return repeated(self.data.prints.prompts)

    @property
    def may_repeat(self) -> bool:
        """Whether some examples may be equal, or have the same prompt."""
        return len(self.asked_again) > 0

    @property
    def may_overlap(self) -> bool:
        """Whether there are validation files, in which examples may stand too."""
        return bool(self.held_out_files)

    def duplicates(self) -> Iterator[Repeat]:
        """The examples that are equal by value to an earlier one."""
        if not self.may_repeat:
            return
        numbers, candidates = self.sharpened(self.data.prints.examples, repeated, lambda value: value)
        for wanted in self.provable(numbers, candidates):
            first_lines: dict[bytes, int] = {}
            for _, again, value in self.data.values(places(numbers, wanted)):
                first = first_lines.setdefault(digest(value), again.line)
                if first != again.line:
                    yield Repeat(again.line, first, again.start, again.end)

    def conflicts(self) -> Iterator[Repeat]:
        """The examples whose prompt is that of an earlier one, and whose answer is another."""
        if not self.may_repeat:
            return
        prints = self.data.prints

        def answered(numbers: LongArray) -> Wanted:
            return differing(numbers, prints.examples, repeated(numbers))

        numbers, candidates = self.sharpened(prints.prompts, answered, lambda value: subject_of(value, prints.method))
        for wanted in self.provable(numbers, candidates):
            answers = Answers(prints.method)
            for _, again, value in self.data.values(places(numbers, wanted)):
                first = answers.contradicted(value, again.line)
                if first is not None:
                    yield Repeat(again.line, first, again.start, again.end)

    def held_out(self) -> Iterator[Repeat]:
        """The examples that stand in a validation file too, wholly or with their prompt."""
        prints = self.data.prints
        for other in self.held_out_files:
            if other.prints.method != prints.method:
                continue
            shared = common(prints.prompts, other.prints.prompts)
            if self.data.reopen is None or other.reopen is None:
                self.unproven += count(prints.prompts, shared)
                continue
            for wanted in rounds(shared):
                yield from self.overlaps(other, wanted)

    def overlaps(self, other: FileData, wanted: Round) -> Iterator[Repeat]:
        """Of examples that look alike in two files, those that are."""
        prints = self.data.prints
        wholes: dict[bytes, int] = {}
        prompts: dict[bytes, int] = {}
        for _, again, value in other.values(places(other.prints.prompts, wanted)):
            wholes.setdefault(digest(value), again.line)
            prompts.setdefault(digest(parts(value, prints.method)[0]), again.line)
        for _, again, value in self.data.values(places(prints.prompts, wanted)):
            whole = wholes.get(digest(value))
            first = whole or prompts.get(digest(parts(value, prints.method)[0]))
            if first is not None:
                yield Repeat(again.line, first, again.start, again.end, other.path, whole is not None)

    def sharpened(
        self, numbers: LongArray, look_for: Callable[[LongArray], Wanted], subject: Callable[[Value], Any]
    ) -> tuple[LongArray, Wanted]:
        """The fingerprints of a subject, and which of them are looked for; those of many made anew from all of the subject.

        What is remembered of a round is then bounded by its numbers, whatever the data are like.
        """
        wanted = look_for(numbers)
        if self.data.reopen is None or count(numbers, wanted) <= MANY:
            return numbers, wanted
        values = self.data.values(places(numbers, wanted))
        sharp = numbers.replaced(
            (index, int.from_bytes(digest(subject(value))[:8], "big")) for index, _, value in values
        )
        return sharp, look_for(sharp)

    def provable(self, numbers: LongArray, candidates: Wanted) -> Iterator[Round]:
        """The candidates in rounds, if they can be proven; where lines can't be read again, they are counted instead."""
        if self.data.reopen is not None:
            yield from rounds(candidates)
        else:
            self.unproven += count(numbers, candidates) - len(candidates)

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


class Answers:
    """The different answers on each subject, and the lines on which they stand first.

    Of many answers not all are remembered, but the first on each subject: one that comes again is then told again.
    """

    def __init__(self, method: Method) -> None:
        self.method = method
        self.by_subject: dict[bytes, dict[Any, int]] = {}
        self.room = MANY

    def contradicted(self, value: Value, line: int) -> int | None:
        """The first line whose answer is at odds with a new one on the same subject; None if there is none."""
        answer = parts(value, self.method)[1]
        if answer is None:
            return None
        known = self.by_subject.setdefault(digest(subject_of(value, self.method)), {})
        if answer in known:
            return None
        first = at_odds(known, answer, self.method)
        if self.room > 0 or not known:
            known[answer] = line
            self.room -= 1
        return first


def at_odds(known: dict[Any, int], answer: Any, method: Method) -> int | None:
    """The first line whose answer is at odds with this one: any other answer, or for a preference the opposite one."""
    if method == "dpo":
        return known.get(answer[::-1])
    return next(iter(known.values()), None)


def subject_of(value: Value, method: Method) -> Any:
    """What examples that are at odds have in common: what they ask, and for preferences the two answers in any order."""
    asked, answer = parts(value, method)
    return [asked, sorted(answer or ())] if method == "dpo" else asked


def parts(value: Value, method: Method) -> tuple[Any, Any]:
    """What an example asks, and what its answer says; None for an answer that teaches nothing or can't be told.

    An example that asks nothing, or may ask something else, has no answer, and is asked by no other.
    """
    if not isinstance(value, dict):
        return [value], None
    if method == "rft":
        return {key: item for key, item in value.items() if key in ("messages", "tools")}, None
    if method == "completion" and value.get("prompt"):
        return value["prompt"], text_key(value.get("completion"))
    if method == "dpo" and messages_of(value.get("input")):
        return value["input"], (text_key(value.get("preferred_output")), text_key(value.get("non_preferred_output")))
    *before, last = messages_of(value) or [None]
    if method == "sft" and before and isinstance(last, dict) and last.get("role") == "assistant":
        return {**value, "messages": before}, answer_of(last)
    return [value], None


def messages_of(holder: Any) -> list[Any]:
    """The messages of a conversation; none where it has no list of them."""
    messages = holder.get("messages") if isinstance(holder, dict) else None
    return messages if isinstance(messages, list) else []


def answer_of(message: dict[str, Any]) -> bytes | None:
    """What an assistant's message says, as far as the model is trained to say it."""
    if message.get("weight") == 0:
        return None
    return digest([text_key(message.get("content")), message.get("tool_calls")])


def text_key(content: Any) -> bytes:
    """What a text without its accidental spaces, or another value, has in common with none that is different."""
    return digest(" ".join(content.split()) if isinstance(content, str) else content)
