"""Small images for the rules' examples, as data URIs; made with Pillow, see `scripts/make_images.py`."""

from __future__ import annotations

from typing import Any

__all__ = [
    "BMP",
    "GIF",
    "JPEG_CMYK",
    "JPEG_GREY",
    "JPEG_RGB",
    "PNG_16_BIT",
    "PNG_GREY",
    "PNG_PALETTE",
    "PNG_RGB",
    "PNG_RGBA",
    "WEBP_RGB",
    "WEBP_RGBA",
    "example",
    "uri",
]

PNG_RGB = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAC0lEQVR4nGNgQAYAAA4AAamRc7EAAAAASUVORK5CYII="
PNG_RGBA = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAC0lEQVR4nGNgQAcAABIAAXfx+gAAAAAASUVORK5CYII="
PNG_PALETTE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQMAAABIeJ9nAAAAA1BMVEUAAACnej3aAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
PNG_GREY = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNgYGBgYAAAAAYAAXKCmeoAAAAASUVORK5CYII="
PNG_16_BIT = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAC0lEQVR4nGNggAEAAAoAAX+AdF4AAAAASUVORK5CYII="
WEBP_RGB = "UklGRhoAAABXRUJQVlA4TA4AAAAvAUAAAAcQEf0PRET/Aw=="
WEBP_RGBA = "UklGRhoAAABXRUJQVlA4TA0AAAAvAUAAEAcQERGIiP4HAA=="
JPEG_RGB = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////"
    "////////////wAARCAACAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QA"
    "FAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJgA/9k="
)
JPEG_GREY = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////////////"
    "////////////////////wAALCAACAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
    "AQEAAD8AN//Z"
)
JPEG_CMYK = (
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwD/////////////////////////////////////////////////////////////////////"
    "/////////////////8AAFAgAAgACBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAA"
    "AAAA/9oADgRDAE0AWQBLAAA/AEIQj//Z"
)
GIF = "R0lGODdhAgACAIEAAAAAAAAAAAAAAAAAACwAAAAAAgACAAAIBgABCAQQEAA7"
BMP = "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAADEDgAAxA4AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="


def uri(payload: str, media_type: str = "image/png") -> str:
    """The data URI of an image."""
    return f"data:{media_type};base64,{payload}"


def example(url: Any, **beside: Any) -> dict[str, Any]:
    """An example whose question has an image."""
    part = {"type": "image_url", "image_url": {"url": url, **beside}}
    return {"messages": [{"role": "user", "content": [part]}, {"role": "assistant", "content": "A square."}]}
