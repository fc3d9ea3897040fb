"""The targets: one data file per provider or trainer, read when asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import msgspec

from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.targets.model import METHODS, Facts, Method, Model, Target

__all__ = ["DEFAULT_TARGET", "METHODS", "Facts", "Method", "Model", "Target", "load_target", "target_names"]

DEFAULT_TARGET = "azure-openai"


def target_names() -> list[str]:
    """The names of all targets, sorted."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json"))


@lru_cache(maxsize=8)
def load_target(name: str) -> Target:
    """The target of this name; `UsageError` with the nearest known name if there is none."""
    known = target_names()
    if name not in known:
        raise UsageError(f"unknown target {name!r}{nearest(name, known)}; `jsonl-lint targets` lists them", "target")
    data = resources.files(__name__).joinpath(f"{name}.json").read_bytes()
    return msgspec.json.decode(data, type=Target)
