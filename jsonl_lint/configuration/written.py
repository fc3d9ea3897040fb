"""Settings written as TOML: the effective ones with where they come from, and a commented file to begin with."""

from __future__ import annotations

import json
import textwrap
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from jsonl_lint.config import Display, Settings
from jsonl_lint.configuration.layer import choices_of, field_types, is_table, option_name
from jsonl_lint.configuration.merge import Configuration

__all__ = ["commented", "effective", "toml_value"]

WIDTH = 100


def effective(configuration: Configuration) -> Iterator[str]:
    """Every setting with its value and, as a comment, where that comes from; tables key by key, after the others."""
    values = defaults() | configuration.values
    for name, wanted in field_types().items():
        if is_table(wanted):
            continue
        origin = configuration.origin(name)
        if values[name] is None:
            yield f"# {option_name(name)} is not set"
        else:
            yield f"{option_name(name)} = {toml_value(values[name])}  # {origin}"
    for name, wanted in field_types().items():
        if is_table(wanted) and values[name]:
            yield f"\n[{option_name(name)}]"
            for key, value in values[name].items():
                yield f"{toml_key(key)} = {toml_value(value)}  # {configuration.origin(name, key)}"


def defaults() -> dict[str, Any]:
    """The value of every setting where nothing is said."""
    return msgspec.structs.asdict(Settings()) | msgspec.structs.asdict(Display())


EXAMPLES: dict[str, Any] = {
    "model": "gpt-4.1-mini",
    "select": ["ENC", "FIL", "JSN", "ROW", "MSG"],
    "extend_select": ["TRN006"],
    "ignore": ["ROW007"],
    "severity": {"ENC001": "off", "DST": "info"},
    "per_file_ignores": {"samples/*.jsonl": ["DST"], "old-*.jsonl": ["MSG008"]},
    "per_file_target": {"azure/*.jsonl": "azure-openai"},
    "facts": {"bom": "optional", "max_images_per_example": 10},
    "plugins": ["lint/our_rules.py"],
    "max_findings": 20,
    "baseline": "jsonl-lint-baseline.txt",
    "validation": ["validation.jsonl"],
    "today": "2026-11-21",
    "jobs": 2,
    "progress": True,
    "tier": "datazone",
    "region": "swedencentral",
    "epochs": 3,
    "output": "findings.txt",
    "report": ["sarif=findings.sarif", "html=findings.html"],
}
"""Values that show in a commented file how a setting is written whose default says nothing."""


def commented() -> Iterator[str]:
    """A config file in which every setting stands as a comment with its default or an example, tables last."""
    yield "# Settings of jsonl-lint. Each line that is commented out shows the default, or an example."
    yield "# Options and environment variables (JSONL_LINT_TARGET, ...) come before what stands here;"
    yield "# `jsonl-lint config` prints what holds in the end and where it comes from."
    yield ""
    plain = [name for name, wanted in field_types().items() if not is_table(wanted)]
    for name in plain:
        yield from described(name)
        mark = "" if name == "target" else "# "
        yield f"{mark}{option_name(name)} = {toml_value(shown_value(name))}\n"
    for name, wanted in field_types().items():
        if is_table(wanted):
            yield from described(name)
            yield f"# [{option_name(name)}]"
            yield from (f"# {toml_key(key)} = {toml_value(value)}" for key, value in EXAMPLES[name].items())
            yield ""


def shown_value(name: str) -> Any:
    """A value that shows how a setting is written: its default, or an example where that is empty."""
    default = defaults()[name]
    return EXAMPLES[name] if default in (None, ()) else default


def described(name: str) -> Iterator[str]:
    """What a setting is for, as comments."""
    wanted = field_types()[name]
    text = description(wanted)
    choices = choices_of(wanted)
    if choices and not is_table(wanted):
        text += f" One of {', '.join(choices)}."
    yield from (f"# {line}" for line in textwrap.wrap(text, WIDTH))


def description(wanted: Any) -> str:
    """The description that a type carries."""
    _, *notes = typing.get_args(wanted)
    return next(note.description for note in notes if isinstance(note, msgspec.Meta) and note.description)


def toml_key(key: str) -> str:
    """A key as TOML has it: bare where that may be, else quoted."""
    is_bare = bool(key) and key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else toml_value(key)


def toml_value(value: Any) -> str:
    """A value as TOML has it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
