"""Lines without the payload of their images: what is left is decoded as JSON in no time."""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.images.picture import Picture, inspect

__all__ = ["MARK", "Pictures", "shortened", "without_payloads"]

MARK = b";base64,"

# The beginnings of strings of which the rest is taken for base64; other spellings go the exact way.
STARTS = {b'"data:image/%s;base64,' % name for name in (b"png", b"jpeg", b"jpg", b"webp")}
LONGEST = max(map(len, STARTS))


Pictures = dict[str, list[Picture]]
"""Pictures by what is left of their data URIs."""


def payloads(line: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each data URI begins that is cut out of a line, where its payload begins, and where it ends; -1 if it does not."""
    at = line.find(MARK)
    while at >= 0:
        start = at + len(MARK)
        opening = line.rfind(b'"', max(start - LONGEST, 0), at)
        # In a text the quotes before a URI are escaped.
        if opening < 1 or line[opening:start] not in STARTS or line[opening - 1] == 0x5C:
            at = line.find(MARK, start)
            continue
        stop = line.find(b'"', start)
        yield opening + 1, start, stop
        at = line.find(MARK, stop) if stop >= 0 else -1


def shortened(line: bytes) -> tuple[bytes, Pictures] | None:
    """A line in which data URIs have the first characters of their payload alone, and the pictures by such URIs.

    What is left of a payload still tells format and dimensions. None if a payload is not base64 to its last character.
    """
    parts: list[bytes] = []
    pictures: Pictures = {}
    done = 0
    for uri, start, stop in payloads(line):
        picture = inspect(line, start, stop) if stop > start else Picture(broken="cut off")
        if picture.broken is not None:
            return None
        keep = min(start + picture.head, stop)
        pictures.setdefault(line[uri:keep].decode(), []).append(picture)
        parts.append(line[done:keep])
        done = stop
    parts.append(line[done:])
    return b"".join(parts), pictures


def without_payloads(line: bytes) -> bytes:
    """A line without the payloads of its data URIs, of which no rule on texts has anything to say."""
    parts: list[bytes] = []
    done = 0
    for _, start, stop in payloads(line):
        parts.append(line[done:start])
        done = stop if stop >= 0 else len(line)
    parts.append(line[done:])
    return b"".join(parts)
