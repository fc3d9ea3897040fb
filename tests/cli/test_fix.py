"""`jsonl-lint fix` as its users run it: in place, elsewhere, as a filter, as a preview."""

from __future__ import annotations

import gzip
import subprocess

import pytest

from samples import BOM, LINE, good_data, good_line

BAD_LINE = good_line(101).replace(b'"assistant"', b'"gpt"')
BAD = good_data() + BAD_LINE
FIXED = good_data() + good_line(101)


@pytest.fixture
def bad_file(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(BAD)
    return path


def test_in_place(command, bad_file):
    result = command("fix", "bad.jsonl")
    assert result.returncode == 0, result.stdout
    assert result.stderr == b"bad.jsonl: fixed 1 (MSG003 1)\n"
    assert b"Ready to upload." in result.stdout
    assert bad_file.read_bytes() == FIXED
    assert command("fix", "bad.jsonl").stderr == b"bad.jsonl: nothing to fix\n"


def test_what_is_left_is_reported_and_exit_1(command, bad_file):
    bad_file.write_bytes(BAD + b"{\n")
    result = command("fix", "bad.jsonl", "--format", "concise", "-q")
    assert result.returncode == 1
    assert result.stdout.startswith(b"bad.jsonl:102:2: JSN001 [error] ")
    assert result.stdout.count(b"\n") == 1
    assert bad_file.read_bytes() == FIXED + b"{\n"


def test_output_and_backup(command, bad_file, tmp_path):
    assert command("fix", "bad.jsonl", "-o", "good.jsonl.gz").returncode == 0
    assert gzip.decompress((tmp_path / "good.jsonl.gz").read_bytes()) == FIXED
    assert bad_file.read_bytes() == BAD
    assert command("fix", "bad.jsonl", "--backup").returncode == 0
    assert (tmp_path / "bad.jsonl.bak").read_bytes() == BAD


def test_a_filter(command):
    result = command("fix", "-", input=BAD + b"{\n")
    assert result.returncode == 1
    assert result.stdout == FIXED + b"{\n"
    assert b"JSN001" in result.stderr
    packed = command("fix", "-", input=gzip.compress(BAD))
    assert gzip.decompress(packed.stdout) == FIXED
    assert packed.returncode == 0


def test_a_file_to_standard_output(command, bad_file):
    result = command("fix", "bad.jsonl", "-o", "-")
    assert (result.returncode, result.stdout) == (0, FIXED)
    assert bad_file.read_bytes() == BAD


def test_several_files_each_on_its_own(command, bad_file, tmp_path):
    (tmp_path / "other.jsonl").write_bytes(BAD)
    result = command("fix", "gone.jsonl", "bad.jsonl", "other.jsonl")
    assert result.returncode == 2
    assert b"gone.jsonl: no such file" in result.stderr
    assert bad_file.read_bytes() == (tmp_path / "other.jsonl").read_bytes() == FIXED
    result = command("fix", "bad.jsonl", "other.jsonl", "-o", "one.jsonl")
    assert result.returncode == 2
    assert b"2 files can't go into one" in result.stderr


def test_selection(command, bad_file):
    assert command("fix", "bad.jsonl", "--ignore", "MSG003").stderr == b"bad.jsonl: nothing to fix\n"
    assert command("fix", "bad.jsonl", "--select", "FIL").stderr == b"bad.jsonl: nothing to fix\n"
    assert command("fix", "bad.jsonl", "--select", "MSG03").returncode == 2
    assert bad_file.read_bytes() == BAD


def test_unsafe(command, bad_file):
    data = good_data() + good_line(101).replace(b'"assistant"', b'"assistant", "id": 1')
    bad_file.write_bytes(data)
    assert command("fix", "bad.jsonl").returncode == 1
    assert bad_file.read_bytes() == data
    assert command("fix", "bad.jsonl", "--unsafe").returncode == 0
    assert bad_file.read_bytes() == FIXED


def test_a_preview_writes_nothing(command, bad_file):
    result = command("fix", "bad.jsonl", "--diff")
    assert result.returncode == 1
    assert result.stderr == b"bad.jsonl: would fix 1 (MSG003 1)\n"
    assert bad_file.read_bytes() == BAD
    lines = result.stdout.split(b"\n")
    assert lines[:3] == [b"--- bad.jsonl", b"+++ bad.jsonl", b"@@ -98,4 +98,4 @@"]
    assert lines[6:8] == [b"-" + BAD_LINE.strip(), b"+" + good_line(101).strip()]
    bad_file.write_bytes(FIXED)
    clean = command("fix", "bad.jsonl", "--diff")
    assert (clean.returncode, clean.stdout) == (0, b"")


@pytest.mark.parametrize("seed", range(12))
def test_a_preview_can_be_applied(seed, command, tmp_path):
    from random import Random

    lines = [good_line(7), good_line(8), good_line(9), LINE.replace(b"user", b"human"), b"\n", LINE[:-1] + LINE,
             LINE.replace(b"\n", b"\r\n")]  # fmt: skip
    data = b"".join(Random(seed).choices(lines, [6, 6, 6, 1, 1, 1, 1], k=60))
    data = Random(seed).choice([BOM, b""]) + (data if seed % 2 else data.rstrip(b"\r\n"))
    (tmp_path / "bad.jsonl").write_bytes(data)
    diff = command("fix", "bad.jsonl", "--diff").stdout
    assert (tmp_path / "bad.jsonl").read_bytes() == data
    patched = tmp_path / "patched"
    patched.mkdir()
    (patched / "bad.jsonl").write_bytes(data)
    if diff:
        subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn"], cwd=patched, input=diff, check=True)
    command("fix", "bad.jsonl")
    assert (patched / "bad.jsonl").read_bytes() == (tmp_path / "bad.jsonl").read_bytes()


def test_a_preview_of_a_conversion_says_so(command, bad_file):
    bad_file.write_bytes(LINE.decode().encode("utf-16"))
    result = command("fix", "bad.jsonl", "--diff")
    assert result.returncode == 1
    shown = b"--- bad.jsonl\n+++ bad.jsonl\n@@ -1,1 +1,1 @@\n-" + LINE + b"+" + BOM + LINE
    assert result.stdout == shown + b"bad.jsonl: the whole file is rewritten: ENC004 (other-encoding)\n"


@pytest.mark.parametrize(
    "data",
    [
        b"[" + LINE.strip() + b"," + good_line(3).strip() + b"," + LINE.strip() + b"]",
        b"[\n" + LINE.strip() + b",\n" + good_line(3) + b"]\n",
        (LINE + good_line(3) + LINE).replace(b"\n", b"\r"),
        b"\n" + BOM + b"[" + LINE + b", " + LINE.replace(b"user", b"human") + b"]",
    ],
)
def test_a_preview_of_a_whole_file_can_be_applied(data, command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(data)
    diff = command("fix", "bad.jsonl", "--diff").stdout
    patched = tmp_path / "patched"
    patched.mkdir()
    (patched / "bad.jsonl").write_bytes(data)
    subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn"], cwd=patched, input=diff, check=True)
    command("fix", "bad.jsonl")
    assert (patched / "bad.jsonl").read_bytes() == (tmp_path / "bad.jsonl").read_bytes() != data


def test_a_preview_of_standard_input(command):
    result = command("fix", "-", "--diff", input=BAD)
    assert result.returncode == 1
    assert b"+" + good_line(101) in result.stdout


def test_what_can_not_be_taken_apart_is_exit_2(command, bad_file):
    bad_file.write_bytes(b'[\n{"a": 1},\n')
    result = command("fix", "bad.jsonl")
    assert result.returncode == 2
    assert b"can't be taken apart into lines (the text is cut off" in result.stderr
    assert bad_file.read_bytes() == b'[\n{"a": 1},\n'


def test_help(command):
    result = command("fix", "--help")
    assert result.returncode == 0
    assert b"--unsafe" in result.stdout
    assert b"Exit codes" in result.stdout


@pytest.mark.parametrize(
    ("options", "said", "listed"),
    [
        ([], b": MSG003 [error]", 100),
        (["--max-findings", "120"], b": MSG003 [error]", 120),
        (["--format", "sarif"], b'"ruleId":"MSG003"', 150),
    ],
)
def test_as_many_findings_are_listed_as_by_check(command, tmp_path, options, said, listed):
    (tmp_path / "bad.jsonl").write_bytes(BOM + LINE.replace(b'"assistant"', b'"wizard"') * 150)
    result = command("fix", "bad.jsonl", "--select", "MSG003", *options)
    assert result.returncode == 1
    assert result.stdout.count(said) == listed
