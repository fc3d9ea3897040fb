"""Many processes for one file: ranges of it go out, what is known of each comes back in the order of the file.

A range is two offsets; workers open the file themselves. One that ends before its time ends the run with an error, so that
a report is never shorter than it should be. Workers end with their parent, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

import msgspec

from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.errors import InputError, JsonlLintError
from jsonl_lint.partial import Partial
from jsonl_lint.plan import make_plan
from jsonl_lint.source import Identity, RangeReader, pieces
from jsonl_lint.targets import Method

__all__ = ["Work", "check_range", "partials", "ranges"]

# Small enough for all workers to end at about the same time, large enough for what is done once for each range.
SMALLEST_RANGE = 1024 * 1024
LARGEST_RANGE = 16 * 1024 * 1024
RANGES_FOR_EACH = 8

# A worker has its next range at hand while its result is on the way.
RANGES_AHEAD = 2

# After so many new objects a worker looks for garbage.
COLLECT_AFTER = 50_000

THREADS = "OPENBLAS_NUM_THREADS"

THREAD_END_MILLISECONDS = 100


class Work(msgspec.Struct, frozen=True):
    """What all ranges of a file have in common: the plan in terms of which any process can make it, and the file.

    `place` is where the file is opened, if it has a name of its own beside its path in the report. `has_images` says that
    its first lines have images in data URIs.
    """

    settings: Settings
    method: Method
    path: str
    identity: Identity
    place: str | None = None
    has_images: bool = False


class Worker:
    """A process that checks ranges, the way to it, and the numbers of the ranges that it has not answered yet."""

    def __init__(self, process: BaseProcess, channel: Connection) -> None:
        self.process = process
        self.channel = channel
        self.unanswered: list[int] = []


def ranges(size: int, jobs: int) -> list[tuple[int, int]]:
    """Ranges that cover so many bytes, several for each job."""
    step = min(max(size // (jobs * RANGES_FOR_EACH), SMALLEST_RANGE), LARGEST_RANGE)
    return [(start, min(start + step, size)) for start in range(0, size, step)]


def partials(work: Work, spans: list[tuple[int, int]], jobs: int, checker: Checker | None = None) -> Iterator[Partial]:
    """What is known of each range, in order; `InputError` if the file can't be read to its end or a worker is killed.

    Where workers begin as copies of this process they share what `checker` has loaded.
    """
    copied = None
    if checker is not None and (checker.loading is not None or can_fork()):
        with single_threaded():
            checker.load(blocks=not work.has_images)
        await_ended_threads()
        # A library may have started threads all the same, which a copy would not have.
        copied = checker if can_fork() else None
        if copied is not None:
            give_back()
    workers: list[Worker] = []
    try:
        for _ in range(min(jobs, len(spans))):
            workers.append(started(work, copied))
        yield from in_order(work, spans, workers)
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.join()
            worker.channel.close()


def in_order(work: Work, spans: list[tuple[int, int]], workers: list[Worker]) -> Iterator[Partial]:
    """Hand out the ranges, and give what comes back in their order."""
    tasks = iter(enumerate(spans))
    for worker in workers * RANGES_AHEAD:
        hand_out(work, worker, tasks)
    by_channel: dict[Any, Worker] = {worker.channel: worker for worker in workers}
    waiting: dict[int, Partial] = {}
    given = 0
    while given < len(spans):
        for channel in connection.wait([worker.channel for worker in workers if worker.unanswered]):
            worker = by_channel[channel]
            answer = received(work, worker)
            waiting[worker.unanswered.pop(0)] = answer
            hand_out(work, worker, tasks)
        while given in waiting:
            yield waiting.pop(given)
            given += 1


def hand_out(work: Work, worker: Worker, tasks: Iterator[tuple[int, tuple[int, int]]]) -> None:
    """Give a worker its next range, if there is one left."""
    for number, span in tasks:
        try:
            worker.channel.send(span)
        except OSError:
            raise death_of(work, worker) from None
        worker.unanswered.append(number)
        return


def received(work: Work, worker: Worker) -> Partial:
    """A worker's answer; raises what it raised."""
    try:
        answer = worker.channel.recv()
    except (EOFError, OSError):
        raise death_of(work, worker) from None
    if isinstance(answer, Partial):
        return answer
    raise answer if isinstance(answer, JsonlLintError) else RuntimeError(f"in a worker process:\n{answer}")


def death_of(work: Work, worker: Worker) -> InputError:
    """The error that says how a worker ended."""
    worker.process.join()
    code = worker.process.exitcode or 0
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    cause = "; is there too little memory?" if code == -9 else ""
    return InputError(
        f"{work.path}: not checked to its end: a worker process {how}{cause} (--jobs 1 works without them)"
    )


def started(work: Work, checker: Checker | None = None) -> Worker:
    """A new worker: with a checker a copy of this process, which has it already."""
    context: Any = get_context("fork" if checker is not None or can_fork() else "spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(work, there, checker), name="jsonl-lint worker", daemon=True)
    with hidden_main():
        process.start()
    there.close()
    return Worker(process, here)


@contextlib.contextmanager
def hidden_main() -> Iterator[None]:
    """Within it a process that begins anew does not run the user's program again, of which workers need nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def await_ended_threads() -> None:
    """Wait until threads that were joined have ended for the system too, which takes a moment; not for any others."""
    for _ in range(THREAD_END_MILLISECONDS):
        if can_fork():
            return
        time.sleep(0.001)


def can_fork() -> bool:
    """Whether a worker may begin as a copy of this process, which is faster: where it has no other threads."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def give_back() -> None:
    """Give the system the memory that was freed, which each copy of this process would fill anew (glibc alone can do it)."""
    from ctypes import CDLL

    trim = getattr(CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def serve(work: Work, channel: Connection, checker: Checker | None) -> None:
    """The work of a worker: ranges come in, what is known of them goes out."""
    # The parent is interrupted too and ends its workers; two would talk into each other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the parent does at its own end is nothing for a copy of it.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
    # What is here already stays. What is made for a line holds no circles, but for those that jsonschema leaves behind.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    with contextlib.suppress(EOFError, OSError), single_threaded():
        answer_all(work, channel, checker)


@contextlib.contextmanager
def single_threaded() -> Iterator[None]:
    """Within it numpy is loaded without a thread for each core: nothing here computes with matrices."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


def answer_all(work: Work, channel: Connection, checker: Checker | None) -> None:
    """Answer each range until there are no more; they come in the file's order."""
    listed: Counter[str] = Counter()
    while True:
        start, end = channel.recv()
        try:
            checker = checker or Checker(make_plan(work.settings, work.method))
            answer: Any = check_range(checker, work, start, end, listed)
        except JsonlLintError as error:
            answer = error
        except Exception:
            answer = traceback.format_exc()
        channel.send(answer)


def end_with_parent() -> None:
    """Wait for the parent's end, and end at once."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)


def check_range(checker: Checker, work: Work, start: int, end: int, listed: Counter[str] | None = None) -> Partial:
    """What is known of the lines that begin from one offset up to another.

    `listed` is how many findings of each rule are listed for earlier ranges at least; those of this one are added.
    """
    listed = Counter() if listed is None else listed
    with RangeReader(work.place or work.path, work.identity, start, end) as reader:
        checked = Range(checker.plan, work.path, reader.start, fast_from=0, checker=checker)
        checked.partial.listed = dict(listed)
        # To find the ends of long lines first takes longer than to put them together.
        for piece in pieces(reader.read, work.path) if work.has_images else reader.pieces():
            checked.feed(piece)
    checked.partial.listed = {}
    for code, found in checked.partial.findings.items():
        listed[code] += len(found)
    return checked.partial
