"""The standard library's TOML parser, or on Python 3.10 its twin."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["TomlError", "parse_toml"]


class TomlError(ValueError):
    """A text that is no TOML; the message says why and where."""


def parse_toml(text: str) -> dict[str, Any]:
    """The document that a TOML text holds; `TomlError` if it is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(str(error)) from error
    return document
