"""Nothing is lost: whatever happens to a repair, the file is the old one or the new one, whole."""

from __future__ import annotations

import gzip
import io
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import zstandard

import jsonl_lint
from jsonl_lint.registry import all_rules
from jsonl_lint.repair.fixer import Fixer
from samples import BOM, good_data, good_line

BAD_LINE = good_line(1).replace(b'"assistant"', b'"gpt"')
BAD = good_data() + BAD_LINE
FIXED = good_data() + good_line(1)
OPTIONS = {"ignore": ["DST"]}


@pytest.fixture
def bad_file(tmp_path: Path) -> Path:
    """A file with one line to repair."""
    path = tmp_path / "bad.jsonl"
    path.write_bytes(BAD)
    return path


def names(folder: Path) -> list[str]:
    """Everything that stands in a folder."""
    return sorted(os.listdir(folder))


def test_mode_bits_and_the_name_alone_stay(bad_file: Path) -> None:
    bad_file.chmod(0o604)
    jsonl_lint.fix(bad_file, **OPTIONS)
    assert bad_file.read_bytes() == FIXED
    assert stat.S_IMODE(bad_file.stat().st_mode) == 0o604
    assert names(bad_file.parent) == ["bad.jsonl"]


def test_the_target_of_a_link_is_replaced(bad_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.jsonl"
    link.symlink_to("../bad.jsonl")
    jsonl_lint.fix(link, **OPTIONS)
    assert link.is_symlink()
    assert bad_file.read_bytes() == FIXED
    assert names(folder) == ["link.jsonl"]


def test_the_owner_stays(bad_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only root may give files away; of anybody else it is seen that they ask the system to."""
    if os.geteuid() == 0:
        os.chown(bad_file, 1234, 2345)
    before, chown = bad_file.stat(), os.chown
    asked = []

    def note(path: str, user: int, group: int) -> None:
        asked.append((user, group))
        chown(path, user, group)

    monkeypatch.setattr(os, "chown", note)
    jsonl_lint.fix(bad_file, **OPTIONS)
    assert asked == [(-1, before.st_gid), (before.st_uid, -1)]
    assert (bad_file.stat().st_uid, bad_file.stat().st_gid) == (before.st_uid, before.st_gid)


def test_a_clean_file_is_not_touched(good_file: Path) -> None:
    before = good_file.stat()
    assert not jsonl_lint.fix(good_file).changed
    assert good_file.stat() == before


def test_backups_are_kept_and_never_overwritten(bad_file: Path) -> None:
    jsonl_lint.fix(bad_file, backup=True, **OPTIONS)
    bad_file.write_bytes(BOM + BAD_LINE)
    jsonl_lint.fix(bad_file, backup=True, **OPTIONS)
    assert names(bad_file.parent) == ["bad.jsonl", "bad.jsonl.bak", "bad.jsonl.bak2"]
    assert bad_file.with_name("bad.jsonl.bak").read_bytes() == BAD
    assert bad_file.with_name("bad.jsonl.bak2").read_bytes() == BOM + BAD_LINE
    assert bad_file.read_bytes() == BOM + good_line(1)


def test_a_backup_without_hard_links(bad_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    jsonl_lint.fix(bad_file, backup=True, **OPTIONS)
    assert bad_file.with_name("bad.jsonl.bak").read_bytes() == BAD
    assert bad_file.read_bytes() == FIXED


def test_gzip_stays_gzip(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(gzip.compress(BAD))
    jsonl_lint.fix(path, **OPTIONS)
    assert gzip.decompress(path.read_bytes()) == FIXED


def test_zstd_stays_zstd(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl.zst"
    path.write_bytes(zstandard.compress(BAD))
    jsonl_lint.fix(path, **OPTIONS)
    assert zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read() == FIXED


def test_a_cut_off_gzip_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(gzip.compress(BAD)[:-20])
    before = path.read_bytes()
    with pytest.raises(jsonl_lint.InputError, match="damaged or cut off"):
        jsonl_lint.fix(path, **OPTIONS)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["bad.jsonl.gz"]


@contextmanager
def after_repair(monkeypatch: pytest.MonkeyPatch, happens: object) -> Iterator[None]:
    """Let something happen when a file has been repaired in its spool, and has not yet been put in its place."""
    repair = Fixer.repair

    def repaired(*arguments: object) -> object:
        done = repair(*arguments)  # type: ignore[arg-type]
        happens()  # type: ignore[operator]
        return done

    with monkeypatch.context() as patched:
        patched.setattr(Fixer, "repair", repaired)
        yield


def test_a_file_that_grew_is_not_overwritten(bad_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def grow() -> None:
        with open(bad_file, "ab") as file:
            file.write(good_line(7))

    with after_repair(monkeypatch, grow), pytest.raises(jsonl_lint.InputError, match="changed while it was read"):
        jsonl_lint.fix(bad_file, **OPTIONS)
    assert bad_file.read_bytes() == BAD + good_line(7)
    assert names(bad_file.parent) == ["bad.jsonl"]


def test_a_file_that_was_replaced_is_not_overwritten(bad_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = bad_file.with_name("other")

    def replace() -> None:
        other.write_bytes(BAD)
        os.link(bad_file, bad_file.with_name("kept"))
        os.replace(other, bad_file)

    with after_repair(monkeypatch, replace), pytest.raises(jsonl_lint.InputError, match="changed while it was read"):
        jsonl_lint.fix(bad_file, **OPTIONS)
    assert names(bad_file.parent) == ["bad.jsonl", "kept"]


def test_a_changed_file_is_exit_2_and_the_others_are_repaired(
    bad_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from jsonl_lint.cli import main

    other = bad_file.with_name("other.jsonl")
    other.write_bytes(BAD)

    def touch() -> None:
        os.utime(bad_file, ns=(1, 1))

    with after_repair(monkeypatch, touch):
        assert main(["fix", str(bad_file), str(other), "--ignore", "DST"]) == 2
    assert bad_file.read_bytes() == BAD
    assert other.read_bytes() == FIXED
    errors = capfd.readouterr().err
    assert "bad.jsonl: changed while it was read" in errors
    assert "bad.jsonl: fixed" not in errors
    assert "other.jsonl: fixed 1 (MSG003 1)" in errors


@pytest.mark.parametrize("code", ["MSG003", "TRN001", "DST002"])
def test_a_rule_that_raises_is_exit_3(code: str, bad_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from jsonl_lint.cli import main

    rule = all_rules()[code]
    check = rule.check

    def broken(*_: object) -> Iterator[object]:
        raise ZeroDivisionError("a bug")

    msgspec.structs.force_setattr(rule, "check", broken)
    try:
        assert main(["fix", str(bad_file)]) == 3
    finally:
        msgspec.structs.force_setattr(rule, "check", check)
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert bad_file.read_bytes() == BAD
    assert names(bad_file.parent) == ["bad.jsonl"]


def test_ctrl_c_in_the_middle_leaves_nothing_behind(bad_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        jsonl_lint.fix(bad_file, **OPTIONS)
    assert bad_file.read_bytes() == BAD
    assert names(bad_file.parent) == ["bad.jsonl"]


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    bad_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: order.append(f"flush {os.fstat(descriptor).st_size}"))
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda *paths: (order.append("replace"), replace(*paths)))
    jsonl_lint.fix(bad_file, **OPTIONS)
    assert order[:2] == [f"flush {len(FIXED)}", "replace"]


def run_fix(path: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """`jsonl-lint fix` as a process of its own."""
    # Without -B the interpreter writes its own files into the limit too, and leaves them short.
    command = [sys.executable, "-B", "-m", "jsonl_lint", "fix", str(path), *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload]


@pytest.mark.parametrize("room", [0, 1000, len(FIXED) - 1])
def test_a_full_disk_is_exit_2_and_the_file_is_as_it_was(bad_file: Path, room: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    # Without a limit on what is written to standard error and output, which are pipes.
    done = run_fix(bad_file, preexec_fn=limit)
    assert done.returncode == 2, done.stderr
    assert b"bad.jsonl: can't be written (File too large); it is as it was" in done.stderr
    assert b"fixed" not in done.stderr
    assert bad_file.read_bytes() == BAD
    assert names(bad_file.parent) == ["bad.jsonl"]


@pytest.mark.linux
def test_a_full_device_is_exit_2(bad_file: Path) -> None:
    done = run_fix(bad_file, "-o", "/dev/full")
    assert done.returncode == 2
    assert b"/dev/full: can't be written (No space left on device)" in done.stderr
    assert bad_file.read_bytes() == BAD


def test_a_read_only_folder_is_said(bad_file: Path) -> None:
    jsonl_lint.fix(BAD, io.BytesIO(), **OPTIONS)  # loads what is needed, while all may be read
    bad_file.chmod(0o644)
    bad_file.parent.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        # Root may write everywhere; somebody else may not.
        open_the_way(bad_file.parent)
        os.seteuid(65534)
    try:
        with pytest.raises(jsonl_lint.OutputError, match=r"bad\.jsonl: can't be written \(Permission denied\)"):
            jsonl_lint.fix(bad_file, **OPTIONS)
    finally:
        os.seteuid(user)
        bad_file.parent.chmod(0o755)
    assert bad_file.read_bytes() == BAD
    assert names(bad_file.parent) == ["bad.jsonl"]


def open_the_way(folder: Path) -> None:
    """Let everybody pass through the folders that pytest made for us alone."""
    for parent in list(folder.parents)[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)


LARGE = BOM + b"".join(BAD_LINE + good_line(number) for number in range(1500))
LARGE_FIXED = LARGE.replace(b'"gpt"', b'"assistant"')


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_process_that_is_stopped_at_any_moment_leaves_a_whole_file(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    seen = set()
    moments = random.Random(7)
    for attempt in range(6):
        path.write_bytes(LARGE)
        process = subprocess.Popen(
            [sys.executable, "-m", "jsonl_lint", "fix", str(path), "--ignore", "DST"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moments.uniform(0, 0.9) if attempt else 0)
        process.send_signal(number)
        process.wait(60)
        after = path.read_bytes()
        assert after in (LARGE, LARGE_FIXED), f"{len(after)} bytes of {len(LARGE)}"
        seen.add(after == LARGE)
        left = [name for name in names(tmp_path) if name != "large.jsonl"]
        assert not left or number == signal.SIGKILL
        for name in left:
            (tmp_path / name).unlink()
    assert True in seen
