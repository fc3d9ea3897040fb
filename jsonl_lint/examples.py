"""The data as rules on the dataset see it: one example at a time, or a batch of neighbouring lines at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from jsonl_lint.images import MARK
from jsonl_lint.parts import Image
from jsonl_lint.prints import Prints
from jsonl_lint.rule import Tally
from jsonl_lint.values import value_of
from jsonl_lint.views import order_of, pictures_in

__all__ = ["LineBatch", "LineExample", "roles_of"]

Order = tuple["str | None", ...]


class LineExample:
    """One line of the data; its value is decoded when it is first asked for.

    `text` is the line without its line feed, `bare` the same without the data of its `images`, if these were looked at. `row`
    is the typed row of a line that the gate admitted, else None.
    """

    def __init__(
        self,
        line: int,
        text: bytes,
        row: Any = None,
        value: Any = msgspec.UNSET,
        *,
        roles: Order | None = None,
        pictures: int | None = None,
        bare: bytes | None = None,
        images: Sequence[Image] = (),
    ) -> None:
        self.line = line
        self.text = text
        self.row = row
        self.known_value = value
        self.known_roles = roles
        self.known_pictures = pictures
        self.bare = bare
        self.images = images

    @property
    def has_value(self) -> bool:
        """Whether the line was decoded already."""
        return self.known_value is not msgspec.UNSET

    @property
    def value(self) -> Any:
        """The line's JSON value."""
        if self.known_value is msgspec.UNSET:
            self.known_value = value_of(self.text)
        return self.known_value

    @property
    def brief(self) -> Any:
        """The line's value, in which of an image's payload there may be no more than tells its dimensions."""
        return msgspec.to_builtins(self.row) if self.row is not None and MARK in self.text else self.value

    @property
    def roles(self) -> Order:
        """The order of roles in the line's first conversation."""
        if self.known_roles is None:
            self.known_roles = roles_of(self.row) if self.row is not None else order_of(self.value)
        return self.known_roles

    @property
    def pictures(self) -> int:
        """How many images there are among the messages of a chat line."""
        if self.known_pictures is None:
            self.known_pictures = pictures_in(self.value)
        return self.known_pictures


class LineBatch:
    """Neighbouring lines that the gate admitted; whatever else is known of them is worked out when it is asked for.

    `first_line` is the number of the first of them, `rows` are their typed rows; `block` holds the lines, from `start` up
    to the last one's line feed at `end`.
    """

    def __init__(self, first_line: int, rows: Sequence[Any], block: bytes, start: int, end: int) -> None:
        self.first_line = first_line
        self.rows = rows
        self.block = block
        self.start = start
        self.end = end

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[LineExample]:
        for number, (text, row) in enumerate(zip(self.texts, self.rows, strict=True), self.first_line):
            yield LineExample(number, text, row)

    def leave_prints(self, prints: Prints) -> None:
        """Keep the fingerprints of the examples."""
        for line, row in enumerate(self.rows, self.first_line):
            prints.add_row(line, row)

    @cached_property
    def texts(self) -> list[bytes]:
        """The lines, without their line feeds."""
        return self.block[self.start : self.end].split(b"\n")

    @cached_property
    def roles(self) -> Sequence[Order]:
        """The order of roles in each line's first conversation."""
        return list(map(roles_of, self.rows))

    @property
    def orders(self) -> Iterator[tuple[Order, Tally]]:
        """The different orders of roles: of how many lines each is, and of which first."""
        for order, count in Counter(self.roles).items():
            yield order, Tally(count, self.first_line + self.roles.index(order))


def roles_of(row: Any) -> Order:
    """The order of roles in the first conversation of a typed row."""
    holder = getattr(row, "input", row)
    return tuple([message.ROLE for message in getattr(holder, "messages", ())])
