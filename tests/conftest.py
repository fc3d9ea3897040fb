"""Fixtures that several tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samples import good_data

Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def good_file(tmp_path: Path) -> Path:
    """A file in which there is nothing to find."""
    path = tmp_path / "good.jsonl"
    path.write_bytes(good_data())
    return path


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `jsonl-lint` as a process of its own, in an empty folder."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
        options.setdefault("cwd", tmp_path)
        options.setdefault("timeout", 60)
        return subprocess.run(
            [sys.executable, "-m", "jsonl_lint", *map(str, arguments)], capture_output=True, check=False, **options
        )

    return run
