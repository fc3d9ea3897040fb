"""What a rule says: problems with their places and repairs, and what it could not look at."""

from __future__ import annotations

from typing import Any

import msgspec

from jsonl_lint.finding import Fix, Path, Severity

__all__ = [
    "Omission",
    "Problem",
    "Redact",
    "Remove",
    "Repair",
    "Replace",
    "ReplaceStart",
    "ReplaceText",
    "Step",
]


class Replace(msgspec.Struct, frozen=True):
    """Put another JSON value in the place of the value at `path`."""

    path: Path
    value: Any


class ReplaceStart(msgspec.Struct, frozen=True):
    """Put other plain ASCII in the place of that which begins the string at `path`; the rest of the string stays."""

    path: Path
    old: str
    new: str


class Remove(msgspec.Struct, frozen=True):
    """Take the member or element at `path` out of its object or array."""

    path: Path


class ReplaceText(msgspec.Struct, frozen=True):
    """Put other text in the place of some characters of the string at `path`; the rest keeps its spelling, escapes too.

    `start` and `end` count the characters of the string as Python reads it.
    """

    path: Path
    start: int
    end: int
    text: str


class Redact(msgspec.Struct, frozen=True):
    """Put a placeholder in the place of some characters of the string at `path`, as `ReplaceText` does with a text.

    `kind` is the word that the placeholder shows for what stood there: `email`, `api-key`.
    """

    path: Path
    start: int
    end: int
    kind: str


Step = Replace | ReplaceStart | ReplaceText | Redact | Remove


class Repair(msgspec.Struct, frozen=True):
    """A repair in terms of values, relative like a problem's path; `safe` when the meaning of the data stays."""

    title: str
    safe: bool
    steps: tuple[Step, ...]


class Problem(msgspec.Struct, frozen=True):
    """One defect, as a rule names it.

    Its place is one of: `path` from the value that the rule was given (`on_key` for the key instead of the value);
    `span`, bytes from the start of the line; `line`, the number of the line in the file, for rules on files and datasets.
    `lines` is how many lines a problem of such a rule speaks for. `text_range` is the part of the text at `path` that is
    meant, in characters. `plain` is the message without a word of the data, for reports that must hold none.
    `private` says that the spot itself must not be shown.
    """

    message: str
    path: Path = ()
    on_key: bool = False
    span: tuple[int, int] | None = None
    line: int | None = None
    lines: int = 1
    severity: Severity | None = None
    repair: Repair | None = None
    fix: Fix | None = None
    private: bool = False
    text_range: tuple[int, int] | None = None
    plain: str | None = None


class Omission(msgspec.Struct, frozen=True):
    """What a rule did not go into, and why: counted and said in the report. A gated rule's makes the gate refuse the line."""

    what: str
    why: str
