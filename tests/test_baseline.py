"""The baseline: known findings stay out, new ones come through, and what is gone is said."""

from __future__ import annotations

import json

import pytest

from jsonl_lint import check
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.finishing import finish
from jsonl_lint.partial import merge
from jsonl_lint.plan import make_plan
from samples import good_data, good_line


def bad_line(number: int) -> bytes:
    return good_line(number).replace(b'"assistant"', b'"gpt"')


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(good_data() + bad_line(100) + b"\n" + bad_line(101))
    return path


def test_known_findings_are_not_reported_again(command, data, tmp_path):
    result = command("check", "bad.jsonl", "--write-baseline", "known.txt")
    assert result.returncode == 0
    assert result.stdout == b""
    assert b"known.txt: 3 known findings" in result.stderr
    again = command("check", "bad.jsonl", "--baseline", "known.txt")
    assert again.returncode == 0
    assert b"known by the baseline and not listed: 3 findings" in again.stdout
    assert b"Nothing new; what the baseline knows is still there." in again.stdout
    assert b"Ready to upload" not in again.stdout


def test_moved_lines_are_known_and_changed_and_further_ones_are_new(command, data):
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    data.write_bytes(good_data() + bad_line(101) + b"\n" + bad_line(100) + b"\n" + bad_line(102))
    result = command("check", "bad.jsonl", "--baseline", "known.txt", "--format", "json")
    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert [(finding["code"], finding["line"]) for finding in report["findings"]] == [("FIL005", 104), ("MSG003", 105)]
    assert report["counts"]["error"] == 2
    assert report["baseline"] == {"known": 3, "stale": 0}


def test_what_is_gone_is_said(command, data):
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    data.write_bytes(good_data() + bad_line(100))
    result = command("check", "bad.jsonl", "--baseline", "known.txt")
    assert result.returncode == 0
    assert b"gone since the baseline was written: 2 findings" in result.stdout


def test_a_baseline_that_is_written_anew_is_read_anew(data, tmp_path):
    """A process that checks again goes by what stands in the file then."""
    path = tmp_path / "known.txt"
    entry = check(data, select=["MSG003"]).findings[0].fingerprint
    path.write_text(f'# jsonl-lint baseline 1: rule, fingerprint, count, file\nMSG003\t{entry}\t1\t"bad.jsonl"\n')
    assert check(data, select=["MSG003"], baseline=str(path)).counts.error == 1
    path.write_text("# jsonl-lint baseline 1: rule, fingerprint, count, file\n")
    assert check(data, select=["MSG003"], baseline=str(path)).counts.error == 2


def test_the_file_is_sorted_and_the_same_from_everywhere(command, data, tmp_path):
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    text = (tmp_path / "known.txt").read_text()
    header, *entries = text.splitlines()
    assert header.startswith("# jsonl-lint baseline 1")
    assert [entry.split("\t")[0] for entry in entries] == ["FIL005", "MSG003", "MSG003"]
    assert entries == sorted(entries)
    assert all(entry.endswith('\t1\t"bad.jsonl"') for entry in entries)
    command("check", data, "--write-baseline", tmp_path / "other.txt", cwd="/")
    assert (tmp_path / "other.txt").read_text() == text
    assert command("check", data, "--baseline", tmp_path / "known.txt", cwd="/").returncode == 0
    (tmp_path / "jsonl-lint.toml").write_text('baseline = "known.txt"\n')
    assert command("check", data, cwd="/").returncode == 0


def test_writing_again_holds_everything_that_is_there_now(command, data, tmp_path):
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    before = (tmp_path / "known.txt").read_text()
    command("check", "bad.jsonl", "--baseline", "known.txt", "--write-baseline", "known.txt")
    assert (tmp_path / "known.txt").read_text() == before


def test_findings_on_the_whole_file_are_known_too(command, data):
    data.write_bytes(data.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    assert command("check", "bad.jsonl", "--baseline", "known.txt").returncode == 0


def test_an_incomplete_run_writes_none(command, data, tmp_path):
    result = command("check", "bad.jsonl", "gone.jsonl", "--write-baseline", "known.txt")
    assert result.returncode == 2
    assert not (tmp_path / "known.txt").exists()


@pytest.mark.parametrize(
    "text", [None, "", "# something else\n", "# jsonl-lint baseline 1: rule, fingerprint, count, file\nMSG003\n"]
)
def test_a_baseline_that_is_none_is_exit_2(command, data, tmp_path, text):
    if text is not None:
        (tmp_path / "known.txt").write_text(text)
    result = command("check", "bad.jsonl", "--baseline", "known.txt")
    assert result.returncode == 2
    assert b"known.txt" in result.stderr
    assert b"Traceback" not in result.stderr


def test_ranges_merge_to_the_same(command, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    lines = [good_line(1), bad_line(100), bad_line(100), b"\n", bad_line(7), bad_line(101), b"\n", good_line(2)]
    plan = make_plan(Settings(baseline="known.txt"), "sft")
    whole = check_ranges(plan, [lines])
    assert whole.counts["MSG003"].values()
    for cut in range(1, len(lines)):
        parts = check_ranges(plan, [lines[:cut], lines[cut:]])
        assert parts.counts == whole.counts
        assert parts.findings == whole.findings


def check_ranges(plan, parts):
    """The settled result of ranges that are checked apart and merged."""
    from jsonl_lint.baseline import known_findings

    offset, partials = 0, []
    for lines in parts:
        part = Range(plan, "bad.jsonl", offset)
        part.feed(b"".join(lines))
        offset += sum(map(len, lines))
        partials.append(part.partial)
    first = partials[0]
    for partial in partials[1:]:
        first = merge(first, partial)
    finish(plan, "bad.jsonl", first)
    first.settle(known_findings("known.txt", "bad.jsonl"))
    return first


def test_the_library_takes_it_too(command, data, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command("check", "bad.jsonl", "--write-baseline", "known.txt")
    report = check("bad.jsonl", baseline="known.txt")
    assert report.ok
    assert report.baseline is not None
    assert report.baseline.known == 3
