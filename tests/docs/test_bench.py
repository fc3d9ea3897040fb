"""The benchmarks of the docs run, on little data; what they measure is not looked at."""

from __future__ import annotations

import subprocess
import sys

import pytest

from samples import ROOT

KINDS = "text,tools,multilingual,images,bad,ten"
COMMANDS = {
    "-m bench --megabytes 1 --runs 1 --scale 0.001 --kinds " + KINDS: KINDS.split(","),
    "bench/images.py 2 1": ["MB/s wall", "peak memory"],
    "bench/tokens.py 1 FOLDER": ["cookbook loop", "count, 2 processes", "check with `fast`, 2 processes"],
}


@pytest.mark.linux
@pytest.mark.parametrize("command", COMMANDS)
def test_a_benchmark_prints_its_table(command, tmp_path):
    words = [str(tmp_path) if word == "FOLDER" else word for word in command.split()]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert [row for row in COMMANDS[command] if row not in done.stdout] == []
    # So the benchmark says that its ways of counting do not agree.
    assert "DIFFERENT" not in done.stdout
