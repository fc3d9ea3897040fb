"""The guides and the README: each command and each example in them does what is said, in a folder like a reader's."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from samples import ROOT, good_data, good_line

BLOCK = re.compile(
    r"(?:<!-- exit: (?P<exit>\d+) -->\n)?```(?P<language>sh|python|toml|yaml)\n(?P<text>.*?)```", re.DOTALL
)
PAGES = [*sorted((ROOT / "docs" / "guides").glob("*.md")), ROOT / "README.md"]

# What the README says about a clone of the project is what `.ci/run` does.
IN_A_CLONE = "python3 -m venv .venv && .venv/bin/pip install -q "


def blocks(language: str, *names: str) -> list[object]:
    """The blocks of a language in all pages or some, each with the exit code that it is to end with."""
    found = []
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1):
            is_wanted = match["language"] == language and not match["text"].startswith(IN_A_CLONE)
            if is_wanted and (not names or page.stem in names):
                found.append(pytest.param(match["text"], int(match["exit"] or 0), id=f"{page.stem}-{number}"))
    return found


@pytest.fixture
def reader(tmp_path):
    """A reader's folder, and an environment in which the command is found."""
    (tmp_path / "train.jsonl").write_bytes(good_data())
    (tmp_path / "broken.jsonl").write_bytes(good_data() + good_line(100).replace(b'"assistant"', b'"gpt"') + b"\n")
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
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


@pytest.mark.parametrize(("text", "code"), blocks("toml", "README"))
def test_the_config_file_of_the_readme(reader, text, code):
    (reader["cwd"] / "pyproject.toml").write_text(text)
    result = subprocess.run([sys.executable, "-m", "jsonl_lint", "config", "train.jsonl"], **reader)
    assert result.returncode == code, result.stderr
    assert b'ignore = ["ROW007"]  # pyproject.toml:2' in result.stdout


def hooks_of(text: str) -> list[dict[str, object]]:
    """The hooks that a block of a pre-commit config names."""
    read = yaml.safe_load(text)
    return [hook for repo in read["repos"] for hook in repo["hooks"]] if isinstance(read, dict) else read


@pytest.mark.parametrize(("text", "code"), blocks("yaml", "README", "pre-commit"))
def test_the_hooks_in_the_pages_are_there_and_take_their_arguments(reader, text, code):
    known = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    for hook in hooks_of(text):
        command = [*shlex.split(known[hook["id"]]["entry"]), *hook.get("args", []), "train.jsonl"]
        result = subprocess.run(["bash", "-c", shlex.join(command)], **reader)
        assert result.returncode == code, result.stderr


def test_the_ci_guide_uses_what_there_is(reader):
    github, gitlab = (yaml.safe_load(block.values[0]) for block in blocks("yaml", "ci"))
    (step,) = [step for step in github["steps"] if "jsonl-lint" in step["uses"]]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(step["with"]) <= set(action["inputs"])
    (reader["cwd"] / "data").mkdir()
    (reader["cwd"] / "data" / "train.jsonl").write_bytes(good_data())
    (install, check) = gitlab["jsonl-lint"]["script"]
    assert install == "pip install jsonl-lint"
    result = subprocess.run(["bash", "-c", check], **reader)
    assert result.returncode == 0, result.stderr
    assert all((reader["cwd"] / file).exists() for file in gitlab["jsonl-lint"]["artifacts"]["reports"].values())


@pytest.mark.parametrize(("text", "code"), blocks("toml", "configuration"))
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
