"""Lines without the payload of their images: what is left is decoded as JSON in no time."""

from __future__ import annotations

import msgspec

from jsonl_lint.images.picture import Picture

__all__ = ["MARK", "Pictures", "Shortened", "shortened"]

MARK = b";base64,"

# The beginnings of strings of which the rest is taken for base64; other spellings go the exact way.
STARTS = {b'"data:image/%s;base64,' % name for name in (b"png", b"jpeg", b"jpg", b"webp")}
LONGEST = max(map(len, STARTS))


Pictures = dict[str, list[Picture]]
"""Pictures by what is left of their data URIs."""


class Shortened(msgspec.Struct, frozen=True):
    """A line whose data URIs have the first characters of their payload alone, and the pictures by such URIs.

    In `bare` they have nothing of it.
    """

    text: bytes
    pictures: Pictures
    bare: bytes


def shortened(line: bytes | bytearray, first: int = 0, last: int | None = None) -> Shortened | None:
    """A line in which data URIs have the first characters of their payload alone, and the pictures by such URIs.

    What is left of a payload still tells format and dimensions. None if a payload is not base64 to its last character.
    The line stands in its bytes from `first` up to `last`, which is their end if it is not given.
    """
    from jsonl_lint.images.inspection import inspect

    if last is None:
        last = len(line)
    parts: list[bytes | bytearray] = []
    bare: list[bytes | bytearray] = []
    pictures: Pictures = {}
    done, at = first, line.find(MARK, first, last)
    while at >= 0:
        start = at + len(MARK)
        opening = line.rfind(b'"', max(start - LONGEST, first), at)
        # In a text the quotes before a URI are escaped.
        if opening <= first or bytes(line[opening:start]) not in STARTS or line[opening - 1] == 0x5C:
            at = line.find(MARK, start, last)
            continue
        stop = line.find(b'"', start, last)
        picture = inspect(line, start, stop) if stop > start else Picture(broken="cut off")
        if picture.broken is not None:
            return None
        keep = min(start + picture.head, stop)
        pictures.setdefault(line[opening + 1 : keep].decode(), []).append(picture)
        parts.append(line[done:keep])
        bare.append(line[done:start])
        done, at = stop, line.find(MARK, stop, last)
    parts.append(line[done:last])
    bare.append(line[done:last])
    return Shortened(b"".join(parts), pictures, b"".join(bare))
