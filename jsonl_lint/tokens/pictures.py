"""The tokens of an image, from its size in pixels, its `detail`, and the rule of the model that sees it."""

from __future__ import annotations

import math

from jsonl_lint.targets.model import ImageTokens

__all__ = ["image_patches", "image_tokens", "is_documented"]

_BOX = 2048
_SHORT_SIDE = 768
_TILE = 512
_PATCH = 32
_MOST_PATCHES = 1536


def image_tokens(width: int, height: int, detail: object, rule: ImageTokens | None) -> int | None:
    """The tokens of an image, or None where the model's rule or the image's size is not known.

    `auto` (also: no detail, or one that does not exist) lets the model choose; it is counted as `high`, the dearer one.
    """
    if rule is None or width < 1 or height < 1:
        return None
    if rule.kind == "patch":
        from fractions import Fraction

        return math.ceil(image_patches(width, height) * Fraction(str(rule.multiplier)))
    if detail == "low":
        return rule.base
    return rule.base + rule.tile * _tiles(width, height)


def is_documented(detail: object, rule: ImageTokens) -> bool:
    """Whether the documents say what an image of this detail costs, rather than leave it to the model."""
    return detail == "high" or (detail == "low" and rule.kind == "tile")


def image_patches(width: int, height: int) -> int:
    """The patches of 32 pixels that cover an image, which is shrunk until at most 1,536 of them do.

    The documents shrink by sqrt(1536 x 32^2 / (width x height)), then further until one side is a whole number of patches.
    Both are done here in whole numbers: floats would make a patch more where a side comes out whole. An image so narrow that
    no whole patch is left of a side takes all 1,536.
    """
    patches = math.ceil(width / _PATCH) * math.ceil(height / _PATCH)
    if patches <= _MOST_PATCHES:
        return patches
    across = math.isqrt(_MOST_PATCHES * width // height)
    down = math.isqrt(_MOST_PATCHES * height // width)
    if across == 0 or down == 0:
        return _MOST_PATCHES
    if across * height <= down * width:
        return across * _whole(height * across, width)
    return down * _whole(width * down, height)


def _tiles(width: int, height: int) -> int:
    """The tiles of 512 pixels, once the image is shrunk to a square of 2,048 and its shorter side to 768; never enlarged.

    In whole numbers: floats would make a tile more where a side comes out whole.
    """
    shorter, longer = sorted((width, height))
    if longer <= _BOX and shorter <= _SHORT_SIDE:
        side, whole = 1, 1
    elif _BOX * shorter <= _SHORT_SIDE * longer:
        side, whole = _BOX, longer
    else:
        side, whole = _SHORT_SIDE, shorter
    return _whole(width * side, whole * _TILE) * _whole(height * side, whole * _TILE)


def _whole(amount: int, unit: int) -> int:
    return -(-amount // unit)
