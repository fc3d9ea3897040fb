"""Rules of third parties: found, run, and refused with their distribution's name where they can't be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from samples import ROOT, good_data

SHOUT = good_data().replace(b"It is 2, of course.", b"IT IS 2, OF COURSE.")


def install(source: Path, target: Path) -> dict[str, str]:
    """Install a plugin package into a folder; the environment in which it is found."""
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--target", target]
    subprocess.run([sys.executable, "-m", "pip", "install", *map(str, options), str(source)], check=True)
    return {**os.environ, "PYTHONPATH": str(target)}


def write_plugin(folder: Path, code: str) -> dict[str, str]:
    """Lay a plugin's module and metadata into a folder as an installer would; the environment in which it is found."""
    (folder / "quiet_rules.py").write_text(code)
    metadata = folder / "quiet_rules-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: quiet-rules\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[jsonl_lint.rules]\nquiet = quiet_rules\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_an_installed_plugin_is_run_on_every_line(command, tmp_path):
    environment = install(ROOT / "tests" / "plugin", tmp_path / "site")
    (tmp_path / "loud.jsonl").write_bytes(SHOUT)
    result = command("check", "loud.jsonl", env=environment)
    assert b"loud.jsonl:2:153: SHO001 [warning] the assistant shouts" in result.stdout
    assert result.returncode == 0
    assert b"The assistant shouts." in command("rules", "SHO001", env=environment).stdout
    assert command("check", "loud.jsonl", "--ignore", "SHO", "--format", "concise", "-q", env=environment).stdout == b""


RULE = """
from jsonl_lint.rule import Case, Message, Problem, rule

@rule("{code}", at=Message, severity="error", repair="none", bad=[], good=[])
def quiet(message, facts):
    {body}
"""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import not_there", "No module named 'not_there'"),
        (RULE.format(code="MSG001", body="yield"), "its rule MSG001 (quiet) has the code of jsonl_lint.rules.msg"),
        (RULE.format(code="M1", body="yield"), "'M1' is no rule code"),
        ("", "holds no rule"),
    ],
    ids=["import", "clash", "code", "empty"],
)
def test_a_broken_plugin_is_exit_2_with_its_name(command, tmp_path, good_file, code, says):
    environment = write_plugin(tmp_path, code)
    result = command("check", good_file, env=environment)
    assert result.returncode == 2
    assert b"quiet-rules" in result.stderr
    assert says in result.stderr.decode()
    assert b"Traceback" not in result.stderr


def test_a_rule_that_raises_is_exit_3_and_named_with_its_line(command, tmp_path, good_file):
    environment = write_plugin(tmp_path, RULE.format(code="QUI001", body="1 / 0; yield"))
    result = command("check", good_file, env=environment)
    assert result.returncode == 3
    assert b"rule QUI001 failed on" in result.stderr
    assert b"good.jsonl:1: ZeroDivisionError" in result.stderr
    assert b"not checked: rule QUI001: 300" in result.stdout
    assert b"Incomplete" in result.stdout
