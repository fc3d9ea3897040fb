"""Rules of third parties: found, run, and refused with their distribution's name where they can't be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import jsonl_lint
from jsonl_lint import parallel, run, tasks
from jsonl_lint.reporters import FORMATS
from jsonl_lint.testing import cases_of, check_case
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


def test_an_installed_plugin_is_run_on_every_line(process, tmp_path):
    environment = install(ROOT / "tests" / "plugin", tmp_path / "site")
    (tmp_path / "loud.jsonl").write_bytes(SHOUT)
    result = process("check", "loud.jsonl", env=environment)
    assert b"loud.jsonl:2:153: SHO001 [warning] the assistant shouts" in result.stdout
    assert result.returncode == 0
    assert b"The assistant shouts." in process("rules", "SHO001", env=environment).stdout
    assert process("check", "loud.jsonl", "--ignore", "SHO", "--format", "concise", "-q", env=environment).stdout == b""


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
def test_a_broken_plugin_is_exit_2_with_its_name(process, tmp_path, good_file, code, says):
    environment = write_plugin(tmp_path, code)
    result = process("check", good_file, env=environment)
    assert result.returncode == 2
    assert b"quiet-rules" in result.stderr
    assert says in result.stderr.decode()
    assert b"Traceback" not in result.stderr


def test_a_rule_that_raises_is_exit_3_and_named_with_its_line(process, tmp_path, good_file):
    environment = write_plugin(tmp_path, RULE.format(code="QUI001", body="1 / 0; yield"))
    result = process("check", good_file, env=environment)
    assert result.returncode == 3
    assert b"rule QUI001 failed on" in result.stderr
    assert b"good.jsonl:1: ZeroDivisionError" in result.stderr
    assert b"not checked: rule QUI001: 300" in result.stdout
    assert b"Incomplete" in result.stdout


def test_a_rule_on_the_order_of_roles_that_raises_is_named_too(process, tmp_path, good_file):
    code = RULE.format(code="QUI001", body="1 / 0; yield").replace("Message", "Roles")
    result = process("check", good_file, env=write_plugin(tmp_path, code))
    assert result.returncode == 3
    assert b"not checked: rule QUI001: 100" in result.stdout


GUIDE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", GUIDE, re.DOTALL))


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A folder with the files of the guide, and data that its rules find something in."""
    for name, code in BLOCKS.items():
        (tmp_path / name).write_text(code)
    lines = good_data().replace(b"It is 2, of course.", b"It is 2, and you will get a refund.")
    (tmp_path / "train.jsonl").write_bytes(lines.replace(b"It is 4, of course.", b"It is 4. "))
    return tmp_path


def test_the_guide_shows_every_file():
    assert set(BLOCKS) == {
        "my_rules.py",
        "check_it.py",
        "test_my_rules.py",
        "my_dataset_rules.py",
        "my_fixing_rules.py",
        "pyproject.toml",
    }


def test_the_guide_checks_with_a_local_file(guide):
    result = subprocess.run([sys.executable, "check_it.py"], cwd=guide, capture_output=True, check=True)
    assert result.stdout.decode().splitlines() == ["2 SHOP001 promises a refund"]


def test_the_guide_tests_its_rule(guide):
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_my_rules.py"], cwd=guide, capture_output=True
    )
    assert b"2 passed" in result.stdout, result.stdout


@pytest.mark.parametrize(("code", "file"), [("SHOP002", "my_dataset_rules.py"), ("SHOP003", "my_fixing_rules.py")])
def test_the_further_rules_of_the_guide_hold(guide, code, file):
    for case in cases_of(code, str(guide / file)):
        check_case(case)


def test_the_package_of_the_guide_is_found_when_it_is_installed(guide, process):
    environment = install(guide, guide / "site")
    result = process("check", "train.jsonl", "--format", "concise", env=environment)
    assert b"train.jsonl:2:167: SHOP001 [error] promises a refund" in result.stdout


def test_a_local_file_is_not_loaded_unless_it_is_named(guide):
    (guide / "my_rules.py").write_text("raise SystemExit('loaded')")
    report = jsonl_lint.check(str(guide / "train.jsonl"))
    assert "SHOP001" not in report.counts.by_code


@pytest.mark.parametrize(
    ("code", "says"), [(None, "no such Python file"), ("import not_there", "not_there"), ("x = 1", "holds no rule")]
)
def test_a_local_file_that_cannot_be_used_is_told_with_its_name(tmp_path, good_file, code, says):
    path = tmp_path / "broken_rules.py"
    if code is not None:
        path.write_text(code)
    with pytest.raises(jsonl_lint.PluginError, match=says) as error:
        jsonl_lint.check(str(good_file), plugins=[str(path)])
    assert "broken_rules.py" in str(error.value)


FAILING = """
from jsonl_lint.rule import Dataset, Problem, Text, rule

@rule("BAD001", at=Text, severity="error", repair="none", bad=[], good=[], triggers=["4, of"])
def on_texts(text, facts):
    raise ValueError(text.text)

@rule("BAD002", at=Dataset, severity="error", repair="none", bad=[], good=[])
def on_dataset(dataset, facts):
    yield Problem(str(len(list(dataset.duplicates()))), line=1)
    raise ValueError("no")
"""


def test_rules_on_texts_and_datasets_that_raise_are_named_with_their_lines(tmp_path, good_file):
    path = tmp_path / "failing_rules.py"
    path.write_text(FAILING)
    report = jsonl_lint.check(str(good_file), plugins=[str(path)], select=["BAD"])
    assert [text.partition(" failed on ")[0] for text in report.failures] == ["rule BAD001", "rule BAD002"]
    assert f"{good_file}:3: ValueError" in report.failures[0]
    assert [item.what for item in report.unchecked] == ["rule BAD001", "rule BAD002"]
    assert not report.ok
    redacted = jsonl_lint.check(str(good_file), plugins=[str(path)], select=["BAD"], redact=True)
    assert "of course" not in str(redacted.failures)


COUNTING = """
from jsonl_lint.rule import Example, Problem, rule

@rule("SUM001", at=Example, severity="info", repair="none", bad=[], good=[])
class OnBatches:
    def __init__(self, facts):
        self.count = 0

    def add(self, example):
        self.count += 1
        if b"What is 7 plus" in example.text or b"What is 150 plus" in example.text:
            raise ValueError("no")

    def add_batch(self, batch):
        for example in batch:
            self.add(example)

    def merge(self, other, lines):
        self.count += other.count

    def finish(self, file):
        yield Problem(f"{self.count} examples", line=1)

@rule("SUM002", at=Example, severity="info", repair="none", bad=[], good=[])
class OnMerge(OnBatches):
    def add(self, example):
        self.count += 1

    def merge(self, other, lines):
        raise KeyError("merge")

@rule("SUM003", at=Example, severity="info", repair="none", bad=[], good=[])
class OnStart(OnBatches):
    def __init__(self, facts):
        raise KeyError("start")

@rule("SUM004", at=Example, severity="info", repair="none", bad=[], good=[])
class OnFinish(OnMerge):
    def merge(self, other, lines):
        self.count += other.count

    def finish(self, file):
        raise KeyError("finish")

@rule("SUM005", at=Example, severity="info", repair="none", bad=[], good=[])
class Sound(OnFinish):
    def finish(self, file):
        yield Problem(f"{self.count} examples", line=1)
"""


@pytest.fixture
def counting(tmp_path: Path) -> str:
    """A file of rules on datasets that fail, each at another moment, and one that does not."""
    path = tmp_path / "counting_rules.py"
    path.write_text(COUNTING)
    return str(path)


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("forks", [True, False], ids=["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_rules_on_datasets_that_raise_are_named_alike_by_any_number_of_processes(
    jobs: int, forks: bool, counting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SHARED_FROM_BYTES", 1)
    monkeypatch.setattr(run, "SHARED_ANEW_FROM_BYTES", 1)
    monkeypatch.setattr(tasks, "SMALLEST_SPAN", 20_000)
    monkeypatch.setattr(parallel, "can_fork", lambda: forks)
    path = tmp_path / "train.jsonl"
    path.write_bytes(good_data(300))
    report = jsonl_lint.check(path, plugins=[counting], select=["SUM"], jobs=jobs, no_tokens=True)
    failed = {item.what: (item.count, item.why) for item in report.unchecked}
    # Where one process sees all there is nothing to put together.
    merging = failed.pop("rule SUM002", None)
    assert (merging is not None) == (jobs > 1)
    assert failed == {
        "rule SUM001": (2, "failed, first on line 8"),
        "rule SUM003": (1, "failed, first on line 1"),
        "rule SUM004": (1, "failed, first on line 1"),
    }
    assert [(f.code, f.message) for f in report.findings if f.code != "SUM002"] == [("SUM005", "300 examples")]
    assert not report.complete


def test_the_configuration_s_rules_are_known_to_every_command(guide: Path, command) -> None:
    (guide / "jsonl-lint.toml").write_text('plugins = ["my_rules.py", "my_fixing_rules.py"]\n')
    assert b"promises a refund" in command("rules", "SHOP001").stdout.lower()
    assert b"SHOP003" in command("rules").stdout
    assert command("rules", "SHOP001", "--isolated").returncode == 2
    result = command("check", "train.jsonl", "--select", "SHOP", "--format", "concise", "-q")
    assert [line.split(b": ")[1].split()[0] for line in result.stdout.splitlines()] == [b"SHOP001", b"SHOP003"]
    for name in FORMATS:
        shown = command("check", "train.jsonl", "--select", "SHOP001,SHOP003", "--format", name)
        assert b"Traceback" not in shown.stderr
        assert b"SHOP003" in shown.stdout
    assert b'+{"messages"' in command("fix", "train.jsonl", "--unsafe", "--select", "SHOP003", "--diff").stdout
    assert b"fixed 1 (SHOP003 1)" in command("fix", "train.jsonl", "--unsafe", "--select", "SHOP").stderr
    assert b"It is 4." in (guide / "train.jsonl").read_bytes()
    assert b"It is 4. " not in (guide / "train.jsonl").read_bytes()
