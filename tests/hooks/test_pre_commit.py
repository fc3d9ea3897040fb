"""The pre-commit hooks as their file lists them, run by pre-commit itself."""

from __future__ import annotations

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
SOURCES = (
    "jsonl_lint",
    "native",
    "schemas",
    "hatch_build.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)


# Nothing of the settings of whoever runs the tests.
GIT = {
    "GIT_AUTHOR_NAME": "tests",
    "GIT_AUTHOR_EMAIL": "tests@example.invalid",
    "GIT_COMMITTER_NAME": "tests",
    "GIT_COMMITTER_EMAIL": "tests@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git; what it prints."""
    command = ["git", *arguments]
    result = subprocess.run(command, cwd=folder, env={**os.environ, **GIT}, check=True, capture_output=True)
    return result.stdout.decode().strip()


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


@pytest.fixture
def repository(tmp_path):
    """A fresh repository of somebody who has training data."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "notes.txt").write_bytes(b"{not data\n")
    return folder


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run pre-commit in a folder, with environments of its own beside it."""
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=False, timeout=600)


def environment(folder: Path) -> dict[str, str]:
    """The variables with which pre-commit keeps nothing outside of the test's folder."""
    return {**os.environ, **GIT, "PRE_COMMIT_HOME": str(folder.parent / "home")}


def commit(folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Stage everything and commit it as a user does, who sees what the hooks say."""
    git(folder, "add", "--all")
    command = ["git", "commit", "-m", "data"]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=False, timeout=600)


def test_the_hooks_are_these():
    assert {hook["id"] for hook in HOOKS} >= {"jsonl-lint"}
    for hook in HOOKS:
        pattern = re.compile(hook["files"])
        assert all(map(pattern.search, ["train.jsonl", "a/b.jsonl.gz", "c.jsonl.zst"]))
        assert not any(map(pattern.search, ["a.json", "jsonl", "a.jsonl.txt"]))


def test_try_repo_runs_every_hook_on_data_alone(hooks_repository, repository):
    (repository / "good.jsonl").write_bytes(good_data())
    (repository / "bad.jsonl").write_bytes(good_data() + b'{"messages": 5}\n')
    git(repository, "add", "--all")
    result = pre_commit(repository, "try-repo", str(hooks_repository), "--all-files", "--verbose")
    assert result.returncode == 1, result.stdout
    assert result.stdout.count(b"bad.jsonl:101:14: ROW002") == len(HOOKS)
    assert b"good.jsonl:1" not in result.stdout
    assert b"notes.txt" not in result.stdout


def test_a_fresh_repository_with_both_hooks(hooks_repository, repository):
    """A commit is repaired where that can be done, refused where it can't, and goes through when the data is good."""
    config = {"repo": str(hooks_repository), "rev": git(hooks_repository, "rev-parse", "HEAD")}
    config["hooks"] = [{"id": "jsonl-lint-fix"}, {"id": "jsonl-lint"}]
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [config]}))
    assert pre_commit(repository, "install").returncode == 0

    data = repository / "train.jsonl"
    data.write_bytes(good_data()[3:] + b"\n" + good_line(100))
    repaired = commit(repository)
    assert repaired.returncode == 1
    said = repaired.stdout + repaired.stderr
    assert b"files were modified by this hook" in said
    assert b"train.jsonl: fixed 2 (ENC001 1, FIL005 1)" in said
    assert data.read_bytes() == good_data(101)

    wizard = good_data() + good_line(100).replace(b'"assistant"', b'"wizard"')
    data.write_bytes(wizard)
    refused = commit(repository)
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert b'train.jsonl:101:133: MSG003 [error] unknown role "wizard"; it must be one of system, ' in said
    assert b"= repair: write one of the target's roles" in said
    assert b"Not ready to upload." in said
    assert data.read_bytes() == wizard
    assert git(repository, "rev-list", "--all") == ""

    data.write_bytes(good_data())
    assert commit(repository).returncode == 0
    assert git(repository, "ls-files").splitlines() == [".pre-commit-config.yaml", "notes.txt", "train.jsonl"]
