"""Settings in environment variables: `JSONL_LINT_TARGET`, `JSONL_LINT_FAIL_ON`, ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsonl_lint.configuration.layer import Layer, names, read_text
from jsonl_lint.errors import nearest

__all__ = ["PREFIX", "environment_layer", "unknown_variables"]

PREFIX = "JSONL_LINT_"
CONFIG = PREFIX + "CONFIG"


def environment_layer(environment: Mapping[str, str]) -> Layer:
    """The settings that the environment gives; empty variables say nothing."""
    layer = Layer({}, {})
    for name in names():
        variable = PREFIX + name.upper()
        if environment.get(variable):
            layer.places[(name,)] = variable
            layer.values[name] = read_text(name, [environment[variable]], variable)
    return layer


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """A warning for each variable that looks like a setting and is none."""
    known = [CONFIG, *(PREFIX + name.upper() for name in names())]
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in known:
            yield f"the environment variable {variable} is no setting{nearest(variable, known)}"
