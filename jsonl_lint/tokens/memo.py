"""The token counts of texts that were met before, bounded in number and in memory.

Two generations: what is found in the older one moves to the younger; when the younger is full it becomes the older, and
the older is forgotten. A text that comes again and again (a system prompt) stays; one that came once goes.
"""

from __future__ import annotations

import sys

__all__ = ["Memo"]


class Memo:
    """Counts by text. Each of the two generations holds at most `entries` texts and about `size` bytes."""

    def __init__(self, entries: int = 8192, size: int = 4 << 20) -> None:
        self.entries = entries
        self.size = size
        self.young: dict[str, int] = {}
        self.old: dict[str, int] = {}
        self.young_size = 0

    def get(self, text: str) -> int | None:
        """The count of a text, if it is still known."""
        count = self.young.get(text)
        if count is None and (count := self.old.get(text)) is not None:
            self.put(text, count)
        return count

    def put(self, text: str, count: int) -> None:
        """Remember the count of a text, unless the text alone takes more than its share of the memory."""
        size = sys.getsizeof(text)
        if size > self.size // 4:
            return
        if len(self.young) >= self.entries or self.young_size + size > self.size:
            self.young, self.old = {}, self.young
            self.young_size = 0
        self.young[text] = count
        self.young_size += size
