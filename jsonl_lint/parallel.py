"""Many processes for one input: parts of it go out, what is known of each comes back in their order.

A worker that ends before its time ends the run with an error, so that a report is never shorter than it should be. Workers
end with their parent, however that ends.
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
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from multiprocessing import connection, current_process, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from jsonl_lint.checker import Checker
from jsonl_lint.errors import InputError, JsonlLintError
from jsonl_lint.partial import Partial
from jsonl_lint.plan import make_plan
from jsonl_lint.tasks import Portion, Span, Task, Work, check

__all__ = ["can_fork", "may_start", "partials"]

# A worker has its next span at hand while its result is on the way. A portion is more than a pipe holds: it is handed to
# who waits for it, or both would wait for the other to take what they send.
SPANS_AHEAD = 2
PORTIONS_AHEAD = 1

# After so many new objects a worker looks for garbage.
COLLECT_AFTER = 50_000

THREADS = "OPENBLAS_NUM_THREADS"

THREAD_END_MILLISECONDS = 100


class Worker:
    """A process that checks tasks, the way to it, and the numbers of the tasks that it has not answered yet."""

    def __init__(self, process: BaseProcess, channel: Connection) -> None:
        self.process = process
        self.channel = channel
        self.unanswered: deque[int] = deque()


def partials(
    work: Work, tasks: Iterable[Task | Partial], jobs: int, checker: Checker | None = None
) -> Iterator[Partial]:
    """What is known of each part of an input, in order; `InputError` if one can't be read or a worker is killed.

    Where workers begin as copies of this process they share what `checker` has loaded. A task is asked for when those
    before it are handed out; what is known already comes in place of one.
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
        for _ in range(jobs):
            workers.append(started(work, copied))
        yield from in_order(all_answers(work, tasks, workers))
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.join()
            worker.channel.close()


def in_order(numbered: Iterable[tuple[int, Partial]]) -> Iterator[Partial]:
    """What comes with the numbers from 0 on, in their order."""
    waiting: dict[int, Partial] = {}
    following = 0
    for number, partial in numbered:
        waiting[number] = partial
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def all_answers(work: Work, tasks: Iterable[Task | Partial], workers: list[Worker]) -> Iterator[tuple[int, Partial]]:
    """Hand out the tasks, and give what comes back with the number of its task, as it comes."""
    for number, task in enumerate(tasks):
        if isinstance(task, Partial):
            yield number, task
            continue
        ahead = SPANS_AHEAD if isinstance(task, Span) else PORTIONS_AHEAD
        while len((worker := least_busy(workers)).unanswered) == ahead:
            yield from answers(work, workers)
        hand_out(work, worker, number, task)
        yield from answers(work, workers, timeout=0)
    while any(worker.unanswered for worker in workers):
        yield from answers(work, workers)


def least_busy(workers: list[Worker]) -> Worker:
    """The worker with the fewest tasks at hand."""
    return min(workers, key=lambda worker: len(worker.unanswered))


def hand_out(work: Work, worker: Worker, number: int, task: Task) -> None:
    """Give a worker its next task."""
    try:
        send(worker.channel, task)
    except OSError:
        raise death_of(work, worker) from None
    worker.unanswered.append(number)


def send(channel: Connection, task: Task) -> None:
    """Send a task; its blocks go by themselves, since pickled they would be copied four times more."""
    if isinstance(task, Span):
        channel.send(task)
        return
    channel.send((task.offset, len(task.blocks)))
    for block in task.blocks:
        channel.send_bytes(block)


def next_task(channel: Connection) -> Task:
    """The task that was sent."""
    sent = channel.recv()
    if isinstance(sent, Span):
        return sent
    offset, count = sent
    return Portion(offset, [channel.recv_bytes() for _ in range(count)])


def answers(work: Work, workers: list[Worker], timeout: float | None = None) -> Iterator[tuple[int, Partial]]:
    """What has come back, with the numbers of its tasks; waits for something if there is no `timeout`."""
    by_channel: dict[Any, Worker] = {worker.channel: worker for worker in workers if worker.unanswered}
    for channel in connection.wait(list(by_channel), timeout):
        worker = by_channel[channel]
        answer = received(work, worker)
        yield worker.unanswered.popleft(), answer


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


def may_start() -> bool:
    """Whether this process may have workers, which one that is somebody's worker itself may not."""
    return not current_process().daemon


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
    """The work of a worker: tasks come in, what is known of them goes out."""
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
    """Answer each task until there are no more; they come in the input's order."""
    listed: Counter[str] = Counter()
    while True:
        task = next_task(channel)
        try:
            checker = checker or Checker(make_plan(work.settings, work.method))
            answer: Any = check(work, checker, task, listed)
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
