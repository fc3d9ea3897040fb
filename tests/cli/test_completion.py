"""Completion in real shells: a user types, presses Tab, and sees what stands there then."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from programs import need

PROGRAMS = str(Path(sys.executable).parent)
ENVIRONMENT = {"PATH": f"{PROGRAMS}:/usr/bin:/bin", "TERM": "vt100", "HOME": "/nonexistent", "LANG": "C.UTF-8"}

# How each shell is started without anybody's settings, and how it is told to complete, as the help says.
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(jsonl-lint completion bash)"'),
    "zsh": (["-f", "-i"], 'autoload -U compinit; compinit -D -u; eval "$(jsonl-lint completion zsh)"'),
}

TYPED = [
    ("jsonl-lint che", "jsonl-lint check"),
    ("jsonl-lint check --fail-on inf", "jsonl-lint check --fail-on info"),
    ("jsonl-lint check --format sa", "jsonl-lint check --format sarif"),
    ("jsonl-lint check --statis", "jsonl-lint check --statistics"),
    ("jsonl-lint rules JLT", "jsonl-lint rules JLT001"),
]


class Terminal:
    """A shell at a terminal."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self.screen = screen
        self.seen = b""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.screen, text.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What the shell shows when it has come to show a pattern; what was shown before that is forgotten."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found = re.search(pattern, self.seen.decode("utf-8", "replace"))
            if found:
                self.seen = b""
                return found
            if select.select([self.screen], [], [], 0.2)[0]:
                self.seen += os.read(self.screen, 65536)
        raise AssertionError(f"{pattern!r} did not come: {self.seen!r}")


@contextmanager
def terminal(shell: str) -> Iterator[Terminal]:
    """A shell that waits for what is typed."""
    arguments, setup = SHELLS[shell]
    screen, end = pty.openpty()
    with subprocess.Popen(
        [need(shell), *arguments], stdin=end, stdout=end, stderr=end, env=ENVIRONMENT, start_new_session=True
    ) as process:
        try:
            os.close(end)
            shown = Terminal(process, screen)
            shown.type(f"{setup}; echo READY''NOW\n")
            shown.wait_for("READYNOW")
            yield shown
        finally:
            process.kill()
            os.close(screen)


@pytest.mark.linux
@pytest.mark.parametrize("shell", SHELLS)
def test_the_tab_key_completes(shell: str) -> None:
    """The line is made an argument of `echo`, which says how it stands."""
    with terminal(shell) as shown:
        for typed, completed in TYPED:
            shown.type(f"{typed}\t\x01echo 'GOT' : \x05;\n")
            assert shown.wait_for(r"GOT : ([^;\r\n]*?) ?[\r\n]")[1] == completed


@pytest.mark.linux
@pytest.mark.parametrize(("typed", "completed"), TYPED)
def test_fish_completes(typed: str, completed: str) -> None:
    """fish tells by itself what it would complete."""
    script = "jsonl-lint completion fish | source; complete -C $argv[1]"
    options = {"env": ENVIRONMENT, "capture_output": True, "check": True, "timeout": 60}
    result = subprocess.run([need("fish"), "--no-config", "-c", script, typed], **options)
    candidates = {line.split("\t")[0] for line in result.stdout.decode().splitlines()}
    assert candidates == {completed.rpartition(" ")[2]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("jsonl-lint check --target azure-open", "azure-openai"),
        ("jsonl-lint check --ignore MSG,TRN00", "MSG,TRN001"),
    ],
)
def test_what_is_offered(words: str, expected: str) -> None:
    variables = {"_JSONL_LINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    result = subprocess.run(
        [sys.executable, "-m", "jsonl_lint"], env={**os.environ, **variables}, capture_output=True, check=False
    )
    assert f"plain,{expected}" in result.stdout.decode().splitlines()
