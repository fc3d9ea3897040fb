"""What tells a finding from others by content alone, so that it is known again when its line has moved."""

from __future__ import annotations

from functools import cached_property

try:
    # What `hashlib` has, without OpenSSL, which that loads first; the standard library's `random` does the same.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["Fingerprints", "blake2b", "fingerprint"]


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
        return blake2b(self.line.removesuffix(b"\r"), digest_size=8)


def fingerprint(code: str) -> str:
    """The fingerprint of a rule's finding on a file as a whole."""
    return Fingerprints().of(code)
