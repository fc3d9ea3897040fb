"""Print small images of each format and mode as base64, for the examples in `jsonl_lint/rules/img/samples.py`."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

KINDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("PNG_RGB", "PNG", "RGB", {}),
    ("PNG_RGBA", "PNG", "RGBA", {}),
    ("PNG_PALETTE", "PNG", "P", {}),
    ("PNG_GREY", "PNG", "L", {}),
    ("PNG_16_BIT", "PNG", "I;16", {}),
    ("WEBP_RGB", "WEBP", "RGB", {"lossless": True}),
    ("WEBP_RGBA", "WEBP", "RGBA", {"lossless": True}),
    ("JPEG_RGB", "JPEG", "RGB", {"quality": 1, "optimize": True}),
    ("JPEG_GREY", "JPEG", "L", {"quality": 1, "optimize": True}),
    ("JPEG_CMYK", "JPEG", "CMYK", {"quality": 1, "optimize": True}),
    ("GIF", "GIF", "RGB", {}),
    ("BMP", "BMP", "RGB", {}),
)


def encoded(file_format: str, mode: str, **options: Any) -> str:
    """A square of two pixels as base64."""
    buffer = io.BytesIO()
    Image.new(mode, (2, 2)).save(buffer, file_format, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def main() -> None:
    """Print one constant for each kind."""
    for name, file_format, mode, options in KINDS:
        text = encoded(file_format, mode, **options)
        lines = [text[at : at + 100] for at in range(0, len(text), 100)]
        shown = f'"{lines[0]}"' if len(lines) == 1 else "(\n" + "".join(f'    "{line}"\n' for line in lines) + ")"
        print(f"{name} = {shown}")


if __name__ == "__main__":
    main()
