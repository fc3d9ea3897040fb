"""Where a schema refers to itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from jsonl_lint.finding import Path
from jsonl_lint.parameters.fault import SchemaFault
from jsonl_lint.text import quoted

__all__ = ["objects", "reference_faults"]


def objects(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object inside a value, and where it stands."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from objects(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, (*path, index))


def reference_faults(schema: dict[str, Any]) -> Iterator[SchemaFault]:
    """The references that lead nowhere within the schema."""
    found = list(objects(schema))
    # With an `$id` inside, references are relative to that.
    if any(isinstance(fields.get("$id"), str) for _, fields in found):
        return
    for path, fields in found:
        reference = fields.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/") and not leads_somewhere(schema, reference):
            yield SchemaFault(f"$ref {quoted(reference)} leads nowhere", (*path, "$ref"), "$ref")


def leads_somewhere(schema: Any, reference: str) -> bool:
    """Whether a reference by JSON Pointer finds something in its schema."""
    value = schema
    for step in unquote(reference).split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key[:9]) < len(value):
            value = value[int(key[:9])]
        else:
            return False
    return True
