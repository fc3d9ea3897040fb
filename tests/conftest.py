"""Fixtures that several tests share."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

from jsonl_lint.cli import main
from samples import good_data

Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.addinivalue_line("markers", "linux: about what there is on Linux alone; elsewhere the test is not there")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about another system than this one."""
    if sys.platform == "linux":
        return
    elsewhere = [item for item in items if item.get_closest_marker("linux")]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture
def good_file(tmp_path: Path) -> Path:
    """A file in which there is nothing to find."""
    path = tmp_path / "good.jsonl"
    path.write_bytes(good_data())
    return path


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `jsonl-lint` in an empty folder; in this process, because the start of another takes longer than most runs."""

    def run(
        *arguments: str | Path, input: bytes = b"", env: dict[str, str] | None = None, cwd: str | Path = tmp_path
    ) -> subprocess.CompletedProcess[bytes]:
        words = [str(argument) for argument in arguments]
        streams = {"stdin": stream(input), "stdout": stream(), "stderr": stream()}
        environment = dict(os.environ if env is None else env)
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, environment, clear=True))
            for name, value in streams.items():
                stack.enter_context(mock.patch.object(sys, name, value))
            before = os.getcwd()
            stack.callback(os.chdir, before)
            os.chdir(cwd)
            code = main(words)
        out, err = (written(streams[name]) for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(words, code, out, err)

    return run


def stream(data: bytes = b"") -> io.TextIOWrapper:
    """A standard stream that is no terminal."""
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")


def written(text: io.TextIOWrapper) -> bytes:
    """What was written to a stream."""
    text.flush()
    return text.detach().getvalue()


@pytest.fixture
def process(tmp_path: Path) -> Command:
    """Run `jsonl-lint` as a process of its own, in an empty folder."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
        options.setdefault("cwd", tmp_path)
        options.setdefault("timeout", 60)
        return subprocess.run(
            [sys.executable, "-m", "jsonl_lint", *map(str, arguments)], capture_output=True, check=False, **options
        )

    return run
