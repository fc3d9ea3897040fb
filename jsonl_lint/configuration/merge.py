"""Layers put together, nearer ones over farther ones, each value with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from jsonl_lint.config import Display, Settings
from jsonl_lint.configuration.layer import Layer

__all__ = ["ADDED", "DEFAULT", "Configuration", "merge"]

DEFAULT = "default"

# Lists that grow from layer to layer; others take the place of those farther away.
ADDED = ("extend_select", "ignore", "plugins")


class Configuration(msgspec.Struct):
    """All layers merged: the values that were given, and the places of each, of tables by key."""

    values: dict[str, Any] = msgspec.field(default_factory=dict)
    places: dict[tuple[str, ...], list[str]] = msgspec.field(default_factory=dict)

    def settings(self, **defaults: Any) -> Settings:
        """What the run is asked to do; `defaults` hold where nothing is said."""
        return Settings(**self.given(Settings, defaults))

    def display(self, **defaults: Any) -> Display:
        """How the report is to be shown."""
        return Display(**self.given(Display, defaults))

    def given(self, kind: type[msgspec.Struct], defaults: dict[str, Any]) -> dict[str, Any]:
        """The values for the fields of a type."""
        values = {**defaults, **self.values}
        return {name: values[name] for name in kind.__struct_fields__ if name in values}

    def origin(self, name: str, key: str | None = None) -> str:
        """Where a setting, or one key of a table, comes from, in words."""
        places = self.places.get((name, key)) if key is not None else None
        return ", ".join(places or self.places.get((name,), [DEFAULT]))


def merge(layers: Iterable[Layer]) -> Configuration:
    """The layers, farthest first, as one.

    A value takes the place of one farther away, tables do so key by key, and the lists `ADDED` grow. A `select` begins the
    selection anew: what farther layers ignore or add is forgotten.
    """
    merged = Configuration()
    for layer in layers:
        if "select" in layer.values:
            for name in ("extend_select", "ignore"):
                merged.values.pop(name, None)
                merged.places.pop((name,), None)
        for name, value in layer.values.items():
            add(merged, layer, name, value)
    return merged


def add(merged: Configuration, layer: Layer, name: str, value: Any) -> None:
    """Lay one value of a nearer layer over what is merged."""
    place = layer.place(name)
    if isinstance(value, dict):
        merged.values[name] = {**merged.values.get(name, {}), **value}
        merged.places.setdefault((name,), []).append(place)
        merged.places.update({(name, key): [layer.place(name, key)] for key in value})
    elif name in ADDED:
        merged.values[name] = tuple(dict.fromkeys((*merged.values.get(name, ()), *value)))
        merged.places.setdefault((name,), []).append(place)
    else:
        merged.values[name] = value
        merged.places[(name,)] = [place]
