"""How far a long run is, on one line of the terminal that is gone when the run ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from jsonl_lint.text import plural

__all__ = ["Progress"]

# Shorter work is done before anyone wonders.
SILENT_SECONDS = 2.0
SECONDS_BETWEEN = 0.2

CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Told now and then how much of an input is done; says so after a while: bytes, rate, time left, findings so far."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = out
        self.clock = clock
        self.path = ""
        self.start = self.next = clock()
        self.next += SILENT_SECONDS
        self.is_shown = False

    def __call__(self, path: str, done: int, total: int | None, findings: int) -> None:
        """So many bytes of an input are done; `total` is None where it is not known before."""
        now = self.clock()
        if path != self.path:
            self.path, self.start = path, now
        if now < self.next:
            return
        self.next = now + SECONDS_BETWEEN
        self.is_shown = True
        self.out.write(f"{CLEAR_LINE}{path}: {state(done, total, now - self.start)}, {plural(findings, 'finding')}")
        self.out.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.is_shown:
            self.out.write(CLEAR_LINE)
            self.out.flush()
            self.is_shown = False


def state(done: int, total: int | None, seconds: float) -> str:
    """How much is done, how fast, and how long the rest takes at that."""
    amount = f"{done / 1e6:,.0f} MB" if total is None else f"{done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
    if seconds <= 0 or not done:
        return amount
    rate = done / seconds
    left = f", {(total - done) / rate:,.0f} s left" if total is not None else ""
    return f"{amount}, {rate / 1e6:,.0f} MB/s{left}"
