"""What tells a finding from others by content alone, so that it is known again when its line has moved."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b

__all__ = ["Fingerprints", "fingerprint"]


class Fingerprints:
    """The fingerprints of the findings on one line, whose bytes are gone over once, and only if there is any.

    A finding on a file as a whole has no line: it is told by its rule alone.
    """

    def __init__(self, line: bytes = b"") -> None:
        self.line = line

    def of(self, code: str, pointer: str = "") -> str:
        """Sixteen hexadecimal digits for a rule's finding at a place; position, file and wording do not matter."""
        digest = self.line_digest.copy()
        digest.update(f"\n{code}\n{pointer}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    @cached_property
    def line_digest(self) -> blake2b:
        """What comes of the line itself."""
        from hashlib import blake2b

        return blake2b(self.line.removesuffix(b"\r"), digest_size=8)


def fingerprint(code: str) -> str:
    """The fingerprint of a rule's finding on a file as a whole."""
    return Fingerprints().of(code)
