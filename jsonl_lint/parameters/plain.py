"""The fast way for the schemas that most tools have: a few keywords with an obvious meaning, and a sure yes or no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["breaches", "conforms", "is_countable", "is_plain"]

# Messages of the exact way leave out the middle of long names, so that two of them may read the same.
LONGEST_NAME = 50
MOST_WORDS = 200


def is_name(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def is_count(value: Any) -> bool:
    """Whether a value is a natural number."""
    return type(value) is int and value >= 0


def is_number(value: Any) -> bool:
    """Whether a value is a number."""
    return type(value) in (int, float)


def is_names(value: Any) -> bool:
    """Whether a value is an array of different texts."""
    return isinstance(value, list) and all(map(is_name, value)) and len(set(value)) == len(value)


def is_type(value: Any) -> bool:
    """Whether a value is a name of a type, or an array of some."""
    if isinstance(value, str):
        return value in TYPES
    return is_names(value) and bool(value) and TYPES.keys() >= set(value)


def is_schemas(value: Any) -> bool:
    """Whether a value is an object of plain schemas."""
    return isinstance(value, dict) and all(map(is_plain, value.values()))


def is_plain(value: Any) -> bool:
    """Whether a value is a valid schema that says nothing but what `conforms` understands."""
    if not isinstance(value, dict):
        return False
    for key, item in value.items():
        is_understood = KEYWORDS.get(key)
        if is_understood is None or not is_understood(item):
            return False
    return True


def has_type(value: Any, name: str) -> bool:
    """Whether a value is of a type of JSON Schema."""
    return value.__class__ in TYPES[name] or (name == "integer" and isinstance(value, float) and value.is_integer())


def conforms(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is sure to conform to a plain schema."""
    kind = schema.get("type")
    if isinstance(kind, str):
        if not has_type(value, kind):
            return False
    elif kind is not None and not any(has_type(value, name) for name in kind):
        return False
    # Numbers and booleans are equal in other ways in JSON than in Python; texts are not.
    if "enum" in schema and not (isinstance(value, str) and value in schema["enum"]):
        return False
    if "anyOf" in schema and not any(conforms(option, value) for option in schema["anyOf"]):
        return False
    if isinstance(value, dict):
        return object_conforms(schema, value)
    if isinstance(value, list):
        items = schema.get("items")
        return lies_within(schema, len(value), "Items") and (
            items is None or all(conforms(items, item) for item in value)
        )
    if isinstance(value, str):
        return lies_within(schema, len(value), "Length")
    return not is_number(value) or schema.get("minimum", value) <= value <= schema.get("maximum", value)


def is_countable(schema: dict[str, Any]) -> bool:
    """Whether breaches of a plain schema are all told apart, and found in no time."""
    return (
        all(len(name) <= LONGEST_NAME for name in schema.get("required", ()))
        and len(schema.get("enum", ())) <= MOST_WORDS
        and all(map(is_countable, schema.get("properties", {}).values()))
        and ("items" not in schema or is_countable(schema["items"]))
        and all(map(is_countable, schema.get("anyOf", ())))
    )


def breaches(schema: dict[str, Any], value: Any) -> int:
    """In how many ways a value breaks a plain schema; `ValueError` where a look at the schema does not tell that."""
    if "enum" in schema and not isinstance(value, str):
        # Numbers and booleans are equal in other ways in JSON than in Python.
        raise ValueError("what is compared is no text")
    kind = schema.get("type", ())
    names = [kind] if isinstance(kind, str) else kind
    found = int(bool(names) and not any(has_type(value, name) for name in names))
    found += "enum" in schema and value not in schema["enum"]
    found += "anyOf" in schema and all(breaches(option, value) for option in schema["anyOf"])
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += sum(name not in value for name in schema.get("required", ()))
        found += schema.get("additionalProperties") is False and not value.keys() <= known.keys()
        return found + sum(breaches(known[name], item) for name, item in value.items() if name in known)
    if isinstance(value, list):
        return (
            found + beyond(schema, len(value), "Items") + sum(breaches(schema.get("items", {}), item) for item in value)
        )
    if isinstance(value, str):
        return found + beyond(schema, len(value), "Length")
    return found + (is_number(value) and beyond(schema, value, "imum"))


def beyond(schema: dict[str, Any], value: float, what: str) -> int:
    """How many of the schema's `min...` and `max...` a value goes beyond."""
    return int(value < schema.get("min" + what, value)) + int(value > schema.get("max" + what, value))


def object_conforms(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether the members of an object conform."""
    known = schema.get("properties", {})
    if not all(name in value for name in schema.get("required", ())):
        return False
    if schema.get("additionalProperties") is False and not value.keys() <= known.keys():
        return False
    return all(conforms(known[name], item) for name, item in value.items() if name in known)


def lies_within(schema: dict[str, Any], count: int, what: str) -> bool:
    """Whether a count lies between the schema's `min...` and `max...`."""
    lowest: int = schema.get("min" + what, count)
    highest: int = schema.get("max" + what, count)
    return lowest <= count <= highest


TYPES: dict[str, tuple[type[Any], ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}

KEYWORDS: dict[str, Callable[[Any], bool]] = {
    "type": is_type,
    "title": is_name,
    "description": is_name,
    "format": is_name,
    "default": lambda _: True,
    "properties": is_schemas,
    "required": is_names,
    "additionalProperties": lambda value: isinstance(value, bool),
    "enum": lambda value: isinstance(value, list) and bool(value),
    "items": is_plain,
    "anyOf": lambda value: isinstance(value, list) and bool(value) and all(map(is_plain, value)),
    "minimum": is_number,
    "maximum": is_number,
    "minLength": is_count,
    "maxLength": is_count,
    "minItems": is_count,
    "maxItems": is_count,
}
