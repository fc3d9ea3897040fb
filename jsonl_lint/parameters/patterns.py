"""Which regular expressions can be tried on a text without the danger that they never come to an end."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

import msgspec

__all__ = ["Effort", "effort"]

MAX_LENGTH = 1000

ATOM = re.compile(r"\\[^1-9k]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[\](){}*+?|]|\{(?![\d,])|(?<!^)\}", re.DOTALL)
QUANTIFIER = re.compile(r"(?:[*+?]|\{(?P<least>\d+)(?P<comma>,\d*)?\})\??")


class Effort(msgspec.Struct, frozen=True):
    """How many parts of a pattern take a varying number of characters, and how many ways there are through the rest."""

    degree: int
    ways: int

    def steps(self, length: int) -> int:
        """About how many steps the pattern takes on a text of this length."""
        count: int = self.ways * (length + 1) ** (self.degree + 1)
        return count


class Group(msgspec.Struct):
    """A group that is being read: its alternatives, and whether what it takes varies."""

    alternatives: int = 1
    varies: bool = False


@lru_cache(maxsize=1024)
def effort(pattern: str) -> Effort | None:
    """What it takes to try a pattern; None if that may be exponential, or the pattern is unusual.

    It may be where a part that varies is repeated itself, and with back-references and look-arounds.
    """
    if len(pattern) > MAX_LENGTH:
        return None
    found = read(pattern)
    try:
        # Python warns of what other engines may understand otherwise; such a pattern is unusual enough.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning):
        return None
    return found


def read(pattern: str) -> Effort | None:
    """The effort by the characters of the pattern alone; None for anything that is not understood."""
    degree, ways, position = 0, 1, 0
    groups = [Group()]
    while position < len(pattern):
        if pattern[position] == "(":
            position += 3 if pattern.startswith("(?:", position) else 1
            groups.append(Group())
            continue
        if pattern[position] == "|":
            groups[-1].alternatives += 1
            position += 1
            continue
        part = Group()
        if pattern[position] == ")" and len(groups) > 1:
            part = groups.pop()
            part.varies = part.varies or part.alternatives > 1
            ways *= part.alternatives
            position += 1
        elif atom := ATOM.match(pattern, position):
            position = atom.end()
        else:
            return None
        if quantifier := QUANTIFIER.match(pattern, position):
            position = quantifier.end()
            if part.varies and quantifier[0] != "?":
                return None
            is_exact = quantifier["least"] is not None and quantifier["comma"] is None
            degree += not is_exact
            ways *= max(int(quantifier["least"]), 1) if quantifier["least"] else 1
            part.varies = part.varies or not is_exact
        groups[-1].varies = groups[-1].varies or part.varies
    return Effort(degree, ways * groups[0].alternatives) if len(groups) == 1 else None
