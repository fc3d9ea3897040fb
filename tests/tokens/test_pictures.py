"""Image tokens: the check values of the documents, and what holds for any image."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonl_lint.targets.model import ImageTokens
from jsonl_lint.tokens.pictures import image_patches, image_tokens, is_documented

GPT_4O = ImageTokens("tile", base=85, tile=170)
GPT_4O_MINI = ImageTokens("tile", base=2833, tile=5667)
O4_MINI = ImageTokens("patch", multiplier=1.72)
SIDES = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("width", "height", "detail", "rule", "tokens"),
    [
        (1024, 1024, "high", GPT_4O, 765),
        (2048, 4096, "high", GPT_4O, 1105),
        (4096, 8192, "low", GPT_4O, 85),
        (1024, 1024, "low", GPT_4O_MINI, 2833),
        (1024, 1024, "high", GPT_4O_MINI, 2833 + 4 * 5667),
        (512, 512, "high", GPT_4O, 255),  # never enlarged
        (1, 1, "high", GPT_4O, 255),
        (1024, 1024, "auto", GPT_4O, 765),
        (1024, 1024, None, GPT_4O, 765),
        (1024, 1024, ["?"], GPT_4O, 765),
        (1024, 1024, "high", O4_MINI, 1762),  # 1024 x 1.72 = 1761.28
        (32, 32, "high", ImageTokens("patch", multiplier=1.62), 2),
        (100, 32, "high", ImageTokens("patch", multiplier=1.75), 7),  # 4 x 1.75, nothing to round
        (1024, 1024, "high", None, None),
        (0, 10, "high", GPT_4O, None),
        (10, -1, "low", GPT_4O, None),
    ],
)
def test_tokens(width, height, detail, rule, tokens):
    assert image_tokens(width, height, detail, rule) == tokens


@pytest.mark.parametrize(
    ("width", "height", "patches"),
    [
        (1024, 1024, 1024),
        (1800, 2400, 1452),  # shrunk to 1056 x 1408
        (2400, 1800, 1452),
        (32, 32, 1),
        (33, 32, 2),
        (1024, 1536, 1536),  # at the cap, not shrunk
        (1, 100_000, 1536),  # no whole patch is left of the width
    ],
)
def test_patches(width, height, patches):
    assert image_patches(width, height) == patches


@given(SIDES, SIDES)
def test_patches_are_few_and_turn_with_the_image(width, height):
    assert 1 <= image_patches(width, height) <= 1536
    assert image_patches(width, height) == image_patches(height, width)


@given(st.integers(64, 20_000), st.integers(64, 20_000))
def test_patches_follow_the_documented_formula(width, height):
    """In floats, as documented, give or take what rounding does to a side that comes out whole."""
    if -(-width // 32) * -(-height // 32) <= 1536:
        return
    shrink = (32 * 32 * 1536 / (width * height)) ** 0.5
    across, down = width * shrink / 32, height * shrink / 32
    if min(across, down) < 1 or min(abs(side - round(side)) for side in (across, down)) < 1e-6:
        return
    shrink *= min(int(across) / across, int(down) / down)
    expected = [-(-(side * shrink / 32 - 1e-7) // 1) for side in (width, height)]
    assert image_patches(width, height) == expected[0] * expected[1]


@given(SIDES, SIDES)
def test_tiles_are_few_and_turn_with_the_image(width, height):
    tokens = image_tokens(width, height, "high", GPT_4O)
    assert 85 + 170 <= tokens <= 85 + 8 * 170
    assert tokens == image_tokens(height, width, "high", GPT_4O)


@given(SIDES, SIDES)
@example(2048, 768)
@example(4096, 1536)
@example(768, 768)
def test_tiles_follow_the_documented_formula(width, height):
    shrink = min(Fraction(1), Fraction(2048, max(width, height)), Fraction(768, min(width, height)))
    tiles = math.ceil(width * shrink / 512) * math.ceil(height * shrink / 512)
    assert image_tokens(width, height, "high", GPT_4O) == 85 + 170 * tiles


def test_what_the_documents_say():
    assert is_documented("high", GPT_4O)
    assert is_documented("low", GPT_4O)
    assert is_documented("high", O4_MINI)
    assert not is_documented("low", O4_MINI)
    assert not is_documented("auto", GPT_4O)
    assert not is_documented(None, O4_MINI)
