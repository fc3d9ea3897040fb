"""What rules on datasets, on the training, and on texts look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from jsonl_lint.targets import Method, Model

__all__ = ["Dataset", "Job", "Lines", "Repeat", "Text", "Variant"]


class Lines(msgspec.Struct):
    """How many lines there are of a kind, and the first of them."""

    count: int = 0
    first: int = 0

    def add(self, line: int) -> None:
        """Count a line."""
        self.first = self.first or line
        self.count += 1

    def merge(self, other: Lines, lines: int) -> None:
        """Count those of the range that follows; its line numbers begin after `lines` lines."""
        if other.count:
            self.first = self.first or other.first + lines
        self.count += other.count


class Variant(msgspec.Struct):
    """One of several texts for one purpose: where it stands first, and how often."""

    line: int
    count: int
    text: str


class Repeat(msgspec.Struct, frozen=True):
    """A line that repeats something of an earlier one, and its bytes in the file.

    `path` is the file of the earlier line where that is another one; `whole` says that all of the example is the same.
    """

    line: int
    first_line: int
    start: int
    end: int
    path: str | None = None
    whole: bool = True


class Dataset(Protocol):
    """All examples of a file, when the last one has been read. What repeats is proven by reading its lines again."""

    @property
    def may_repeat(self) -> bool:
        """Whether some examples may be equal, or have the same prompt."""

    @property
    def may_overlap(self) -> bool:
        """Whether there are validation files, in which examples may stand too."""

    def duplicates(self) -> Iterator[Repeat]:
        """The examples that are equal by value to an earlier one."""

    def conflicts(self) -> Iterator[Repeat]:
        """The examples whose prompt is that of an earlier one, and whose answer is another."""

    def held_out(self) -> Iterator[Repeat]:
        """The examples that stand in a validation file too, wholly or with their prompt."""

    @property
    def systems(self) -> Sequence[Variant] | None:
        """The different system messages in order of their first lines; None if there are too many to tell."""

    @property
    def with_tools(self) -> Lines:
        """The examples that declare tools."""

    @property
    def without_tools(self) -> Lines:
        """The examples that declare none."""

    @property
    def tools(self) -> dict[str, Sequence[int]]:
        """For each tool the first lines of the different ways in which it is declared."""


class Job(msgspec.Struct, frozen=True):
    """The training that the data is for: its method, its model if the target knows it, and the models that it could be.

    `today` is the day of the run, an ISO date; models say when they retire.
    """

    method: Method
    model: Model | None
    models: tuple[Model, ...]
    today: str


class Text(msgspec.Struct, frozen=True):
    """One text of a conversation: a message's content, one of its parts, or the arguments of a call (`is_arguments`).

    `role` is that of the message; `is_last` says that the text ends its conversation.
    """

    text: str
    role: str | None
    is_last: bool = False
    is_arguments: bool = False
