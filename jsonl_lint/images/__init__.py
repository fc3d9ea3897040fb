"""Images in data URIs: format, size, mode, dimensions and wholeness, read from the base64 without decoding any pixels.

What looks at images is loaded when there is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jsonl_lint.images.cut import MARK, Pictures, Shortened, shortened
from jsonl_lint.images.picture import Picture

if TYPE_CHECKING:
    from jsonl_lint.images.payload import Payload

__all__ = [
    "MARK",
    "Picture",
    "Pictures",
    "Shortened",
    "image_size",
    "media_type",
    "picture_of",
    "shortened",
]

HEAD_CHARACTERS = 4096

DATA_URI = r"(?i)data:(image/[a-z0-9.+-]+)(?:;[^;,\s]+)*;base64,"


def media_type(url: str) -> str | None:
    """The media type that a data URI of an image says, in lower case; None for any other URL."""
    match = re.match(DATA_URI, url)
    return match[1].lower() if match else None


def picture_of(url: str) -> Picture | None:
    """What is known of the image in a data URI; None for any other URL."""
    match = re.match(DATA_URI, url)
    if match is None:
        return None
    from jsonl_lint.images.inspection import inspect

    data = url.encode("utf-8", "surrogatepass")
    return inspect(data, match.end(), len(data))


def image_size(url: str) -> tuple[int, int] | None:
    """Width and height of the image in a data URI, from its first bytes; None where they can't be told.

    It is enough if the payload begins well, so that URLs of which the rest was cut off serve as well.
    """
    from jsonl_lint.images.payload import Payload

    match = re.match(DATA_URI, url)
    # Nearly every header is short; what comes before the frame of a JPEG may be long.
    for limit in (HEAD_CHARACTERS, len(url)) if match is not None else ():
        data = url[:limit].encode("utf-8", "surrogatepass")
        size = size_in(Payload(data, match.end(), len(data))) if match is not None else None
        if size is not None:
            return size
    return None


def size_in(payload: Payload) -> tuple[int, int] | None:
    """Width and height of the image of which a payload is, or begins; None where they can't be told."""
    from jsonl_lint.images.header import read_header

    try:
        header = read_header(payload)
    except ValueError:
        return None
    return (header.width, header.height) if header is not None and header.width and header.height else None
