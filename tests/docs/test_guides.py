"""The guides: each command and each Python example in them does what is said, in a folder like a reader's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samples import ROOT, good_data, good_line

BLOCK = re.compile(r"(?:<!-- exit: (?P<exit>\d+) -->\n)?```(?P<language>sh|python|toml)\n(?P<text>.*?)```", re.DOTALL)
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


def blocks(language: str) -> list[object]:
    """The blocks of a language in all guides, each with the exit code that it is to end with."""
    found = []
    for guide in GUIDES:
        for number, match in enumerate(BLOCK.finditer(guide.read_text(encoding="utf-8")), 1):
            if match["language"] == language:
                found.append(pytest.param(match["text"], int(match["exit"] or 0), id=f"{guide.stem}-{number}"))
    return found


@pytest.fixture
def reader(tmp_path):
    """A reader's folder, and an environment in which the command is found."""
    (tmp_path / "train.jsonl").write_bytes(good_data())
    (tmp_path / "broken.jsonl").write_bytes(good_data() + good_line(100).replace(b'"assistant"', b'"gpt"') + b"\n")
    programs = str(Path(sys.executable).parent)
    return {
        "cwd": tmp_path,
        "env": {**os.environ, "PATH": programs + os.pathsep + os.environ["PATH"]},
        "capture_output": True,
        "check": False,
        "timeout": 60,
    }


def test_there_are_guides_with_commands():
    assert len(blocks("sh")) >= 8
    assert len(blocks("python")) >= 2


@pytest.mark.parametrize(("text", "code"), blocks("sh"))
def test_commands(reader, text, code):
    result = subprocess.run(["bash", "-euo", "pipefail", "-c", text], **reader)
    assert result.returncode == code, result.stdout + result.stderr
    assert result.stdout or result.stderr


@pytest.mark.parametrize(("text", "code"), blocks("python"))
def test_python(reader, text, code):
    result = subprocess.run([sys.executable, "-c", text], **reader)
    assert result.returncode == code, result.stderr
    assert b"True" in result.stdout


@pytest.mark.parametrize(("text", "code"), blocks("toml"))
def test_config_files(reader, text, code, tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "jsonl-lint.toml").write_text('fail-on = "warning"\n')
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "jsonl-lint.toml").write_text(text)
    command = [sys.executable, "-m", "jsonl_lint", "config", "repo"]
    result = subprocess.run(command, **reader)
    assert result.returncode == code, result.stderr
    assert b'fail-on = "warning"  # shared/jsonl-lint.toml:1' in result.stdout


def test_every_built_in_rule_has_a_page():
    from jsonl_lint.registry import all_rules

    codes = {rule.code for rule in all_rules().values() if rule.url}
    assert {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} == codes | {"index"}


def test_the_site_builds_and_a_broken_link_stops_it(tmp_path):
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    result = subprocess.run(mkdocs, cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "site" / "rules" / "WGT001" / "index.html").exists()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[gone](gone.md)")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:\n  - Home")[0]
    (tmp_path / "mkdocs.yml").write_text(settings)
    result = subprocess.run(mkdocs, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert result.returncode != 0
    assert b"gone.md" in result.stderr + result.stdout
