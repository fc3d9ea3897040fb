"""Looking at an image: at its base64, its header and its end; Pillow is asked where these do not tell enough."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import msgspec
import pybase64

from jsonl_lint.images.header import Header, read_header
from jsonl_lint.images.payload import Payload
from jsonl_lint.images.picture import Picture
from jsonl_lint.images.whole import UNSURE, damage_of

__all__ = ["MAX_PIXELS", "inspect", "inspect_bytes"]

# From here on Pillow refuses to open an image as a decompression bomb.
MAX_PIXELS = 2 * 89_478_485

# As many pixels Pillow decodes in well under a second, in a hundred megabytes.
MAX_DECODED_PIXELS = 25_000_000


def inspect(data: bytes | bytearray, start: int, stop: int) -> Picture:
    """What is known of the image whose base64 stands from `start` up to `stop`."""
    payload = Payload(data, start, stop)
    broken = payload.misplaced()
    if broken is not None:
        return Picture(broken=broken)
    try:
        header = read_header(payload)
        if header is None:
            for _ in payload.blocks():
                pass
            return Picture(payload.size)
        damage = damage_of(payload, header)
    except ValueError:
        return Picture(broken=payload.foreign() or "it can't be decoded")
    return pictured(payload, header, damage)


def pictured(source: Payload, header: Header, damage: str | None) -> Picture:
    """The picture that a header describes, Pillow asked where the header does not tell enough."""
    head = min((header.end + 40) // 3 * 4, (source.size + 2) // 3 * 4)
    known = Picture(source.size, None, None, header.format, header.mode, header.width, header.height, head)
    if header.format not in ("png", "jpeg", "webp"):
        return known
    if header.width * header.height > MAX_PIXELS:
        what = f"its header promises {header.width:,} × {header.height:,} pixels, more than is safe to open"
        return msgspec.structs.replace(known, damage=what)
    if damage is not None and damage != UNSURE:
        return msgspec.structs.replace(known, damage=damage)
    if damage == UNSURE or header.doubt is not None or not header.width or not header.height:
        return asked(source.read(0, source.size), known, must_decode=damage == UNSURE)
    return known


def asked(data: bytes, known: Picture, must_decode: bool) -> Picture:
    """What Pillow says of an image whose structure does not tell enough."""
    from PIL import Image

    try:
        # The number of pixels was looked at before; a warning of it would go to the terminal.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data), formats=[str(known.format).upper()])
        with image:
            width, height = image.size
            found: dict[str, Any] = {"mode": image.mode, "width": width, "height": height}
            if must_decode and width * height <= MAX_DECODED_PIXELS:
                image.load()
            elif must_decode:
                found["damage"] = "its end is missing"
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        return msgspec.structs.replace(known, damage=f"it is corrupt or cut off ({in_words(error)})")
    return msgspec.structs.replace(known, **found)


def in_words(error: Exception) -> str:
    """Why bytes are no image, without the place in memory of the object that holds them."""
    return str(error).partition(" <")[0][:80]


def inspect_bytes(data: bytes) -> Picture:
    """What is known of the image in these bytes."""
    encoded = pybase64.b64encode(data)
    return inspect(encoded, 0, len(encoded)) if data else Picture(damage="it is empty")
