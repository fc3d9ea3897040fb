"""In which ways the tokens of examples are counted, for the models that a plan asks for, and which examples wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from jsonl_lint.parts import Image
from jsonl_lint.plan import Plan
from jsonl_lint.targets.model import Model
from jsonl_lint.tokens.reading import Reading

__all__ = ["UNSIZED", "ExampleLine", "Measure", "Waiting", "measures"]

UNSIZED = ("image tokens", "the image's size is not known")
"""What is not counted of images that are elsewhere, and why."""


class Measure(msgspec.Struct, frozen=True):
    """One way of counting, and the models that it holds for; the first gives it its name."""

    encoding: str
    reading: Reading
    models: tuple[Model, ...]

    @property
    def name(self) -> str:
        """The key of its sums."""
        return self.models[0].name


def measures(plan: Plan) -> tuple[Measure, ...]:
    """The ways of counting that a plan's models ask for, that of the chosen model first; models without encoding have none."""
    alike: dict[tuple[str, Reading], list[Model]] = {}
    for model in plan.models:
        if model.encoding is not None:
            reading = Reading(plan.token_limit(model), model.image_tokens)
            alike.setdefault((model.encoding, reading), []).append(model)
    return tuple(Measure(encoding, reading, tuple(models)) for (encoding, reading), models in alike.items())


class ExampleLine(Protocol):
    """An example and the bytes of its line."""

    @property
    def line(self) -> int:
        """The line's number."""

    @property
    def text(self) -> bytes:
        """The line without its line feed."""

    @property
    def row(self) -> Any:
        """The typed row of a line that the gate admitted, else None."""

    @property
    def bare(self) -> bytes | None:
        """The line without the data of its images, where these were looked at."""

    @property
    def images(self) -> Sequence[Image]:
        """The images that were looked at."""

    @property
    def pictures(self) -> int:
        """How many images there are among the messages of a chat line."""

    @property
    def brief(self) -> Any:
        """The line's JSON value, of images as much as tells their dimensions."""


class Waiting(msgspec.Struct, frozen=True):
    """An example that is to be counted, and the offset of its line in the file."""

    example: ExampleLine
    offset: int
