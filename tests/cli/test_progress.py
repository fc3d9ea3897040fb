"""How far a run is: said after a while on standard error, and gone in the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import Command

from jsonl_lint import run
from jsonl_lint.cli.progress import CLEAR_LINE, Progress
from jsonl_lint.config import Settings
from jsonl_lint.run import Run
from samples import good_data


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_short_work_shows_nothing() -> None:
    clock, out = Clock(), io.StringIO()
    progress = Progress(out, clock)
    clock.now += 1.9
    progress("train.jsonl", 10**6, 10**7, 0)
    progress.clear()
    assert out.getvalue() == ""


def test_long_work_shows_bytes_rate_time_left_and_findings() -> None:
    clock, out = Clock(), io.StringIO()
    progress = Progress(out, clock)
    progress("train.jsonl", 0, 400_000_000, 0)
    clock.now += 4
    progress("train.jsonl", 100_000_000, 400_000_000, 1234)
    shown = "train.jsonl: 100 of 400 MB, 25 MB/s, 12 s left, 1,234 findings"
    assert out.getvalue() == CLEAR_LINE + shown
    progress("train.jsonl", 101_000_000, 400_000_000, 1234)
    assert out.getvalue() == CLEAR_LINE + shown
    progress.clear()
    progress.clear()
    assert out.getvalue() == CLEAR_LINE + shown + CLEAR_LINE


def test_a_stream_has_no_time_left() -> None:
    clock, out = Clock(), io.StringIO()
    progress = Progress(out, clock)
    progress("-", 0, None, 0)
    clock.now += 4
    progress("-", 100_000_000, None, 1)
    assert out.getvalue() == CLEAR_LINE + "-: 100 MB, 25 MB/s, 1 finding"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(run, "SHARED_FROM_BYTES", 1)
    monkeypatch.setattr(run, "SHARED_ANEW_FROM_BYTES", 1)
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data() * 30 + b"x\n")
    seen: list[tuple[str, int, int | None, int]] = []
    checking = Run(Settings(jobs=jobs))
    checking.watch = lambda *state: seen.append(state)
    checking.check(path)
    size = path.stat().st_size
    assert [state[1] for state in seen] == sorted(state[1] for state in seen)
    assert seen[-1][:3] == (str(path), size, size)
    assert seen[-1][3] > 0


def test_nothing_is_shown_where_there_is_no_terminal(command: Command, good_file: Path) -> None:
    assert command("check", good_file).stderr == b""
    assert command("check", good_file, "--progress").stderr == b""
