"""The table of speeds, side by side in one run: python -m bench [--megabytes 512] [--runs 5] [--together PYTHON] [--scale GB].

Every command is a process of its own. The commands of a file take turns, so that a machine whose speed drifts is unfair to
none; each figure is the median of the runs. Memory is the largest sum over a command's processes, shared pages counted once.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bench import images, tokens
from bench.texts import FOLDER, make, ten_lines

HERE = Path(__file__).parent

# The cookbook's loop takes a second for seven of these.
TOKENS_MEGABYTES = 100
COLUMNS = "| {:<13} | {:<22} | {:>7} | {:>7} | {:>7} | {:>8} | {:>8} |"


class Cost(NamedTuple):
    """What a run of a command took: seconds of wall and CPU, and megabytes of memory."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=512, help="size of the files (default 512)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    parser.add_argument(
        "--kinds",
        default="text,tools,multilingual,images,bad,ten,tokens",
        help="files, of: text tools multilingual images bad ten; tokens for the counts against the cookbook's",
    )
    parser.add_argument(
        "--together", metavar="PYTHON", help="an interpreter in whose environment `together` is installed"
    )
    parser.add_argument(
        "--scale", type=float, metavar="GB", help="also one text file of each size from 1 MB up to this"
    )
    options = parser.parse_args()
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print(COLUMNS.format("file", "command", "wall s", "CPU s", "MB/s", "memory", "x faster"))
    print(COLUMNS.format(*["---"] * 7))
    kinds = options.kinds.split(",")
    for kind in kinds:
        if kind != "tokens":
            compare(kind, file_of(kind, options.megabytes), options.runs, options.together)
    if options.scale:
        for size in sizes(options.scale):
            path = make("text", size)
            row(f"{size >> 20} MB", path, "jsonl-lint", [cost(commands(path, None)["jsonl-lint"])], None)
    if "tokens" in kinds:
        print()
        tokens.main(TOKENS_MEGABYTES, FOLDER)


def file_of(kind: str, megabytes: int) -> Path:
    """The file of a kind; that of images has twice the size, and of bad lines an eighth is enough."""
    if kind == "ten":
        return ten_lines()
    if kind == "images":
        return images.make(2 * megabytes)
    return make(kind, (megabytes // 8 if kind == "bad" else megabytes) << 20)


def sizes(largest: float) -> Iterator[int]:
    """Sizes from 1 MB up, each eight times the last, and the largest."""
    size = 1 << 20
    while size < largest * (1 << 30):
        yield size
        size *= 8
    yield int(largest * (1 << 30))


def commands(path: Path, together: str | None) -> dict[str, list[str]]:
    """The commands to compare on a file, the one that others are measured by first."""
    # The command as it is installed, not as it stands in this folder.
    lint = [str(Path(sys.executable).with_name("jsonl-lint")), "check", str(path), "-q", "--no-tokens"]
    peers = [sys.executable, str(HERE / "peers.py")]
    found = {
        "cookbook checks": [*peers, "cookbook", str(path)],
        "orjson.loads per line": [*peers, "orjson", str(path)],
        "jsonl-lint --jobs 1": [*lint, "--jobs", "1"],
        "jsonl-lint": lint,
    }
    if together:
        found["together check_file"] = [together, str(HERE / "peers.py"), "together", str(path)]
    return found


def compare(name: str, path: Path, runs: int, together: str | None) -> None:
    """Run the commands on a file in turn, and print a row for each."""
    wanted = commands(path, together)
    if name == "bad":
        # The others stop at the first line that is no JSON.
        wanted = {command: words for command, words in wanted.items() if command.startswith("jsonl-lint")}
    costs: dict[str, list[Cost]] = {command: [] for command in wanted}
    for _ in range(runs):
        for command, words in wanted.items():
            costs[command].append(cost(words))
    first = costs.get("cookbook checks")
    for command, taken in costs.items():
        row(name, path, command, taken, first)


def row(name: str, path: Path, command: str, costs: list[Cost], base: list[Cost] | None) -> None:
    """Print the medians of a command's runs, and how much faster it is than another command was in the same rounds."""
    wall, cpu, memory = (statistics.median(values) for values in zip(*costs, strict=True))
    speed = path.stat().st_size / wall / 1e6
    ratio = statistics.median(b.wall / own.wall for b, own in zip(base, costs, strict=True)) if base else None
    shown = f"{ratio:.1f}" if ratio else ""
    print(
        COLUMNS.format(name, command, f"{wall:.2f}", f"{cpu:.2f}", f"{speed:.0f}", f"{memory:.0f} MB", shown),
        flush=True,
    )


def cost(words: list[str]) -> Cost:
    """Run a command and measure it."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=HERE.parent)
    peak = [0.0]
    watcher = threading.Thread(target=watch, args=(process, peak))
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watcher.join()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(words)}: exit code {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, peak[0])


def watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    """Note the largest memory of a process and its children until it ends."""
    waits = 0
    while process.returncode is None:
        peak[0] = max(peak[0], memory_of(process.pid))
        # To ask takes time from what is measured.
        waits += 1
        time.sleep(0.02 if waits < 20 else 0.3)


def memory_of(process: int) -> float:
    """The megabytes that a process and its children hold, shared pages in equal parts (Linux; 0 elsewhere)."""
    total = 0.0
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        total += sum(memory_of(int(child)) for child in children)
    return total


if __name__ == "__main__":
    main()
