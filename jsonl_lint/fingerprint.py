"""What tells a finding from others by content alone, so that it is known again when its line has moved."""

from __future__ import annotations

__all__ = ["fingerprint"]


def fingerprint(code: str, pointer: str = "", line: bytes = b"") -> str:
    """Sixteen hexadecimal digits for a rule's finding at a place in a line; position, file and wording do not matter.

    A finding on a file as a whole has no line: it is told by its rule alone.
    """
    from hashlib import blake2b

    digest = blake2b(line.removesuffix(b"\r"), digest_size=8)
    digest.update(f"\n{code}\n{pointer}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
