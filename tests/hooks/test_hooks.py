"""What others run: the pre-commit hooks as their file lists them, and the commands of the GitHub Action."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from samples import ROOT, good_data, good_line

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
BAD = good_data() + good_line(100).replace(b'"assistant"', b'"gpt"')

# What is in the repository that pre-commit installs from: all that the package is built from.
SOURCES = ("jsonl_lint", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


def git(folder: Path, *arguments: str) -> None:
    """Run git, with a name to commit under."""
    names = ["-c", "user.name=tests", "-c", "user.email=tests@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks_repository(tmp_path_factory):
    """This project as a git repository that hooks are installed from, as it stands now."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "-q", "-m", "hooks")
    return folder


@pytest.fixture(scope="module")
def pre_commit(hooks_repository, tmp_path_factory):
    """Run one hook by pre-commit itself on the files of a folder that are staged there."""
    home = tmp_path_factory.mktemp("home")

    def run(folder: Path, hook: str) -> subprocess.CompletedProcess[bytes]:
        command = [
            sys.executable,
            "-m",
            "pre_commit",
            "try-repo",
            str(hooks_repository),
            hook,
            "--all-files",
            "--verbose",
        ]
        environment = {**os.environ, "PRE_COMMIT_HOME": str(home)}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=300)

    return run


@pytest.fixture
def repository(tmp_path):
    """A repository of somebody who has training data."""
    git(tmp_path, "init", "-q")
    (tmp_path / "notes.txt").write_bytes(b"{not data\n")
    return tmp_path


def test_the_hooks_are_these():
    assert {hook["id"] for hook in HOOKS} >= {"jsonl-lint"}
    for hook in HOOKS:
        pattern = re.compile(hook["files"])
        assert all(map(pattern.search, ["train.jsonl", "a/b.jsonl.gz", "c.jsonl.zst"]))
        assert not any(map(pattern.search, ["a.json", "jsonl", "a.jsonl.txt"]))


def test_hooks_pass_good_files_and_stop_bad_ones(pre_commit, repository):
    """Each hook that the file lists: good data passes; data that can't be repaired is refused with its place.

    One test for all of them, so that pre-commit builds one environment.
    """
    for hook in [hook["id"] for hook in HOOKS]:
        (repository / "bad.jsonl").unlink(missing_ok=True)
        (repository / "good.jsonl").write_bytes(good_data())
        git(repository, "add", "--all")
        good = pre_commit(repository, hook)
        assert good.returncode == 0, good.stdout
        (repository / "bad.jsonl").write_bytes(good_data() + b'{"messages": 5}\n')
        git(repository, "add", "--all")
        bad = pre_commit(repository, hook)
        assert bad.returncode == 1, bad.stdout
        assert b"bad.jsonl:101:14: ROW002" in bad.stdout
        assert b"notes.txt" not in bad.stdout


def test_the_action_has_what_github_needs():
    assert ACTION["runs"]["using"] == "composite"
    assert all("shell" in step for step in ACTION["runs"]["steps"] if "run" in step)
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    # An input inside of a script would be run as a part of it.
    assert not any("${{" in step["run"] for step in ACTION["runs"]["steps"] if "run" in step)


@pytest.mark.parametrize(
    ("paths", "arguments", "code"),
    [
        (".", "", 1),
        ("bad.jsonl", "--severity MSG003=warning", 0),
        ("good.jsonl", "", 0),
        ("good.jsonl $(touch owned) ;touch${IFS}owned", "", 2),
    ],
)
def test_the_check_of_the_action(tmp_path, paths, arguments, code):
    (tmp_path / "good.jsonl").write_bytes(good_data())
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    programs = tmp_path / "runner" / "jsonl-lint"
    programs.mkdir(parents=True)
    (programs / "bin").symlink_to(Path(sys.executable).parent)
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("name") == "Check"]
    defaults = {name: str(value["default"]) for name, value in ACTION["inputs"].items()}
    inputs = {**defaults, "paths": paths, "args": arguments}
    given = {
        name: re.sub(r"\$\{\{ inputs\.(\S+) \}\}", lambda m: inputs[m[1]], text) for name, text in step["env"].items()
    }
    result = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=tmp_path,
        env={**os.environ, **given, "RUNNER_TEMP": str(tmp_path / "runner")},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == code, result.stderr
    assert (b"::error file=bad.jsonl,line=101,col=133,title=MSG003 role-unknown::" in result.stdout) == (code == 1)
    assert json.loads((tmp_path / "jsonl-lint.sarif").read_text())["version"] == "2.1.0"
    assert not (tmp_path / "owned").exists()
