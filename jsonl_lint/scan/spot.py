"""Where and in what situation a scan could not go on: all that is needed to find out why."""

from __future__ import annotations

import enum

import msgspec

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit, Path
from jsonl_lint.scan.columns import Columns

__all__ = ["Due", "Spot"]


class Due(enum.Enum):
    """What had to come next; the value says it in a message."""

    START = "a JSON value"
    FIRST_ELEMENT = "a value or ]"
    ELEMENT = "a value"
    ELEMENT_END = "a comma or ]"
    FIRST_KEY = "a key in double quotes or }"
    KEY = "a key in double quotes"
    COLON = ": after the key"
    MEMBER_VALUE = "a value after the colon"
    MEMBER_END = "a comma or }"
    END = "nothing after the value"

    @property
    def value_due(self) -> bool:
        """Whether a value may stand here."""
        return self in (Due.START, Due.FIRST_ELEMENT, Due.ELEMENT, Due.MEMBER_VALUE)

    @property
    def key_due(self) -> bool:
        """Whether a key may stand here."""
        return self in (Due.FIRST_KEY, Due.KEY)

    @property
    def separator_due(self) -> bool:
        """Whether a comma or the end of the container must stand here."""
        return self in (Due.ELEMENT_END, Due.MEMBER_END)


class Spot(msgspec.Struct, frozen=True):
    """The place of a fault.

    `at` is the first byte, blanks left out, that does not fit; `before` is where the last token that did ends.
    `opener` is the offset of the innermost open bracket, -1 without one; `depth` is how many are open.
    """

    text: bytes
    at: int
    due: Due
    before: int
    opener: int
    depth: int
    path: Path
    columns: Columns

    @property
    def byte(self) -> bytes:
        """The byte that does not fit, empty at the end of the text."""
        return self.text[self.at : self.at + 1]

    @property
    def still_open(self) -> str:
        """How many brackets are open, as a remark in brackets; empty if none is."""
        if not self.depth:
            return ""
        return f" ({self.depth} bracket{'s' if self.depth > 1 else ''} still open)"

    def fault(self, start: int, end: int, message: str, *edits: Edit) -> Fault:
        """A syntax fault here."""
        return Fault("syntax", start, end, message, self.path, edits)

    def cut_off(self, where: str) -> Fault:
        """The fault of a text that ends too early."""
        size = len(self.text)
        return self.fault(size, size, f"the line is cut off {where}{self.still_open}")
