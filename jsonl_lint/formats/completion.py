"""The typed shape of a prompt and completion line."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from jsonl_lint.formats.chat import Text
from jsonl_lint.targets import Facts

__all__ = ["completion_row"]


def completion_row(facts: Facts, raw_tools: bool = False) -> type[Struct]:
    """The type of a completion line: a prompt and its completion, both text."""
    return msgspec.defstruct(
        "CompletionRow", [("prompt", Text), ("completion", Text)], frozen=True, forbid_unknown_fields=True
    )
