"""The standard library's TOML parser, or on Python 3.10 its twin."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["TomlError", "parse_toml"]

TomlError = tomllib.TOMLDecodeError


def parse_toml(text: str) -> dict[str, Any]:
    """The document that a TOML text holds; `TomlError` if it is none."""
    document: dict[str, Any] = tomllib.loads(text)
    return document
