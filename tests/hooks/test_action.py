"""The GitHub Action: its steps as they stand, with the variables that GitHub would give them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from samples import ROOT, good_data, good_line

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step.get("name", step.get("uses")): step for step in ACTION["runs"]["steps"]}
BAD = good_data() + good_line(100).replace(b'"assistant"', b'"gpt"')


class Workflow:
    """A job that uses the action with some inputs, in a workspace of its own."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.inputs = {name: str(value["default"]) for name, value in ACTION["inputs"].items()} | inputs
        self.workspace, self.temporary = folder / "workspace", folder / "temporary"
        self.workspace.mkdir()
        self.temporary.mkdir()

    def run(self, name: str) -> subprocess.CompletedProcess[bytes]:
        """Run the script of a step as GitHub does."""
        script = self.temporary / "script.sh"
        script.write_text(STEPS[name]["run"])
        programs = Path(sys.executable).parent
        variables = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
        }
        given = {name: self.filled(text) for name, text in STEPS[name].get("env", {}).items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env={**os.environ, **variables, **given},
            capture_output=True,
            check=False,
            timeout=600,
        )

    def filled(self, text: str) -> str:
        """A text with the inputs that it names."""
        return re.sub(r"\$\{\{ inputs\.(\S+) \}\}", lambda match: self.inputs[match[1]], text)

    def given(self, name: str) -> dict[str, str] | None:
        """What a step of another action is given; None if its condition does not hold."""
        condition = STEPS[name]["if"].removeprefix("${{").removesuffix("}}").replace("&&", "and").strip()
        condition = re.sub(r"inputs\.([a-z-]+)", lambda match: repr(self.inputs[match[1]]), condition)
        known: dict[str, Any] = {"always": lambda: True, "hashFiles": self.hash_files}
        holds = eval(condition, {"__builtins__": {}}, known)
        return {key: self.filled(text) for key, text in STEPS[name]["with"].items()} if holds else None

    def hash_files(self, pattern: str) -> str:
        """Empty if no file of the workspace matches."""
        return "hash" if any(self.workspace.glob(pattern)) else ""


def test_the_action_has_what_github_needs():
    assert ACTION["runs"]["using"] == "composite"
    assert all("shell" in step for step in ACTION["runs"]["steps"] if "run" in step)
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    # An input inside of a script would be run as a part of it.
    assert not any("${{" in step["run"] for step in ACTION["runs"]["steps"] if "run" in step)


def test_the_action_from_its_first_step_to_its_last(tmp_path):
    """It installs the package, annotates what is bad, and hands a SARIF file on that code scanning takes."""
    workflow = Workflow(tmp_path, paths="bad.jsonl")
    (workflow.workspace / "bad.jsonl").write_bytes(BAD + b"\n" * 200)
    installed = workflow.run("Install")
    assert installed.returncode == 0, installed.stderr
    assert workflow.given("Upload") is None
    checked = workflow.run("Check")
    assert checked.returncode == 1
    assert b"::error file=bad.jsonl,line=101,col=133,title=MSG003 role-unknown::" in checked.stdout
    assert checked.stdout.count(b"title=FIL005") == 100
    assert b"... and 100 more findings of FIL005 (--max-findings)" in checked.stdout
    assert workflow.given("Upload") == {"sarif_file": "jsonl-lint.sarif", "category": "jsonl-lint"}
    (run,) = json.loads((workflow.workspace / "jsonl-lint.sarif").read_text())["runs"]
    assert len(run["results"]) == 101
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert uris == {"bad.jsonl"}


@pytest.fixture
def installed():
    """What the first steps leave behind, of the package that is tested."""

    def put(workflow: Workflow) -> Workflow:
        (workflow.temporary / "jsonl-lint").mkdir()
        (workflow.temporary / "jsonl-lint" / "bin").symlink_to(Path(sys.executable).parent)
        (workflow.workspace / "good.jsonl").write_bytes(good_data())
        (workflow.workspace / "bad.jsonl").write_bytes(BAD)
        return workflow

    return put


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({}, 1),
        ({"paths": "bad.jsonl", "args": "--severity MSG003=warning"}, 0),
        ({"paths": "good.jsonl", "max-findings": ""}, 0),
        ({"paths": "good.jsonl $(touch owned) ;touch${IFS}owned"}, 2),
    ],
)
def test_the_check_of_the_action(tmp_path, installed, inputs, code):
    workflow = installed(Workflow(tmp_path, **inputs))
    result = workflow.run("Check")
    assert result.returncode == code, result.stderr
    assert (b"::error file=bad.jsonl,line=101,col=133,title=MSG003 role-unknown::" in result.stdout) == (code == 1)
    assert workflow.given("Upload") == {"sarif_file": "jsonl-lint.sarif", "category": "jsonl-lint"}
    assert not (workflow.workspace / "owned").exists()


@pytest.mark.parametrize("inputs", [{"sarif": ""}, {"upload": "false"}])
def test_nothing_is_uploaded_where_nobody_wants_it(tmp_path, installed, inputs):
    workflow = installed(Workflow(tmp_path, **inputs))
    assert workflow.run("Check").returncode == 1
    assert workflow.given("Upload") is None
