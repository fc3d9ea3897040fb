"""One image as the rules see it: everything that can be said of it without decoding its pixels."""

from __future__ import annotations

import msgspec

__all__ = ["Picture"]


class Picture(msgspec.Struct, frozen=True):
    """What is known of an image.

    `size` counts its bytes. `broken` says why its base64 is none, `damage` why it can't be read. `format`, `mode` (as
    Pillow names it), width and height are None and 0 where they can't be told. `head` is how many characters of the
    base64 tell all this.
    """

    size: int = 0
    broken: str | None = None
    damage: str | None = None
    format: str | None = None
    mode: str | None = None
    width: int = 0
    height: int = 0
    head: int = 0
