"""What the first bytes of an image say: its format, dimensions and mode, in the names that Pillow has for modes."""

from __future__ import annotations

import struct
from typing import Protocol

import msgspec

__all__ = ["Header", "Source", "format_of", "read_header"]

# Honest files have a few dozen segments before their pixels.
MAX_SEGMENTS = 5000

SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"GIF8", "gif"),
    (0, b"BM", "bmp"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (4, b"ftypavif", "avif"),
    (4, b"ftyphei", "heic"),
    (4, b"ftypmif1", "heic"),
    (0, b"\0\0\1\0", "ico"),
    (0, b"%PDF", "pdf"),
    (0, b"<svg", "svg"),
    (0, b"<?xml", "svg"),
    (0, b"\xff\x0a", "jpeg-xl"),
    (4, b"JXL ", "jpeg-xl"),
    (4, b"jP  ", "jpeg-2000"),
)

# PNG specification, table 11.1; modes as in Pillow, which reads 16-bit colours as 8-bit ones.
PNG_MODES = {
    (1, 0): "1",
    (2, 0): "L",
    (4, 0): "L",
    (8, 0): "L",
    (16, 0): "I;16",
    (8, 2): "RGB",
    (16, 2): "RGB",
    (1, 3): "P",
    (2, 3): "P",
    (4, 3): "P",
    (8, 3): "P",
    (8, 4): "LA",
    (16, 4): "RGBA",
    (8, 6): "RGBA",
    (16, 6): "RGBA",
}
JPEG_MODES = {1: "L", 3: "RGB", 4: "CMYK"}

# The markers that begin a frame; the others from 0xC0 on are tables.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


class Source(Protocol):
    """Bytes that can be read at any place."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` of them from `offset` on."""


class Header(msgspec.Struct, frozen=True):
    """What a header says; `end` is where the pixels begin at the latest, `doubt` why Pillow has to be asked.

    Width and height are 0, the mode None, where they can't be told.
    """

    format: str
    width: int = 0
    height: int = 0
    mode: str | None = None
    end: int = 0
    doubt: str | None = None


def format_of(head: bytes) -> str | None:
    """The format of an image by its signature; None for an unknown one."""
    return next((name for at, mark, name in SIGNATURES if head.startswith(mark, at)), None)


def read_header(source: Source) -> Header | None:
    """The header of an image; None for an unknown format."""
    head = source.read(0, 33)
    name = format_of(head)
    if name == "png":
        return png_header(head)
    if name == "webp" and head.startswith(b"RIFF"):
        return webp_header(head)
    if name == "jpeg":
        return jpeg_header(source)
    return Header(name) if name else None


def png_header(head: bytes) -> Header:
    """What the chunk IHDR says, which comes first."""
    if len(head) < 33 or head[12:16] != b"IHDR":
        return Header("png", end=len(head), doubt="no IHDR")
    width, height, depth, color = struct.unpack(">IIBB", head[16:26])
    mode = PNG_MODES.get((depth, color))
    return Header("png", width, height, mode, 33, None if mode else "an unknown kind of colours")


def webp_header(head: bytes) -> Header:
    """What the first chunk says: lossy, lossless, or extended."""
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        width, height = int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        return Header("webp", width, height, "RGBA" if head[20] & 0x10 else "RGB", 30)
    if kind == b"VP8L" and head[20:21] == b"\x2f" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        mode = "RGBA" if bits >> 28 & 1 else "RGB"
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, mode, 25)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a" and len(head) >= 30:
        width, height = struct.unpack("<HH", head[26:30])
        return Header("webp", width & 0x3FFF, height & 0x3FFF, "RGB", 30)
    return Header("webp", end=len(head), doubt="an unknown first chunk")


def jpeg_header(source: Source) -> Header:
    """What the segments before the first scan say."""
    frame = Header("jpeg")
    offset = 2
    for _ in range(MAX_SEGMENTS):
        head = source.read(offset, 10)
        if len(head) < 4 or head[0] != 0xFF:
            break
        marker = head[1]
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            offset += 1 if marker == 0xFF else 2
            continue
        if marker == START_OF_SCAN:
            return msgspec.structs.replace(frame, end=offset, doubt=frame.doubt if frame.mode else "no frame")
        if marker == END_OF_IMAGE:
            break
        if marker in FRAMES and len(head) == 10:
            frame = frame_header(head)
        offset += 2 + int.from_bytes(head[2:4], "big")
    return msgspec.structs.replace(frame, end=offset, doubt="no scan after the header")


def frame_header(head: bytes) -> Header:
    """What a frame's segment says: bits of a sample, height, width, components; the last stands behind these bytes."""
    bits, height, width, components = struct.unpack(">BHHB", head[4:10])
    mode = JPEG_MODES.get(components)
    return Header("jpeg", width, height, mode, doubt=None if mode and bits == 8 and height else "an unusual frame")
