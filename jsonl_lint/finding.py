"""What a run reports: findings, their severities, places and repairs. Plain values that hold nothing but data."""

# Here annotations are no strings, which would have to be compiled before anything can be decoded into these types.
import enum

import msgspec

__all__ = ["Edit", "Excerpt", "Finding", "Fix", "Path", "Severity", "pointer"]

Path = tuple["str | int", ...]
"""The way from a line's JSON value down to one inside it: keys of objects and indexes of arrays."""


class Severity(enum.IntEnum):
    """How bad a finding is; members compare by badness."""

    OFF = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The name that users read and write: `error`, `warning`, `info` or `off`."""
        return self.name.lower()

    @classmethod
    def parse(cls, label: str) -> "Severity":
        """The member that a label names; `ValueError` for an unknown label."""
        try:
            return cls[label.upper()]
        except KeyError:
            raise ValueError(f"{label!r} is not one of error, warning, info, off") from None


class Edit(msgspec.Struct, frozen=True):
    """Replace the bytes from `start` up to `end` by `text`; offsets count from the start of what is edited."""

    start: int
    end: int
    text: bytes


class Fix(msgspec.Struct, frozen=True):
    """A repair: what it does in words, whether the meaning of the data stays (`safe`), and its edits.

    With `deletes_line` it takes the finding's line out, line end and all. A fix that does neither is one that
    `jsonl-lint fix` makes on the whole file (line ends, encoding, ...).
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...] = ()
    deletes_line: bool = False


class Excerpt(msgspec.Struct, frozen=True):
    """The surroundings of a finding: some text of its line, and where in that text the spot begins and ends.

    `cut_left` and `cut_right` say whether the line goes on at that side.
    """

    text: str
    start: int
    end: int
    cut_left: bool = False
    cut_right: bool = False


class Finding(msgspec.Struct, frozen=True):
    """One defect at one place.

    `line` and `column` count from 1, `column` in characters (code points); `offset` counts bytes from the start of the
    decompressed file. A finding about the whole file has `line` 1 or None and an empty `pointer`.
    `fingerprint` tells the finding by its content, wherever its line stands.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int | None = None
    column: int | None = None
    offset: int | None = None
    pointer: str = ""
    fix: Fix | None = None
    url: str = ""
    excerpt: Excerpt | None = None
    fingerprint: str = ""


def pointer(path: Path) -> str:
    """The JSON Pointer (RFC 6901) of a path: `("messages", 0, "a/b")` gives `/messages/0/a~1b`.

    Half of a surrogate pair, which no report can hold, is written as its escape.
    """
    text = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return text.encode("utf-8", "backslashreplace").decode()
