"""The README shows what the command really prints."""

from __future__ import annotations

import re
import subprocess
import sys

from samples import ROOT


def test_the_output_shown_is_the_output():
    """Each line of the block stands in the command's output, in this order."""
    (block,) = re.findall(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    arguments = [sys.executable, "-m", "jsonl_lint", "check", "fixtures/library-broken.jsonl"]
    result = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert result.returncode == 1
    printed = iter(result.stdout.splitlines())
    for line in block.splitlines():
        assert line in printed, line
