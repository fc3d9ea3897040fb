"""JSON Schemas (2020-12) of config files, a target's lines and the report, made from the types that the code uses."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from jsonl_lint.configuration.layer import config_type
from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.formats import line_type
from jsonl_lint.report import ReportData, ReportLine
from jsonl_lint.stats import StatsData
from jsonl_lint.targets import Method, Target, load_target, target_names

__all__ = ["make_schema", "schema_names", "schema_text"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_names() -> list[str]:
    """The names of all schemas: `config`, `report`, `report-lines`, `stats`, and `TARGET-METHOD` for each."""
    lines = [f"{name}-{method}" for name in target_names() for method in load_target(name).methods]
    return ["config", "report", "report-lines", "stats", *lines]


def make_schema(name: str) -> dict[str, Any]:
    """The schema of this name; a target's name alone stands for its method sft; `UsageError` if there is none such."""
    if name == "config":
        schema = msgspec.json.schema(config_type())
        return finished(schema, "Settings of jsonl-lint: jsonl-lint.toml, or [tool.jsonl-lint] in pyproject.toml")
    if name == "report-lines":
        return finished(msgspec.json.schema(ReportLine), "One line of the format jsonl of jsonl-lint, version 1")
    if name == "report":
        return finished(msgspec.json.schema(ReportData), "The report of jsonl-lint, version 1")
    if name == "stats":
        return finished(msgspec.json.schema(StatsData), "The statistics of jsonl-lint, version 1")
    known = schema_names()
    full = f"{name}-sft" if name in target_names() else name
    if full not in known:
        raise UsageError(f"unknown schema {name!r}{nearest(name, known)}; there are {', '.join(known)}")
    target_name, _, method = full.rpartition("-")
    return line_schema(load_target(target_name), method)  # type: ignore[arg-type]


def line_schema(target: Target, method: Method) -> dict[str, Any]:
    """The schema of one line of a target's training file."""
    schema = msgspec.json.schema(line_type(target.facts_for(method), method))
    return finished(schema, f"One line of a {method} file for {target.title}; facts as of {target.facts_as_of}")


def finished(schema: dict[str, Any], title: str) -> dict[str, Any]:
    """A schema with its dialect and title, without keywords that are not JSON Schema's."""
    return {"$schema": DIALECT, "title": title, **tidied(schema)}


def tidied(schema: Any) -> Any:
    """A schema without OpenAPI's `discriminator`, its descriptions without the indentation of the code they come from."""
    if isinstance(schema, dict):
        return {key: described(key, value) for key, value in schema.items() if key != "discriminator"}
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    return schema


def described(key: str, value: Any) -> Any:
    """The value of a key: a description, which newer versions of Python don't indent, or anything else."""
    return inspect.cleandoc(value) if key == "description" and isinstance(value, str) else tidied(value)


def schema_text(name: str) -> str:
    """The schema of this name as the text of its file."""
    return json.dumps(make_schema(name), indent=2, ensure_ascii=False) + "\n"
