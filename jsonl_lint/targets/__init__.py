"""The targets: one data file per provider or trainer, read when asked for."""

from __future__ import annotations

import os
import re
from functools import lru_cache

import msgspec

from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.targets.model import METHODS, Facts, Method, Model, Target

__all__ = ["DEFAULT_TARGET", "METHODS", "Facts", "Method", "Model", "Target", "load_target", "target_names"]

DEFAULT_TARGET = "azure-openai"
NAME = re.compile(r"[a-z0-9-]+")


def target_names() -> list[str]:
    """The names of all targets, sorted."""
    from importlib import resources

    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json"))


@lru_cache(maxsize=8)
def load_target(name: str) -> Target:
    """The target of this name; `UsageError` with the nearest known name if there is none."""
    data = data_of(name)
    if data is None:
        hint = nearest(name, target_names())
        raise UsageError(f"unknown target {name!r}{hint}; `jsonl-lint targets` lists them", "target")
    return msgspec.json.decode(data, type=Target)


def data_of(name: str) -> bytes | None:
    """The data file of a target; None if there is none of this name."""
    if NAME.fullmatch(name) is None:
        return None
    try:
        with open(os.path.join(os.path.dirname(__file__), f"{name}.json"), "rb") as file:
            return file.read()
    except OSError:
        return None
