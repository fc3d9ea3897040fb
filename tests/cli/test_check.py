"""`jsonl-lint check` as its users run it: exit codes, streams, options, bad input."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from samples import BOM, LINE, good_data, good_line

BAD = good_data() + good_line(100).replace(b'"assistant"', b'"gpt"')


def test_a_clean_file_is_exit_0(process, good_file):
    result = process("check", good_file)
    assert result.returncode == 0, result.stdout
    assert b"Ready to upload." in result.stdout
    assert result.stderr == b""


def test_findings_are_exit_1_and_on_stdout(process, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = process("check", "bad.jsonl")
    assert result.returncode == 1
    first = result.stdout.decode().splitlines()
    assert first[0].startswith("bad.jsonl:101:133: MSG003 [error] ")
    assert first[2].index("^") == first[1].index('"gpt"')
    assert first[2].count("^") == len('"gpt"')
    assert first[3].startswith("  = repair: ")
    assert result.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--severity", "MSG003=warning"], 0),
        (["--severity", "MSG003=warning", "--fail-on", "warning"], 1),
        (["--fail-on", "never"], 0),
        (["--ignore", "MSG"], 0),
        (["--select", "ROW,TRN"], 0),
        (["--select", "ROW", "--extend-select", "MSG003"], 1),
        (["--severity", "MSG003=off"], 0),
    ],
)
def test_selection_and_severity_decide(command, tmp_path, arguments, code):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = command("check", "bad.jsonl", *arguments)
    assert result.returncode == code, result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--selct", "MSG"], "--select"),
        (["--select", "MSG03"], "MSG003"),
        (["--ignore", "role-unkown"], "role-unknown"),
        (["--target", "azure-openia"], "azure-openai"),
        (["--format", "jsn"], "json"),
        (["--severity", "MSG003"], "CODE=LEVEL"),
        (["--severity", "MSG003=bad"], "error, warning, info, off"),
        (["--model", "gpt-4o-minni"], "gpt-4o-mini"),
        (["--method", "sfd"], "sft"),
    ],
)
def test_a_wrong_option_is_exit_2_and_names_the_nearest(command, good_file, arguments, says):
    result = command("check", good_file, *arguments)
    assert result.returncode == 2
    assert says in result.stderr.decode()
    assert result.stdout == b""


def test_an_unknown_command_names_the_nearest(command):
    result = command("chek")
    assert result.returncode == 2
    assert b"did you mean check?" in result.stderr


def test_a_missing_file_is_exit_2_and_the_others_are_checked(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = command("check", "gone.jsonl", "bad.jsonl")
    assert result.returncode == 2
    assert b"gone.jsonl: no such file" in result.stderr
    assert b"MSG003" in result.stdout
    assert b"Incomplete" in result.stdout


def test_a_folder_a_glob_and_stdin(command, tmp_path):
    folder = tmp_path / "data" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(good_data())
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(good_data()))
    (folder / "notes.txt").write_bytes(b"no data")
    report = json.loads(command("check", "data", "--format", "json").stdout)
    assert [file["path"] for file in report["files"]] == ["data/deep/a.jsonl", "data/deep/b.jsonl.gz"]
    assert command("check", "data/**/*.jsonl").returncode == 0
    result = command("check", "-", input=BAD)
    assert result.returncode == 1
    assert result.stdout.startswith(b"-:101:133: MSG003")


def test_an_empty_folder_and_a_glob_without_a_match(command, tmp_path):
    (tmp_path / "empty").mkdir()
    assert b"no file in this folder" in command("check", "empty").stderr
    result = command("check", "*.jsonl")
    assert result.returncode == 2
    assert b"matches no file" in result.stderr


def test_json_has_the_places(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    report = json.loads(command("check", "bad.jsonl", "--format", "json").stdout)
    (finding,) = report["findings"]
    start = finding["offset"]
    assert BAD[start : start + 5] == b'"gpt"'
    assert (finding["line"], finding["column"], finding["pointer"]) == (101, 133, "/messages/2/role")
    assert report["ok"] is False
    assert report["complete"] is True
    assert report["counts"]["by_code"] == {"MSG003": 1}
    assert report["files"][0] == {
        "path": "bad.jsonl", "role": "training", "method": "sft", "bytes": len(BAD), "lines": 101, "examples": 101,
        "target": "azure-openai", "tokens": 3536,
    }  # fmt: skip


def test_columns_are_characters_and_offsets_bytes(command, tmp_path):
    line = good_line(1).decode().replace("What", "naïve 日本 🎉").replace("assistant", "bot")
    (tmp_path / "bad.jsonl").write_bytes(good_data() + line.encode())
    (finding,) = json.loads(command("check", "bad.jsonl", "--format", "json").stdout)["findings"]
    assert finding["column"] == line.index('"bot"') + 1
    assert finding["offset"] == len(good_data()) + len(line[: line.index('"bot"')].encode())


def test_max_findings_lists_some_and_counts_all(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(good_data() + b"\n" * 50)
    result = command("check", "bad.jsonl", "--max-findings", "2", "--statistics")
    assert result.stdout.count(b"FIL005 [error]") == 2
    assert b"48 more findings of FIL005" in result.stdout
    assert b"50  FIL005  blank-line" in result.stdout


def test_quiet_and_concise(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = command("check", "bad.jsonl", "-q", "--format", "concise")
    assert result.stdout.count(b"\n") == 1


def test_output_is_whole_or_untouched(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = command("check", "bad.jsonl", "--format", "json", "--output", "report.json")
    assert result.returncode == 1
    assert result.stdout == b""
    assert json.loads((tmp_path / "report.json").read_text())["ok"] is False
    assert command("check", "bad.jsonl", "--output", "no/such/folder.txt").returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.jsonl", "report.json"]


@pytest.mark.linux
def test_a_full_disk_is_exit_2(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "jsonl_lint", "check", "bad.jsonl"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    assert process.returncode == 2
    assert b"No space left" in process.stderr
    assert b"Traceback" not in process.stderr


def test_a_pipe_closed_early_is_no_error(tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BOM + b"\n" * 3000)
    process = subprocess.Popen(
        [sys.executable, "-m", "jsonl_lint", "check", "bad.jsonl", "--max-findings", "3000"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline().startswith(b"bad.jsonl:1")
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == 1
    assert stderr == b""


def test_ctrl_c_is_130(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "jsonl_lint", "check", "pipe"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = os.open(pipe, os.O_WRONLY)
    os.write(writer, good_line(1))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    os.close(writer)
    assert process.returncode == 130
    assert b"interrupted" in stderr
    assert b"Traceback" not in stderr


def test_a_directory_without_permission_and_a_device(command, tmp_path):
    result = command("check", "/dev/null")
    assert result.returncode == 1
    assert b"FIL003" in result.stdout


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\x00" * 1000,
        b'"' * 100_000,
        b"\\" * 100_000,
        b'{"messages": [' + b'{"role": "user", "content": "x"},' * 20_000,
        bytes(range(256)) * 100,
        b'{"messages": [{"role": "user", "content": "' + b"x" * 3_000_000,
    ],
    ids=["brackets", "objects", "nul", "quotes", "backslashes", "cut-off", "all-bytes", "long"],
)
def test_bad_bytes_end_in_findings(command, tmp_path, line):
    (tmp_path / "bad.jsonl").write_bytes(good_data() + line + b"\n")
    result = command("check", "bad.jsonl")
    assert result.returncode == 1, result.stderr
    assert b"Traceback" not in result.stderr
    assert b"bad.jsonl:101:" in result.stdout


def test_control_characters_of_the_data_do_not_reach_the_terminal(command, tmp_path):
    line = '{"messages": [{"role": "\x1b[31m\u202e", "content": "x"}]}\n'.encode()
    (tmp_path / "bad.jsonl").write_bytes(good_data() + line)
    result = command("check", "bad.jsonl")
    assert b"\x1b" not in result.stdout
    assert "\u202e".encode() not in result.stdout


def test_an_ascii_terminal_shows_everything(process, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(good_data() + LINE.replace(b"assistant", "助手".encode()))
    result = process("check", "bad.jsonl", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert result.returncode == 1
    assert b"\\u52a9" in result.stdout


def test_colour_only_on_a_terminal(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    assert b"\x1b" not in command("check", "bad.jsonl").stdout


def test_rules_and_targets_and_schema(command):
    listed = command("rules").stdout.decode()
    assert "MSG003  role-unknown" in listed
    page = command("rules", "wgt001").stdout.decode()
    assert "How to repair" in page
    assert command("rules", "WGT01").returncode == 2
    assert b"azure-openai" in command("targets").stdout
    facts = command("targets", "azure-openai").stdout
    assert b'bom = "required"' in facts
    assert b"2026-02-17" in facts
    assert json.loads(command("schema", "azure-openai-sft").stdout)["title"]
    assert command("schema", "reprt").returncode == 2


def test_help_teaches(command):
    result = command("check", "--help")
    assert result.returncode == 0
    assert b"Exit codes" in result.stdout
    assert b"--fail-on" in result.stdout
