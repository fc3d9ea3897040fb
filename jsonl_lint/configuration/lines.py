"""Where in a TOML text each key stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.configuration.toml import TomlError, parse_toml

__all__ = ["key_lines"]


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line, from 1, on which each key of a valid TOML text is given, by the path of tables and keys to it."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, statement in statements(text):
        parsed = parse_toml(statement)
        if statement.lstrip().startswith("["):
            table = max(paths(parsed), key=len, default=())
            found = [table]
        else:
            found = [(*table, *path) for path in paths(parsed)]
        for path in found:
            for depth in range(1, len(path) + 1):
                lines.setdefault(path[:depth], number)
    return lines


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or `key = value` with the number of its first line: the fewest lines that are TOML on their own."""
    begun: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        begun.append(line)
        try:
            is_empty = not parse_toml("\n".join(begun)) and not line.lstrip().startswith("[")
        except TomlError:
            continue
        if not is_empty:
            yield number - len(begun) + 1, "\n".join(begun)
        begun = []


def paths(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, ...]]:
    """The paths of all keys in a table, and in the tables that an array holds."""
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict):
            continue
        for key, inner in entry.items():
            yield (key,)
            if isinstance(inner, (dict, list)):
                yield from ((key, *path) for path in paths(inner))
