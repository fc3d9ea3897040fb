"""Examples whose images were cut out of their lines: of lines so long nothing is copied that nobody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec
import orjson

from jsonl_lint.examples import roles_of
from jsonl_lint.judge import Verdict
from jsonl_lint.parts import Image
from jsonl_lint.views import pictures_in

__all__ = ["PicturedExample", "is_bare"]


class PicturedExample:
    """A line with images that the gate admitted, which stands in a block from `start` up to `end`.

    `row` has the beginnings of the images alone, `bare` is the line without any of their data, and `images` are all of them.
    """

    def __init__(
        self,
        line: int,
        block: bytes | bytearray,
        start: int,
        end: int,
        *,
        row: Any,
        bare: bytes,
        images: Sequence[Image],
    ) -> None:
        self.line = line
        self.block = block
        self.start = start
        self.end = end
        self.row = row
        self.bare = bare
        self.images = images

    @property
    def size(self) -> int:
        """How many bytes the line has."""
        return self.end - self.start

    @cached_property
    def text(self) -> bytes:
        """The line without its line feed."""
        return bytes(memoryview(self.block)[self.start : self.end])

    def keep(self) -> None:
        """Copy the line, whose block is about to be used for something else."""
        text = self.text
        self.block, self.start, self.end = text, 0, len(text)

    @cached_property
    def value(self) -> Any:
        """The line's JSON value."""
        return orjson.loads(self.text)

    @property
    def pictures(self) -> int:
        """How many images there are."""
        return len(self.images)

    @property
    def brief(self) -> Any:
        """The line's value, in which of an image's payload there is no more than tells its dimensions."""
        return msgspec.to_builtins(self.row)

    @cached_property
    def roles(self) -> tuple[str | None, ...]:
        """The order of roles in the line's first conversation."""
        return roles_of(self.row)


def is_bare(text: bytes, bare: bytes, verdict: Verdict) -> bool:
    """Whether what is left out of a line that was judged is the data of all its images, and nothing else."""
    if not isinstance(verdict.value, dict) or pictures_in(verdict.value) != len(verdict.seen):
        return False
    urls = [image.url for image in verdict.seen if image.picture is not None]
    return len(text) - len(bare) == sum(len(url) - url.index(",") - 1 for url in urls)
