"""Lines that are longer than a block: what is found does not depend on how they come, and what is kept of them stays."""

from __future__ import annotations

import base64
import io
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.plan import make_plan
from jsonl_lint.source import LongLine, pieces
from samples import BOM, LINE

PLAN = make_plan(Settings(no_tokens=True, facts={"max_example_tokens": 9000}), "sft")
CHECKER = Checker(PLAN)


def image(file_format: str, seed: int = 1) -> bytes:
    """The file of an image of noise."""
    buffer = io.BytesIO()
    noise = random.Random(seed).randbytes(40 * 30 * 3)
    Image.frombytes("RGB", (40, 30), noise).save(buffer, file_format)
    return buffer.getvalue()


def line(*files: bytes, text: str = "What is this?", **further: Any) -> bytes:
    """A line with images, given as their files."""
    urls = [f"data:image/png;base64,{base64.b64encode(data).decode()}" for data in files]
    parts = [{"type": "text", "text": text}, *({"type": "image_url", "image_url": {"url": url}} for url in urls)]
    messages = [{"role": "user", "content": parts}, {"role": "assistant", "content": "Noise."}]
    return json.dumps({"messages": messages, **further}).encode() + b"\n"


PNG, JPEG, WEBP = image("PNG"), image("JPEG"), image("WEBP")
GOOD = line(PNG)
LINES = st.sampled_from(
    [
        GOOD,
        line(PNG, image("PNG", 2), text="é"),
        line(PNG, text="a data:image/png;base64,QUJD in it"),
        line(PNG, text="sk-" + "a1B2" * 12),
        line(JPEG),
        line(WEBP, WEBP),
        line(PNG[:-40]),
        line(PNG[:500] + b"\0" + PNG[501:]),
        line(b"no image" * 500),
        line(PNG, unknown=1),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.replace(b"iVBO", b"iV-O"),
        GOOD.replace(b"data:image/png", b"https://a.b/c.png?", 1),
        GOOD.replace(b'"user"', b'"user", "role": "user"'),
        GOOD.replace(b'"assistant"', b'"gpt"'),
        GOOD[:-400] + b"\n",
        LINE.replace(b"Hello", b"Hello " * 900),
        LINE,
        b"\n",
    ]
)


class Keeper:
    """The state of a rule that keeps all examples."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def add(self, example: Any) -> None:
        """Keep one more."""
        self.kept.append(example)


def checked(data: bytes, size: int | None) -> tuple[object, ...]:
    """What is known of a file that comes in pieces of a size, or in one."""
    ranged = Range(PLAN, "x", fast_from=None, checker=CHECKER)
    keeper = ranged.partial.states["KEPT"] = Keeper()
    for piece in pieces(io.BytesIO(data).read, "x", size) if size else filter(None, [data]):
        ranged.feed(piece)
    partial = ranged.partial
    assert partial.prints is not None
    sums = (partial.counts, partial.failures, partial.unchecked, partial.uncounted, partial.tokens)
    prints = (partial.prints.examples, partial.prints.prompts, partial.prints.gaps)
    kept = [(example.line, example.text, example.value, example.roles) for example in keeper.kept]
    return partial.findings, partial.summary, *sums, *prints, kept


@settings(max_examples=60)
@given(st.lists(LINES, max_size=8), st.booleans(), st.integers(100, 6000), st.booleans())
def test_pieces_of_any_size_give_the_same(lines: list[bytes], bom: bool, size: int, ended: bool) -> None:
    data = (BOM if bom else b"") + b"".join(lines)
    data = data if ended else data.removesuffix(b"\n")
    assert checked(data, size) == checked(data, None)


def test_a_clean_long_line_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LongLine, "__bytes__", None)
    plan = make_plan(Settings(no_tokens=True), "sft")
    ranged = Range(plan, "x", offset=3)
    (piece,) = pieces(io.BytesIO(GOOD).read, "x", 100)
    ranged.feed(piece)
    assert (ranged.partial.summary.examples, ranged.partial.counts) == (1, {})
