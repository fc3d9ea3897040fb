"""Placeholders for what is taken out of the data: stable within a run, of no use to find out what stood there."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["Redactor"]

# Forty bits: among a million different values two share a placeholder once in two runs, and no more is lost by that
# than that they look the same.
DIGEST_BYTES = 5


class Redactor:
    """Writes the same placeholder for the same value as long as it lives, and another one in every run.

    The key is drawn at random and kept nowhere, so that nobody can try out values until one gives the placeholder.
    """

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)

    def placeholder(self, kind: str, text: str) -> str:
        """The placeholder of a text: `[email-3f9a1c07d2]`."""
        value = text.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(value, key=self.key, digest_size=DIGEST_BYTES).hexdigest()
        return f"[{kind}-{digest}]"
