"""What one place says: the settings that stand in it, each checked, and the line of each."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

import msgspec

from jsonl_lint.config import Display, Settings
from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.text import kind, plural

__all__ = ["Layer", "config_type", "field_types", "names", "option_name", "read_text", "read_value"]


# Lists whose items name files.
FILES = ("report", "plugins", "validation")


class Layer(msgspec.Struct):
    """The settings of one place. `values` are by name with underscores; `places` say where each stands.

    A place is asked for by the name of a setting, and for tables also by name and key.
    """

    values: dict[str, Any]
    places: dict[tuple[str, ...], str]

    def place(self, name: str, key: str | None = None) -> str:
        """Where a setting, or one key of it, stands."""
        by_key = self.places.get((name, key)) if key is not None else None
        return by_key or self.places[(name,)]


def names() -> tuple[str, ...]:
    """The names of all settings, with underscores."""
    return (*Settings.__struct_fields__, *Display.__struct_fields__)


@lru_cache(maxsize=1)
def field_types() -> dict[str, Any]:
    """The type of every setting, by its name with underscores."""
    fields = [*msgspec.structs.fields(Settings), *msgspec.structs.fields(Display)]
    return {field.name: field.type for field in fields}


@lru_cache(maxsize=1)
def config_type() -> type[msgspec.Struct]:
    """The type of a config file: every setting, none of them needed, and `extend`."""
    described = typing.Annotated[
        str, msgspec.Meta(description="Another config file to begin with, relative to this one; this one's values win.")
    ]
    fields: list[Any] = [("extend", described | msgspec.UnsetType, msgspec.UNSET)]
    fields += [(name, kind_ | msgspec.UnsetType, msgspec.UNSET) for name, kind_ in field_types().items()]
    return msgspec.defstruct("Config", fields, rename="kebab", kw_only=True, forbid_unknown_fields=True)


def option_name(name: str) -> str:
    """A setting's name as users write it in options and config files: with hyphens."""
    return name.replace("_", "-")


def read_value(name: str, value: Any, place: str, key: str | None = None) -> Any:
    """A value of a config file as the setting `name` takes it; `UsageError` that begins with the place if it does not.

    `key` is the one key of the value, where that is one entry of a table.
    """
    label = option_name(name) if key is None else f"{option_name(name)}.{key}"
    wanted = field_types()[name]
    if isinstance(value, list) and is_table(wanted):
        raise UsageError(f"{place}: {option_name(name)} is a table, as [{option_name(name)}], not an array")
    try:
        return msgspec.convert(value, wanted, strict=True)
    except msgspec.ValidationError as error:
        raise UsageError(f"{place}: {label}: {explained(error, value, wanted)}") from None


def explained(error: msgspec.ValidationError, value: Any, wanted: Any) -> str:
    """Why a value does not fit, in words."""
    choices = choices_of(wanted)
    scalar = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
    if choices and isinstance(scalar, str):
        return f"{scalar!r} is not one of {', '.join(choices)}{nearest(scalar, choices)}"
    expected = re.match(r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`", str(error))
    if expected is None:
        return str(error).partition(" - at ")[0]
    names = {
        "str": "a string",
        "int": "a whole number",
        "array": "an array",
        "object": "a table",
        "bool": "true or false",
    }
    parts = [names.get(part, part) for part in expected["expected"].split(" | ") if part != "null"]
    return f"expected {' or '.join(parts)}, not {kind(scalar) if not isinstance(scalar, dict) else 'a table'}"


def choices_of(wanted: Any) -> list[str]:
    """The strings that a type takes, if it names them; for a table those of its values."""
    plain = typing.get_args(wanted)[0] if hasattr(wanted, "__metadata__") else wanted
    if typing.get_origin(plain) is dict:
        plain = typing.get_args(plain)[1]
    return [str(choice) for choice in typing.get_args(plain)] if typing.get_origin(plain) is Literal else []


def is_table(wanted: Any) -> bool:
    """Whether a setting is a table."""
    return origin_of(wanted) is dict


def origin_of(wanted: Any) -> Any:
    """`dict`, `tuple`, `bool` ..., whatever else is said of a type."""
    plain = typing.get_args(wanted)[0] if hasattr(wanted, "__metadata__") else wanted
    if typing.get_origin(plain) in (dict, tuple, Literal):
        return typing.get_origin(plain)
    parts = [part for part in typing.get_args(plain) if part is not type(None)]
    return origin_of(parts[0]) if parts else plain


def read_text(name: str, texts: Iterable[str], place: str) -> Any:
    """A setting as it is written in options and environment variables: `A,B`, `KEY=VALUE,KEY=VALUE`, `true`, `5`."""
    items = [item.strip() for text in texts for item in split(name, text) if item.strip()]
    wanted = origin_of(field_types()[name])
    if wanted is tuple:
        return read_value(name, items, place)
    if wanted is dict:
        return read_value(name, dict(pair(name, item, place) for item in items), place)
    if len(items) != 1:
        raise UsageError(f"{place}: expected one value, not {plural(len(items), 'value')}")
    if wanted is bool:
        return boolean(items[0], place)
    if wanted is int and items[0].lstrip("-").isdigit():
        return read_value(name, int(items[0]), place)
    return read_value(name, items[0], place)


def split(name: str, text: str) -> list[str]:
    """The items of a text, which commas separate where the setting takes several; names of files may hold commas."""
    return text.split(",") if origin_of(field_types()[name]) in (tuple, dict) and name not in FILES else [text]


def pair(name: str, item: str, place: str) -> tuple[str, Any]:
    """The key and value of `KEY=VALUE`; of a table of lists, the values are separated by `+`."""
    key, equals, text = item.partition("=")
    if not equals:
        example = "CODE=LEVEL, as ENC001=off" if name == "severity" else "KEY=VALUE"
        raise UsageError(f"{place} {item}: write {example}")
    if name == "per_file_ignores":
        return key.strip(), text.split("+")
    return key.strip(), fact(text.strip()) if name == "facts" else text.strip()


def fact(text: str) -> Any:
    """A fact's value: JSON where it is that, else the text itself."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def boolean(text: str, place: str) -> bool:
    """The truth value that a word stands for."""
    values: Mapping[str, bool] = {"1": True, "true": True, "yes": True, "on": True}
    values = {**values, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in values:
        raise UsageError(f"{place}: {text!r} is not one of {', '.join(values)}")
    return values[text.lower()]
