"""From what a command was given to its configuration: defaults, config files, environment, options."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jsonl_lint.configuration.environment import CONFIG, environment_layer
from jsonl_lint.configuration.files import discover, read_layers
from jsonl_lint.configuration.layer import Layer, names, option_name, read_text
from jsonl_lint.configuration.merge import Configuration, merge
from jsonl_lint.errors import UsageError
from jsonl_lint.patterns import has_magic

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load", "options_layer"]


def load(
    paths: Iterable[str],
    options: Mapping[str, Any],
    config: str | None = None,
    isolated: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Configuration:
    """The configuration for a command: option before environment before config file before default.

    The config file is `config`, or the one that `JSONL_LINT_CONFIG` names, or the nearest one from the first path upwards;
    with `isolated` none is read, and no environment variable.
    """
    variables = os.environ if environment is None else environment
    layers: list[Layer] = []
    if not isolated:
        file = config_file(paths, config or variables.get(CONFIG))
        layers = [*(read_layers(file) if file else []), environment_layer(variables)]
    elif config is not None:
        raise UsageError("--config and --isolated exclude each other")
    return merge([*layers, options_layer(options)])


def config_file(paths: Iterable[str], named: str | None) -> Path | None:
    """The config file that was named, or else the nearest one."""
    if named is None:
        return discover(start_folder(next(iter(paths), ".")))
    if not os.path.isfile(named):
        raise UsageError(f"--config {named}: no such file")
    from pathlib import Path

    return Path(named)


def start_folder(path: str) -> str:
    """The folder where the search begins: that of the first path, or the current one if it is on no disk."""
    if path == "-" or "://" in path:
        return os.getcwd()
    plain = path
    while has_magic(plain):
        plain = os.path.dirname(plain)
    found = os.path.realpath(plain or ".")
    return found if os.path.isdir(found) else os.path.dirname(found)


def options_layer(options: Mapping[str, Any]) -> Layer:
    """What the options of a command say; those not given are None, False or empty."""
    layer = Layer({}, {})
    known = names()
    for name, value in options.items():
        if name not in known or value is None or value is False or value == ():
            continue
        option = f"--{option_name(name)}"
        layer.places[(name,)] = f"option {option}"
        texts = value if isinstance(value, tuple) else (value,)
        if all(isinstance(text, str) for text in texts):
            layer.values[name] = read_text(name, texts, option)
        else:
            layer.values[name] = value
    return layer
