"""Config files: found upwards from the data, read, and put together with those that they extend."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from jsonl_lint.configuration.layer import Layer, field_types, is_table, option_name, read_value
from jsonl_lint.errors import UsageError, nearest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CONFIG_NAME", "discover", "read_layers"]

CONFIG_NAME = "jsonl-lint.toml"
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "jsonl-lint")

# Settings that name files: relative ones are meant from the folder of the config file.
FILES = ("baseline", "output")


def discover(start: str) -> Path | None:
    """The nearest config file in a folder or above it: `jsonl-lint.toml`, or a pyproject.toml with our table."""
    for file in filter(os.path.isfile, candidates(start)):
        from pathlib import Path

        path = Path(file)
        if table_of(path, parsed(path)) is not None:
            return path
    return None


def candidates(folder: str) -> Iterator[str]:
    """Where a config file could be, nearest first."""
    above = os.path.dirname(folder)
    yield os.path.join(folder, CONFIG_NAME)
    yield os.path.join(folder, PYPROJECT)
    if above != folder:
        yield from candidates(above)


def read_layers(path: Path, seen: tuple[Path, ...] = ()) -> list[Layer]:
    """The settings of a config file and before them those that it extends, farthest first."""
    real = path.resolve()
    if real in seen:
        chain = " -> ".join(shown(file) for file in (*seen, real))
        raise UsageError(f"{shown(path)}: config files extend each other in a circle: {chain}")
    document = parsed(path)
    table = table_of(path, document)
    if table is None:
        raise UsageError(f"{shown(path)}: has no table [tool.jsonl-lint]")
    lines = lines_of(path)
    layer = read_table(path, table, lines)
    if "extend" not in table:
        return [layer]
    base = table["extend"]
    where = f"{shown(path)}:{lines.get(('extend',), 1)}"
    if not isinstance(base, str):
        raise UsageError(f"{where}: extend: expected a string with the path of a config file")
    other = real.parent / os.path.expanduser(base)
    if not other.is_file():
        raise UsageError(f"{where}: extend: {base}: no such file")
    return [*read_layers(other, (*seen, real)), layer]


def parsed(path: Path) -> dict[str, Any]:
    """The TOML document in a file; `UsageError` with its place if it is none."""
    from jsonl_lint.configuration.toml import TomlError, parse_toml

    try:
        return parse_toml(text_of(path))
    except TomlError as error:
        raise UsageError(f"{shown(path)}: not valid TOML: {error}") from None


def text_of(path: Path) -> str:
    """The text of a config file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{shown(path)}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)}: not UTF-8: byte {error.start}") from None


def table_of(path: Path, document: dict[str, Any]) -> dict[str, Any] | None:
    """Our settings in a document: its table of a pyproject.toml, all of another file; None if there is none."""
    if path.name != PYPROJECT:
        return document
    table: Any = document
    for key in TABLE:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else None


def lines_of(path: Path) -> dict[tuple[str, ...], int]:
    """The lines of our settings in a file, by key and inner key."""
    from jsonl_lint.configuration.lines import key_lines

    lines = key_lines(text_of(path))
    if path.name != PYPROJECT:
        return lines
    return {key[len(TABLE) :]: number for key, number in lines.items() if key[: len(TABLE)] == TABLE}


def read_table(path: Path, table: dict[str, Any], lines: dict[tuple[str, ...], int]) -> Layer:
    """The settings of a table, each checked on its own, so that what is wrong has its line."""
    names = {option_name(name): name for name in field_types()}
    layer = Layer({}, {})
    for key, value in table.items():
        where = f"{shown(path)}:{lines.get((key,), 1)}"
        if key == "extend":
            continue
        if key not in names:
            raise UsageError(f"{where}: unknown setting {key!r}{nearest(key, [*names, 'extend'])}")
        name = names[key]
        layer.places[(name,)] = where
        if is_table(field_types()[name]) and isinstance(value, dict):
            for inner, item in value.items():
                place = f"{shown(path)}:{lines.get((key, inner), lines.get((key,), 1))}"
                layer.places[(name, inner)] = place
                read_value(name, {inner: item}, place, inner)
        layer.values[name] = from_folder(name, read_value(name, value, where), path.resolve().parent)
    return layer


def from_folder(name: str, value: Any, folder: Path) -> Any:
    """A value whose relative paths and patterns are taken from the folder of the config file."""
    if name in FILES:
        return os.path.join(folder, os.path.expanduser(value))
    if name in ("plugins", "validation"):
        return tuple(os.path.join(folder, os.path.expanduser(item)) for item in value)
    if name == "report":
        pairs = (item.rpartition("=") for item in value)
        return tuple(
            f"{form}{equals}{os.path.join(folder, file)}" if file.strip() else form for form, equals, file in pairs
        )
    if name.startswith("per_file_"):
        return {os.path.join(folder, key) if "/" in key else key: item for key, item in value.items()}
    return value


def shown(path: Path) -> str:
    """A path as it is said to users: from the current folder where it is below it."""
    from pathlib import Path

    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
