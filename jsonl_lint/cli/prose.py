"""The little Markdown of the manual pages as a terminal shows it: headings, paragraphs, lists, code."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

__all__ = ["rendered"]

HEADING = re.compile(r"#+ (?P<title>.*)")
ITEM = re.compile(r"(?P<indent>\s*)([-*]|\d+\.) ")
CODE = re.compile(r"(`+)(.+?)\1")
BOLD, CYAN, PLAIN = "\x1b[1m", "\x1b[36m", "\x1b[0m"


def rendered(text: str, width: int, color: bool) -> Iterator[str]:
    """The lines of a text, paragraphs wrapped to a width; headings bold and code coloured where colours are wanted."""
    paragraph: list[str] = []
    fenced = False
    for line in [*text.splitlines(), ""]:
        is_fence = line.startswith("```")
        heading = None if fenced else HEADING.fullmatch(line)
        begins = is_fence or fenced or heading or not line.strip() or ITEM.match(line)
        if begins and paragraph:
            yield from wrapped(paragraph, width, color)
            paragraph = []
        if heading:
            yield f"{BOLD}{heading['title']}{PLAIN}" if color else heading["title"]
        elif fenced and not is_fence:
            yield f"    {line}"
        elif line.strip() and not is_fence:
            paragraph.append(line)
        elif not is_fence:
            yield ""
        fenced ^= is_fence


def wrapped(lines: list[str], width: int, color: bool) -> Iterator[str]:
    """A paragraph, or one item of a list, in lines of a width."""
    item = ITEM.match(lines[0])
    indent = " " * (item.end() if item else 0)
    whole = " ".join(line.strip() for line in lines)
    start = item["indent"] if item else ""
    # Code is kept whole, so that it can be copied: its spaces are no places to break a line.
    kept = CODE.sub(lambda found: found[0].replace(" ", "\x00"), whole)
    wrapper = textwrap.TextWrapper(width, start, indent, break_long_words=False, break_on_hyphens=False)
    for line in wrapper.wrap(kept):
        plain = line.replace("\x00", " ")
        yield CODE.sub(rf"{CYAN}\2{PLAIN}", plain) if color else plain
