"""Whether an image is whole, by the structure of its file alone: no pixel is decoded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from jsonl_lint.images.checksum import checksum_of
from jsonl_lint.images.header import Header
from jsonl_lint.images.payload import Payload

__all__ = ["UNSURE", "damage_of"]

UNSURE = "unsure"
CUT_OFF = "it is cut off"


def damage_of(payload: Payload, header: Header) -> str | None:
    """Why an image is not whole; None if it is, `UNSURE` if its structure does not tell. The base64 is checked with it.

    `ValueError` where no base64 stands.
    """
    if header.format == "png":
        return png_damage(Reader(payload.blocks()))
    for _ in payload.blocks():
        pass
    if header.format == "webp":
        return webp_damage(payload)
    if header.format == "jpeg":
        return None if has_end(payload, header.end) else UNSURE
    return None


class Reader:
    """Bytes that come in blocks, read one piece after the other."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks
        self.block = b""
        self.at = 0

    def spans(self, count: int) -> Iterator[tuple[int, int]]:
        """Where in the block at hand the next `count` bytes stand, as they come; fewer where the bytes end."""
        while count > 0:
            if self.at == len(self.block):
                self.block, self.at = next(self.blocks, b""), 0
                if not self.block:
                    return
            start = self.at
            self.at = min(start + count, len(self.block))
            count -= self.at - start
            yield start, self.at

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer where the bytes end."""
        at = self.at
        if at + count <= len(self.block):
            self.at = at + count
            return self.block[at : self.at]
        return b"".join(self.block[start:end] for start, end in self.spans(count))

    def checksum(self, count: int, before: int) -> int:
        """The checksum of the next `count` bytes, or of fewer where the bytes end, continued from that of those before."""
        checksum = checksum_of()
        for start, end in self.spans(count):
            before = checksum(self.block, start, end, before)
        return before

    def exhaust(self) -> None:
        """Read on to the end."""
        for _ in self.blocks:
            pass


def png_damage(reader: Reader) -> str | None:
    """What is wrong with the chunks of a PNG: one is cut off, has another checksum, or the last is missing."""
    damage = chunks_damage(reader)
    reader.exhaust()
    return damage


def chunks_damage(reader: Reader) -> str | None:
    """The same, read up to where it is found."""
    reader.take(8)
    has_pixels = False
    while True:
        head = reader.take(8)
        if len(head) < 8:
            return CUT_OFF
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        checksum = reader.checksum(length, zlib.crc32(kind))
        stored = reader.take(4)
        if len(stored) < 4:
            return CUT_OFF
        # Readers pass over a chunk whose name begins with a small letter, whatever is in it.
        if kind[:1].isupper() and stored != checksum.to_bytes(4, "big"):
            return f"it is corrupt: the checksum of its chunk {kind.decode('ascii', 'replace')} is wrong"
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND":
            return None if has_pixels else "it has no pixels"


def webp_damage(payload: Payload) -> str | None:
    """What is wrong with the sizes that a WEBP names: that of the whole, and that of its first chunk."""
    head = payload.read(0, 20)
    whole, first = int.from_bytes(head[4:8], "little") + 8, int.from_bytes(head[16:20], "little") + 20
    return CUT_OFF if max(whole, first) > payload.size else None


def has_end(payload: Payload, scan: int) -> bool:
    """Whether the end of a JPEG is marked, at its end or before something that was appended."""
    if b"\xff\xd9" in payload.read(max(payload.size - 64, scan), 64):
        return True
    last = b""
    seen = 0
    for block in payload.blocks():
        # In the pixels themselves 0xFF is followed by 0; only previews before the scan have an end of their own.
        if (last + block).find(b"\xff\xd9", max(scan - seen + len(last), 0)) >= 0:
            return True
        last = block[-1:]
        seen += len(block)
    return False
