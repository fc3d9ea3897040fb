"""What a command imports: nothing that it does not use, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from samples import good_data

# Each takes tens of milliseconds to import.
HEAVY = (
    "PIL",
    "asyncio",
    "concurrent.futures",
    "fsspec",
    "jsonschema",
    "multiprocessing",
    "numpy",
    "regex",
    "rich",
    "splintr",
    "tiktoken",
    "zstandard",
)


def imported(*arguments: str | Path) -> set[str]:
    """The modules that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "jsonl_lint", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr[-2000:]
    lines = (line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:"))
    return set(lines)


def heavy(modules: set[str]) -> list[str]:
    """Those of the modules that are heavy, or are parts of such."""
    return sorted(name for name in modules if any(name == root or name.startswith(root + ".") for root in HEAVY))


def test_help_imports_click_alone() -> None:
    modules = imported("--help")
    assert "click" in modules
    assert heavy(modules) == []
    assert not {"msgspec", "orjson", "jsonl_lint.rule", "jsonl_lint.run"} & modules


@pytest.mark.parametrize("arguments", [("rules",), ("targets",), ("check", "--help")])
def test_lists_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert heavy(imported(*arguments)) == []


def test_a_check_of_a_small_file_imports_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data())
    modules = imported("check", path, "--no-tokens")
    assert "jsonl_lint.engine" in modules
    assert heavy(modules) == []
    assert "jsonl_lint.blocks" not in modules


def test_the_list_of_heavy_modules_is_told_apart() -> None:
    """The test above would see them."""
    assert heavy({"numpy", "numpy.linalg", "numpydoc", "PIL.Image"}) == ["PIL.Image", "numpy", "numpy.linalg"]
