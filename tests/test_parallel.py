"""Many processes for one file: the same report as one process makes, or an error that says so, and no process left."""

from __future__ import annotations

import functools
import gzip
import io
import itertools
import json
import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_blocks import BOM, data_of
from test_gate import ANSWER, QUESTION, chat

from jsonl_lint import parallel, run, tasks
from jsonl_lint.again import path_again
from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.errors import InputError
from jsonl_lint.parallel import partials
from jsonl_lint.partial import Partial, merge
from jsonl_lint.run import Data, Run
from jsonl_lint.source import Identity, RangeReader, open_input, pieces
from jsonl_lint.tasks import Span, Task, Work, check, spans
from samples import good_data

LINE = chat(QUESTION, ANSWER) + b"\n"
BAD_LINE = LINE.replace(b'"assistant"', b'"gpt"')

may_warn_of_threads = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def identity_of(path: Path) -> Identity:
    """What tells that the file is still the same."""
    with open_input(str(path)) as source:
        assert source.identity is not None
        return source.identity


def spans_of(path: Path, step: int) -> list[Span]:
    """Spans of a file, of so many bytes each."""
    identity, size = identity_of(path), path.stat().st_size
    return [Span(str(path), identity, start, min(start + step, size)) for start in range(0, size, step)]


def report_of(data: Data, **options: Any) -> tuple[str, list[str]]:
    """The report on a file or a stream, as JSON, and why the input could not be read to its end."""
    checking = Run(Settings(method="sft", **options))
    checking.check(data)
    return checking.finished().to_json(), checking.report.input_errors


def report_of_spans(path: Path, step: int, **options: Any) -> tuple[str, list[str]]:
    """The report on a file that is checked span by span in this process, as if by two workers in turn."""
    work = Work(Settings(method="sft", **options), "sft", str(path))
    checking = Run(work.settings)
    checker = checking.checker(checking.plan("sft"))
    listed = (Counter[str](), Counter[str]())
    parts = [check(work, checker, span, listed[index % 2]) for index, span in enumerate(spans_of(path, step))]
    whole = functools.reduce(merge, parts)
    whole.summary.name = str(path)
    checking.add(checker.plan, str(path), whole, path_again(str(path)))
    return checking.finished().to_json(), checking.report.input_errors


def test_workers_are_copies_although_a_thread_has_just_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system counts a joined thread a little longer than Python does."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(LINE)
    begun: list[Checker | None] = []

    class EnoughError(Exception):
        """Nothing else is of interest."""

    def begin(work: Work, checker: Checker | None) -> None:
        begun.append(checker)
        raise EnoughError

    answers = itertools.chain([True, False, False], itertools.repeat(True))
    monkeypatch.setattr(parallel, "can_fork", lambda: next(answers))
    monkeypatch.setattr(parallel, "give_back", lambda: begun.append(None))
    monkeypatch.setattr(parallel, "started", begin)
    work = Work(Settings(), "sft", str(path))
    checker = Run(work.settings).checker(Run(work.settings).plan("sft"))
    with pytest.raises(EnoughError):
        next(partials(work, spans_of(path, 100), 1, checker))
    # Memory that was freed is given back before there are copies of it.
    assert begun == [None, checker]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), step=st.integers(1, 3000), limit=st.sampled_from((None, 0, 1, 3)))
def test_spans_of_any_size_give_the_same_report(tmp_path: Path, seed: int, step: int, limit: int | None) -> None:
    """Wherever a file is cut, even at each byte, the report is the one of the whole file."""
    path = tmp_path / "train.jsonl"
    data = data_of(random.Random(seed))
    # What is not JSON Lines by its first lines is never cut into spans.
    path.write_bytes(BOM + LINE + data[len(BOM) :] if data.startswith(BOM) else LINE + data)
    assert report_of_spans(path, step, max_findings=limit) == report_of(path, max_findings=limit, jobs=1)


def checked_here(work: Work, parts: Iterable[Task | Partial], jobs: int, checker: Checker) -> Iterator[Partial]:
    """What workers in turn would come to, in this process."""
    listed = [Counter[str]() for _ in range(jobs)]
    for number, part in enumerate(parts):
        if isinstance(part, Partial):
            yield part
        else:
            yield check(work, checker, pickle.loads(pickle.dumps(part)), listed[number % jobs])


@settings(max_examples=100)
@given(
    seed=st.integers(0, 2**32),
    sizes=st.tuples(*[st.integers(1, 3000)] * 4),
    limit=st.sampled_from((None, 0, 1, 3)),
    cut=st.none() | st.floats(0, 1),
)
def test_portions_of_any_size_give_the_same_report(
    seed: int, sizes: tuple[int, ...], limit: int | None, cut: float | None
) -> None:
    """However much is read, handed out, and kept back at once, and where a compressed stream breaks off."""
    data = BOM + LINE + data_of(random.Random(seed))
    packed = gzip.compress(data)
    with pytest.MonkeyPatch.context() as patch, tempfile.NamedTemporaryFile(suffix=".gz") as file:
        file.write(packed if cut is None else packed[: max(int(cut * len(packed)), 12)])
        file.flush()
        patch.setattr(pieces, "__defaults__", (sizes[0],))
        alone = report_of(file.name, max_findings=limit, jobs=1)
        patch.setattr(parallel, "partials", checked_here)
        patch.setattr(run, "STREAM_SHARED_FROM_BYTES", sizes[1])
        patch.setattr(run, "SHARED_ANEW_FROM_BYTES", sizes[1])
        patch.setattr(tasks, "PORTION_BYTES", sizes[2])
        patch.setattr(tasks, "LARGEST_PORTION", sizes[3])
        assert report_of(file.name, max_findings=limit, jobs=2) == alone


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are shared among processes too, in small parts."""
    monkeypatch.setattr(run, "SHARED_FROM_BYTES", 1)
    monkeypatch.setattr(run, "STREAM_SHARED_FROM_BYTES", 1)
    monkeypatch.setattr(run, "SHARED_ANEW_FROM_BYTES", 1)
    monkeypatch.setattr(tasks, "SMALLEST_SPAN", 500)
    monkeypatch.setattr(tasks, "PORTION_BYTES", 500)


@pytest.fixture
def forked(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are copies of this process, with all that a test has changed in it."""
    monkeypatch.setattr(parallel, "can_fork", lambda: True)


@pytest.fixture
def odd_file(tmp_path: Path) -> Path:
    """A file of lines of every kind."""
    path = tmp_path / "odd.jsonl"
    path.write_bytes(LINE + b"".join(data_of(random.Random(seed)) + b"\n" for seed in range(12)))
    return path


@pytest.fixture(params=["file", "gzip", "stream"])
def opened(request: pytest.FixtureRequest, odd_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Data]:
    """Gives the file to be checked: a file that all can open, a compressed one, or what can be read but once."""
    monkeypatch.setattr(pieces, "__defaults__", (700,))
    if request.param == "stream":
        return lambda: io.BytesIO(odd_file.read_bytes())
    if request.param == "gzip":
        odd_file.write_bytes(gzip.compress(odd_file.read_bytes()))
    return lambda: odd_file


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("jobs", [2, 3, 7])
def test_any_number_of_jobs_gives_the_same_report(opened: Callable[[], Data], jobs: int) -> None:
    """The report is the same byte for byte, with the same findings listed."""
    alone = report_of(opened(), jobs=1, max_findings=2)
    assert len(json.loads(alone[0])["findings"]) > 10
    assert report_of(opened(), jobs=jobs, max_findings=2) == alone


@pytest.mark.usefixtures("shared")
def test_spawned_workers_give_the_same_report(opened: Callable[[], Data], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes can't be forked they begin anew, and come to the same."""
    monkeypatch.setattr(parallel, "can_fork", lambda: False)
    assert report_of(opened(), jobs=2) == report_of(opened(), jobs=1)


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
def test_what_stands_before_the_damage_of_a_compressed_file_is_reported(odd_file: Path) -> None:
    """All that could be read is checked, by however many processes, and the damage is told."""
    lines = [random.Random(number).randbytes(3000).hex().encode() + b"\n" for number in range(2500)]
    packed = gzip.compress(odd_file.read_bytes() + b"".join(lines))
    odd_file.write_bytes(packed[: len(packed) // 2])
    alone = report_of(odd_file, jobs=1)
    assert "damaged or cut off" in alone[1][0]
    assert json.loads(alone[0])["files"][0]["lines"] > 1000
    assert report_of(odd_file, jobs=3) == alone


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
def test_a_line_of_a_stream_that_is_too_long_to_be_handed_out_is_checked_where_it_was_read(
    odd_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be in memory several times on its way."""
    monkeypatch.setattr(pieces, "__defaults__", (700,))
    monkeypatch.setattr(tasks, "LARGEST_PORTION", 100_000)
    handed: list[int] = []
    send = parallel.send
    monkeypatch.setattr(parallel, "send", lambda to, task: (handed.append(sum(map(len, task.blocks))), send(to, task)))
    long = chat({"role": "user", "content": "x" * 200_000}, {"role": "assistant", "content": ""}) + b"\n"
    data = odd_file.read_bytes() + long + odd_file.read_bytes() + long + BAD_LINE
    assert report_of(data, jobs=3) == report_of(data, jobs=1)
    assert 0 < max(handed) < 100_000


def test_spans_cover_the_file_once() -> None:
    """Each byte is in one span, and each job has several."""
    for size in (1, 10**6, 10**7, 10**9):
        found = spans("x", (0, 0, size, 0), size, 2)
        assert found[0].start == 0
        assert found[-1].end == size
        assert all(left.end == right.start for left, right in itertools.pairwise(found))
    assert len(spans("x", (0, 0, 10**8, 0), 10**8, 2)) >= 16


def test_a_line_longer_than_many_spans_is_read_once(tmp_path: Path) -> None:
    """A span in which no line begins is empty; the line belongs to the span in which it begins."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(LINE + chat({"role": "user", "content": "x" * 5000}, ANSWER) + b"\n" + LINE)
    starts, sizes = [], 0
    for span in spans_of(path, 100):
        with RangeReader(span.place, span.identity, span.start, span.end) as reader:
            sizes += reader.left
            if reader.left:
                starts.append(reader.start)
    assert starts == [0, path.stat().st_size - len(LINE)]
    assert sizes == path.stat().st_size


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("change", ["longer", "shorter", "another"])
def test_a_file_that_changes_is_an_error(
    odd_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A file that grows, shrinks or is replaced while workers read it is not reported as checked."""
    started = parallel.started

    def change_then_start(work: Work, checker: Checker | None = None) -> Any:
        size = odd_file.stat().st_size
        if change == "another":
            other = tmp_path / "other"
            other.write_bytes(odd_file.read_bytes())
            other.replace(odd_file)
        else:
            os.truncate(odd_file, size + (1 if change == "longer" else -1))
        return started(work, checker)

    monkeypatch.setattr(parallel, "started", change_then_start)
    checking = Run(Settings(jobs=2))
    checking.check(odd_file)
    (error,) = checking.finished().input_errors
    assert "changed while it was read" in error


def test_a_range_that_ends_early_is_an_error(tmp_path: Path) -> None:
    """A file cut between its opening and its reading is found out."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(LINE * 10)
    with RangeReader(str(path), identity_of(path), 0, len(LINE) * 10) as reader:
        os.truncate(path, len(LINE))
        reader.read(len(LINE))
        with pytest.raises(InputError, match="changed while it was read"):
            reader.read(1)


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
def test_a_bug_in_a_worker_is_a_bug(odd_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised in a worker is raised here, with the worker's traceback."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(parallel, "check", broken)
    with pytest.raises(RuntimeError, match="of all things"):
        Run(Settings(jobs=2)).check(odd_file)


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
def test_a_killed_worker_is_an_error_that_says_so(opened: Callable[[], Data], monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker ends unnoticed, whether it has work or is about to get some."""

    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(parallel, "check", killed)
    checking = Run(Settings(jobs=2))
    checking.check(opened())
    report = checking.finished()
    assert "a worker process was killed by SIGKILL" in report.input_errors[0]
    assert not report.complete


@pytest.mark.linux
@may_warn_of_threads
@pytest.mark.usefixtures("forked")
def test_workers_end_when_their_results_are_not_wanted(odd_file: Path) -> None:
    """Whoever stops asking for results leaves no process behind."""
    results = partials(Work(Settings(), "sft", str(odd_file)), spans_of(odd_file, 1000), 2)
    next(results)
    workers = [child.pid for child in multiprocessing.active_children()]
    assert len(workers) == 2
    results.close()  # type: ignore[attr-defined]
    assert not any(is_running(worker) for worker in workers if worker)


def children(process: int) -> list[int]:
    """The numbers of a process's children."""
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_running(process: int) -> bool:
    """Whether a process is there, and is no zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], Any]) -> Any:
    """What the condition gives when it gives anything; fails after a long time."""
    for _ in range(3000):
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("what was waited for did not come")


@pytest.fixture(params=["file", "standard input"])
def long_run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run over a file large enough to be in the middle of it, with its workers at work."""
    path = tmp_path / "long.jsonl"
    line = BAD_LINE.replace(b'"content": "', b'"content": "' + b"Hello. " * 200)
    path.write_bytes(line * (40 * 1024 * 1024 // len(line)))
    name = str(path) if request.param == "file" else "-"
    command = [sys.executable, "-m", "jsonl_lint", "check", "--jobs", "2", "--format", "json", name]
    with (
        path.open("rb") as file,
        subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        ) as process,
    ):
        yield process
        process.kill()


@pytest.mark.linux
def test_a_worker_killed_from_outside_ends_the_run(long_run: subprocess.Popen[bytes]) -> None:
    """The exit code is 2, and the reason is told."""
    workers = wait_for(lambda: both(long_run.pid))
    os.kill(workers[0], signal.SIGKILL)
    out, error = long_run.communicate(timeout=60)
    assert long_run.returncode == 2
    assert b"killed by SIGKILL" in error
    assert json.loads(out)["complete"] is False
    assert not any(map(is_running, workers))


@pytest.mark.linux
def test_an_interrupt_ends_all_processes(long_run: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, which goes to the whole group, ends the run with 130 and says so once."""
    workers = wait_for(lambda: both(long_run.pid))
    os.killpg(long_run.pid, signal.SIGINT)
    _, error = long_run.communicate(timeout=60)
    assert long_run.returncode == 130
    assert error.count(b"interrupted") == 1
    assert b"Traceback" not in error
    # One that has just begun may not be known yet, and ends with its parent.
    assert wait_for(lambda: not any(map(is_running, workers)))


@pytest.mark.linux
def test_workers_do_not_outlive_their_parent(long_run: subprocess.Popen[bytes]) -> None:
    """When the parent is killed its workers end, whatever they are at."""
    workers = wait_for(lambda: both(long_run.pid))
    long_run.kill()
    assert wait_for(lambda: not any(map(is_running, workers)))


def both(process: int) -> list[int]:
    """The two workers of a run, when they are both there and have begun."""
    found = children(process)
    return found if len(found) == 2 and all(map(is_watching, found)) else []


def is_watching(worker: int) -> bool:
    """Whether a worker has started the thread that watches its parent."""
    return len(os.listdir(f"/proc/{worker}/task")) > 1


@pytest.fixture
def run_program(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Runs a program beside which there is a large file, `train.jsonl`."""
    (tmp_path / "train.jsonl").write_bytes(good_data(200_000))

    def run_it(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "program.py").write_text(text)
        command = [sys.executable, "program.py"]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)

    return run_it


def test_programs_with_threads_and_without_a_guard_can_call_it(
    run_program: Callable[[str], subprocess.CompletedProcess[str]],
) -> None:
    """Workers that begin anew do not run the program of the user again, which would call them again."""
    result = run_program(
        "import threading, jsonl_lint, jsonl_lint.run\n"
        "jsonl_lint.run.SHARED_ANEW_FROM_BYTES = 1\n"
        "print('once')\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "report = jsonl_lint.check('train.jsonl', no_tokens=True, jobs=2)\n"
        "print(report.files[0].examples, report.input_errors)\n"
    )
    assert (result.stdout, result.stderr, result.returncode) == ("once\n200000 []\n", "", 0)


def test_workers_of_others_check_by_themselves(
    run_program: Callable[[str], subprocess.CompletedProcess[str]],
) -> None:
    """They may have no processes of their own, as those of a pool that goes through a data set."""
    result = run_program(
        "import multiprocessing, jsonl_lint\n"
        "def check(path): return jsonl_lint.check(path, no_tokens=True, jobs=2).files[0].examples\n"
        "if __name__ == '__main__':\n"
        "    print(multiprocessing.Pool(1).map(check, ['train.jsonl']))\n"
    )
    assert (result.stdout, result.returncode) == ("[200000]\n", 0)
