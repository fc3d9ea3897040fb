"""The hooks that are offered to pre-commit do what they say, as they stand in the file."""

from __future__ import annotations

import re
import shlex

import pytest

from samples import ROOT, good_data, good_line

HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text()
ENTRIES = dict(zip(re.findall(r"^- id: (.+)$", HOOKS, re.M), re.findall(r"^  entry: (.+)$", HOOKS, re.M), strict=True))
PATTERNS = re.findall(r"^  files: (.+)$", HOOKS, re.M)


def test_there_are_two():
    assert list(ENTRIES) == ["jsonl-lint", "jsonl-lint-fix"]


@pytest.mark.parametrize("hook", ENTRIES)
def test_each_passes_good_files_and_refuses_bad_ones(hook, command, tmp_path):
    program, *arguments = shlex.split(ENTRIES[hook])
    assert program == "jsonl-lint"
    (tmp_path / "good.jsonl").write_bytes(good_data())
    (tmp_path / "bad.jsonl").write_bytes(good_data() + b"{\n")
    assert command(*arguments, "good.jsonl").returncode == 0
    assert command(*arguments, "good.jsonl", "bad.jsonl").returncode == 1


def test_one_of_them_repairs(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(good_data() + good_line(101).replace(b'"assistant"', b'"gpt"'))
    assert command(*shlex.split(ENTRIES["jsonl-lint-fix"])[1:], "bad.jsonl").returncode == 0
    assert (tmp_path / "bad.jsonl").read_bytes() == good_data() + good_line(101)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_files_are_those_of_data(pattern):
    names = ["a.jsonl", "a/b.jsonl.gz", "c.jsonl.zst", "a.json", "jsonl", "a.jsonl.txt"]
    assert [bool(re.search(pattern, name)) for name in names] == [True, True, True, False, False, False]
