"""Images from their bytes: what the header says is what Pillow says, and damage of every kind is seen."""

from __future__ import annotations

import base64
import io
import random
import re
import struct
import zlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, UnidentifiedImageError

from jsonl_lint.images import Picture, image_size, media_type, picture_of, shortened
from jsonl_lint.images.inspection import inspect_bytes

KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("PNG", "1", {}),
    ("PNG", "L", {}),
    ("PNG", "LA", {}),
    ("PNG", "P", {}),
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "I;16", {}),
    ("PNG", "RGB", {"optimize": True}),
    ("JPEG", "L", {}),
    ("JPEG", "RGB", {}),
    ("JPEG", "CMYK", {}),
    ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "RGB", {"optimize": True, "quality": 5}),
    ("JPEG", "RGB", {"comment": b"c" * 60000, "dpi": (300, 300)}),
    ("JPEG", "RGB", {"icc_profile": b"i" * 150_000}),
    ("WEBP", "RGB", {}),
    ("WEBP", "RGBA", {}),
    ("WEBP", "RGB", {"lossless": True}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("WEBP", "RGB", {"exif": b"Exif\0\0" + b"x" * 100}),
]


def noise(mode: str, size: tuple[int, int], seed: int = 1) -> Image.Image:
    """An image of noise."""
    rng = random.Random(seed)
    base = Image.frombytes("RGBA", size, rng.randbytes(size[0] * size[1] * 4))
    if mode == "I;16":
        return Image.frombytes("I;16", size, rng.randbytes(size[0] * size[1] * 2))
    return base.convert("RGB").convert(mode) if mode != "RGBA" else base


def saved(file_format: str, mode: str, size: tuple[int, int] = (37, 23), **options: Any) -> bytes:
    """An image of noise as a file."""
    buffer = io.BytesIO()
    noise(mode, size).save(buffer, file_format, **options)
    return buffer.getvalue()


def uri(data: bytes, kind: str = "image/png") -> str:
    """A data URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(("file_format", "mode", "options"), KINDS)
@pytest.mark.parametrize("size", [(1, 1), (37, 23), (300, 200)])
def test_header_says_what_pillow_says(
    file_format: str, mode: str, options: dict[str, Any], size: tuple[int, int]
) -> None:
    """Format, mode and dimensions are Pillow's."""
    data = saved(file_format, mode, size, **options)
    picture = inspect_bytes(data)
    with Image.open(io.BytesIO(data)) as image:
        expected = (str(image.format).lower(), image.mode, *image.size)
    assert (picture.format, picture.mode, picture.width, picture.height) == expected
    assert (picture.damage, picture.broken, picture.size) == (None, None, len(data))


@pytest.mark.parametrize(("file_format", "mode", "options"), KINDS)
def test_the_head_alone_tells_the_size(file_format: str, mode: str, options: dict[str, Any]) -> None:
    """What the gate leaves of a payload still gives the dimensions."""
    data = saved(file_format, mode, **options)
    head = inspect_bytes(data).head
    url = uri(data)
    start = url.index(",") + 1
    assert image_size(url) == image_size(url[: start + head]) == (37, 23)


@pytest.mark.parametrize(("file_format", "mode", "options"), KINDS)
def test_cut_off_images_are_damaged(file_format: str, mode: str, options: dict[str, Any]) -> None:
    """An image that Pillow can't load because it is cut off is never called whole."""
    data = saved(file_format, mode, **options)
    for length in {1, 5, 20, 40, *(len(data) * part // 9 for part in range(1, 9)), len(data) - 20, len(data) - 9}:
        cut = data[:length]
        picture = inspect_bytes(cut)
        if not loads(cut):
            assert picture.damage is not None or picture.format is None, f"cut to {length} of {len(data)} bytes"


def loads(data: bytes) -> bool:
    """Whether Pillow can decode an image."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        return False
    return True


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_bytes_after_the_end_do_no_harm(file_format: str) -> None:
    """Cameras and phones append things; the image is whole all the same."""
    data = saved(file_format, "RGB")
    assert inspect_bytes(data + b"\0" * 10).damage is None
    assert inspect_bytes(data + b"MotionPhoto" * 20_000).damage is None


def test_jpeg_without_end_mark_is_asked_of_pillow() -> None:
    """A JPEG that lacks nothing but its end mark can be read; one that lacks pixels can't."""
    data = saved("JPEG", "RGB", (300, 200))
    assert inspect_bytes(data[:-2]).damage is None or not loads(data[:-2])
    assert inspect_bytes(data[:-2000]).damage is not None


def test_preview_in_the_header_is_not_the_end() -> None:
    """The end mark of a preview before the pixels does not make a cut-off image whole."""
    preview = saved("JPEG", "RGB", (8, 8))
    data = saved("JPEG", "RGB", (300, 200), comment=preview)
    assert inspect_bytes(data).damage is None
    assert inspect_bytes(data[: len(data) // 2]).damage is not None


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT", b"IEND"])
def test_png_with_a_wrong_checksum_is_damaged(kind: bytes) -> None:
    """Each chunk that a reader needs is checked."""
    data = bytearray(saved("PNG", "RGB"))
    at = data.index(kind)
    length = struct.unpack(">I", data[at - 4 : at])[0]
    data[at + 4 + length] ^= 1
    damage = inspect_bytes(bytes(data)).damage
    assert damage is not None
    assert kind.decode() in damage


def test_png_chunk_that_readers_pass_over_is_passed_over() -> None:
    """A comment with a wrong checksum makes no reader fail."""
    data = saved("PNG", "RGB")
    chunk = struct.pack(">I", 3) + b"teXt" + b"a=b" + b"\0\0\0\0"
    assert inspect_bytes(data[:33] + chunk + data[33:]).damage is None


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that promises many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def test_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """60,000 x 60,000 pixels in a few hundred bytes: Pillow never sees them."""
    monkeypatch.setattr(Image, "open", None)
    picture = inspect_bytes(bomb(60_000, 60_000))
    assert picture.damage is not None
    assert "60,000 × 60,000" in picture.damage


def test_many_empty_segments_come_to_an_end() -> None:
    """A JPEG of millions of empty segments is given up."""
    data = b"\xff\xd8" + b"\xff\xe1\x00\x02" * 1_000_000
    assert inspect_bytes(data).damage is not None


def test_damage_is_told_in_the_same_words_again() -> None:
    """What Pillow can't identify is said without the address of an object in memory."""
    data = saved("JPEG", "RGB")
    broken = data.replace(b"\xff\xc0", b"\xff\xc8", 1)
    assert inspect_bytes(broken).damage == "it is corrupt or cut off (cannot identify image file)"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"GIF89a" + b"\0" * 20, "gif"),
        (b"BM" + b"\0" * 20, "bmp"),
        (b"II*\0" + b"\0" * 20, "tiff"),
        (b"\0\0\0 ftypavif" + b"\0" * 20, "avif"),
        (b"\0\0\0 ftypheic" + b"\0" * 20, "heic"),
        (b"%PDF-1.4" + b"\0" * 20, "pdf"),
        (b"<svg xmlns=''/>", "svg"),
        (b"hello, world", None),
        (b"x", None),
    ],
)
def test_other_formats_are_named(data: bytes, name: str | None) -> None:
    """The format by its signature, or none at all."""
    assert inspect_bytes(data).format == name


@settings(max_examples=400)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
@example(0, KINDS[0])
def test_changed_bytes_never_raise(seed: int, kind: tuple[str, str, dict[str, Any]]) -> None:
    """Whatever is in an image, there is an answer."""
    rng = random.Random(seed)
    data = bytearray(saved(kind[0], kind[1]))
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(min(len(data), 400))
        data[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
    picture = inspect_bytes(bytes(data))
    assert isinstance(picture, Picture)
    assert picture.broken is None


@settings(max_examples=300)
@given(st.text("AQgw+/=-_ \n%\u00e9", max_size=24))
@example("A===")
@example("AA=A")
@example("AAAA====")
@example("AA==AAAA")
def test_base64_is_strict(payload: str) -> None:
    """What Python's strict decoder refuses is broken here too, and the other way round."""
    picture = picture_of("data:image/png;base64," + payload)
    assert picture is not None
    is_good = bool(re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", payload)) and bool(
        payload
    )
    assert (picture.broken is None) == is_good


@pytest.mark.parametrize("at", [3, 65535, 65536, 65537, 131_071, 150_000])
@pytest.mark.parametrize("char", ["=", "-", "\n", "\u00e9"])
def test_one_wrong_character_is_found_anywhere(at: int, char: str) -> None:
    """Also at the edges of blocks; the message says where."""
    payload = "A" * 200_000
    changed = payload[:at] + char + payload[at + 1 :]
    changed += "A" * (-len(changed.encode()) % 4)
    picture = picture_of("data:image/png;base64," + changed)
    assert picture is not None
    assert picture.broken is not None


def test_media_types() -> None:
    """The media type that a URL says."""
    assert media_type("DATA:Image/PNG;charset=x;base64,AAAA") == "image/png"
    assert media_type("data:text/plain;base64,AAAA") is None
    assert media_type("https://example.com/a.png") is None
    assert image_size("https://example.com/a.png") is None
    assert image_size("data:image/png;base64,AAAA") is None


IMAGE = uri(saved("PNG", "L", (9, 5)))
PIECES = st.sampled_from(
    ['"', "\\", "a", ";base64,", "data:image/png;base64,", '"data:image/png;base64,', f'"{IMAGE}"', IMAGE, "=", "{ "]
)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8))
@example(['"data:image/png'], [";base64,", '"'], [])
@example([], [f'"{IMAGE[:-9]}'], [f'{IMAGE[-9:]}"'])
@example(["\\"], [f'"{IMAGE}"'], [])
def test_a_line_is_shortened_alike_wherever_it_stands(before: list[str], within: list[str], after: list[str]) -> None:
    """What stands around it in its block does not matter."""
    line = "".join(within).encode()
    first = "".join(before).encode()
    block = first + line + "".join(after).encode()
    assert shortened(block, len(first), len(first) + len(line)) == shortened(line)


def test_shortened_line_keeps_all_but_the_payload() -> None:
    """What is cut out is the rest of the payload, and nothing of any text."""
    data = saved("PNG", "RGB", (300, 200))
    text = b'{"a": "see \\"data:image/png;base64,AAAA\\" or x;base64,y", "u": "' + uri(data).encode() + b'"}'
    short = shortened(text)
    assert short is not None
    line, pictures, bare = short.text, short.pictures, short.bare
    assert len(line) < 300
    assert bare == text.replace(uri(data).encode(), b"data:image/png;base64,")
    assert line.startswith(
        b'{"a": "see \\"data:image/png;base64,AAAA\\" or x;base64,y", "u": "data:image/png;base64,iVBO'
    )
    assert [picture.width for found in pictures.values() for picture in found] == [300]
    assert shortened(text.replace(b"iVBO", b"iV-O")) is None
    assert shortened(text[:-2]) is None
