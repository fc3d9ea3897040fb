"""How models read examples: where they cut them, what an image is to them, and what they add to the texts."""

from __future__ import annotations

import msgspec

from jsonl_lint.targets.model import ImageTokens

__all__ = ["EXAMPLE_OVERHEAD", "MESSAGE_OVERHEAD", "NAME_OVERHEAD", "Reading"]

MESSAGE_OVERHEAD = 3
NAME_OVERHEAD = 1
EXAMPLE_OVERHEAD = 3


class Reading(msgspec.Struct, frozen=True):
    """How a model reads examples, beside its encoding: where it cuts them (None: nowhere), and what an image is to it."""

    limit: int | None = None
    image_rule: ImageTokens | None = None
