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
    from jsonl_lint.conversion.convert import ConvertResult, convert
    from jsonl_lint.errors import InputError, JsonlLintError, OutputError, PluginError, UsageError
    from jsonl_lint.finding import Edit, Finding, Fix, Severity
    from jsonl_lint.job_results.reading import JobResults, read_results
    from jsonl_lint.linter import Linter, check
    from jsonl_lint.repair.files import FixResult, fix
    from jsonl_lint.report import Report
    from jsonl_lint.splitting import SplitResult, split

__all__ = [
    "ConvertResult",
    "Edit",
    "Finding",
    "Fix",
    "FixResult",
    "InputError",
    "JobResults",
    "JsonlLintError",
    "Linter",
    "OutputError",
    "PluginError",
    "Report",
    "Severity",
    "SplitResult",
    "UsageError",
    "__version__",
    "check",
    "convert",
    "fix",
    "read_results",
    "split",
]

# Where each public name stands; imported when it is first used, so that the command starts at once.
HOMES = {
    "ConvertResult": "conversion.convert",
    "Edit": "finding",
    "Finding": "finding",
    "Fix": "finding",
    "FixResult": "repair.files",
    "InputError": "errors",
    "JobResults": "job_results.reading",
    "JsonlLintError": "errors",
    "Linter": "linter",
    "OutputError": "errors",
    "PluginError": "errors",
    "Report": "report",
    "Severity": "finding",
    "SplitResult": "splitting",
    "UsageError": "errors",
    "check": "linter",
    "convert": "conversion.convert",
    "fix": "repair.files",
    "read_results": "job_results.reading",
    "split": "splitting",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
