"""What a command imports: nothing that it does not use, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from jsonl_lint.config import Settings
from jsonl_lint.plan import make_plan
from jsonl_lint.rule import Dataset, Example, FileSummary, Job, Roles, Text
from jsonl_lint.rulebook import built_in_heads
from samples import good_data

# The kinds of values that rules look at in a file of which the gate admits every line.
ON_CLEAN_FILES = (FileSummary, Example, Dataset, Job, Roles, Text)

# Each takes tens of milliseconds to import.
HEAVY = (
    "PIL",
    "asyncio",
    "concurrent.futures",
    "fsspec",
    "hyperscan",
    "jsonschema",
    "multiprocessing",
    "numpy",
    "regex",
    "rich",
    "splintr",
    "tiktoken",
    "zstandard",
)

# Each takes some milliseconds, and a clean small file of texts needs none of them.
UNUSED = (
    "_hashlib",
    "_struct",
    "ctypes",
    "difflib",
    "glob",
    "gzip",
    "importlib.metadata",
    "jsonl_lint.atomic",
    "jsonl_lint.blocks",
    "jsonl_lint.configuration.lines",
    "jsonl_lint.counting",
    "jsonl_lint.formats.completion",
    "jsonl_lint.formats.preference",
    "jsonl_lint.images.inspection",
    "jsonl_lint.native",
    "jsonl_lint.parameters",
    "jsonl_lint.placing",
    "jsonl_lint.plain_lines",
    "jsonl_lint.reporters.figures",
    "jsonl_lint.tokens.text",
    "jsonl_lint.toolbox",
    "pathlib",
    "pkgutil",
    "pybase64",
    "tempfile",
    "urllib",
)

# Runs the command and says what it imported, by whichever way, beside what the interpreter itself did.
PROGRAM = """
import sys
before = set(sys.modules)
from jsonl_lint.cli import main
code = main()
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def imported(*arguments: str | Path) -> set[str]:
    """The modules that a command imports."""
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr[-2000:]
    return set(result.stderr.split())


def among(modules: set[str], roots: Iterable[str]) -> list[str]:
    """Those of the modules that are one of these, or parts of such."""
    return sorted(name for name in modules if any(name == root or name.startswith(root + ".") for root in roots))


def rules_among(modules: set[str]) -> set[str]:
    """The modules of rules among these; families and what rules share are none."""
    return modules & {head.module for head in built_in_heads()}


def test_help_imports_click_alone() -> None:
    modules = imported("--help")
    assert "click" in modules
    assert among(modules, (*HEAVY, *UNUSED)) == []
    assert not {"msgspec", "orjson", "jsonl_lint.rule", "jsonl_lint.run"} & modules


@pytest.mark.parametrize("arguments", [("rules",), ("targets",), ("check", "--help")])
def test_lists_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert among(modules, HEAVY) == []
    assert rules_among(modules) == set()


def test_a_check_of_a_small_file_imports_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data())
    modules = imported("check", path, "--no-tokens")
    assert "jsonl_lint.engine" in modules
    assert among(modules, (*HEAVY, *UNUSED)) == []


def test_a_check_of_a_small_file_loads_the_rules_that_look_at_clean_lines(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data())
    plan = make_plan(Settings(no_tokens=True), "sft")
    heads = [head for kind in ON_CLEAN_FILES for head in plan.heads(kind)]
    wanted = {head.module for head in heads if not head.needs and (head.triggers is None or head.has_search)}
    assert rules_among(imported("check", path, "--no-tokens")) == wanted


def test_a_few_bad_lines_load_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data().replace(b'"role": "user"', b'"role": "human"', 3))
    assert among(imported("check", path, "--no-tokens", "--fail-on", "never"), (*HEAVY, "_hashlib", "pathlib")) == []


def test_modules_are_told_apart() -> None:
    """The tests above would see them."""
    assert among({"numpy", "numpy.linalg", "numpydoc", "PIL.Image"}, HEAVY) == ["PIL.Image", "numpy", "numpy.linalg"]
    modules = {"jsonl_lint.rules.fil", "jsonl_lint.rules.fil.blank_line", "jsonl_lint.rules.qlt.ending"}
    assert rules_among(modules) == {"jsonl_lint.rules.fil.blank_line"}
