"""jsonl-lint: check chat fine-tuning data in JSON Lines before it is uploaded.

import jsonl_lint

report = jsonl_lint.check("train.jsonl", target="azure-openai")
print(report.ok, report.findings)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jsonl_lint.version import __version__

if TYPE_CHECKING:
    from jsonl_lint.errors import InputError, JsonlLintError, OutputError, PluginError, UsageError
    from jsonl_lint.finding import Edit, Finding, Fix, Severity
    from jsonl_lint.linter import Linter, check
    from jsonl_lint.repair.files import FixResult, fix
    from jsonl_lint.report import Report

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "FixResult",
    "InputError",
    "JsonlLintError",
    "Linter",
    "OutputError",
    "PluginError",
    "Report",
    "Severity",
    "UsageError",
    "__version__",
    "check",
    "fix",
]

# Where each public name stands; imported when it is first used, so that the command starts at once.
HOMES = {
    "Edit": "finding",
    "Finding": "finding",
    "Fix": "finding",
    "FixResult": "repair.files",
    "InputError": "errors",
    "JsonlLintError": "errors",
    "Linter": "linter",
    "OutputError": "errors",
    "PluginError": "errors",
    "Report": "report",
    "Severity": "finding",
    "UsageError": "errors",
    "check": "linter",
    "fix": "repair.files",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
