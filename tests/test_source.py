"""Reading: blocks of whole lines, compression, and files that change under one's hands."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint import source
from jsonl_lint.errors import InputError
from jsonl_lint.source import LongLine, blocks, open_input, pieces, plain_name


@given(st.lists(st.binary(max_size=30)), st.integers(1, 20))
def test_blocks_are_whole_lines_and_lose_nothing(lines: list[bytes], size: int) -> None:
    data = b"\n".join(lines)
    found = list(blocks(io.BytesIO(data).read, "x", size))
    assert b"".join(found) == data
    assert all(block.endswith(b"\n") for block in found[:-1])
    assert all(found)


@given(st.lists(st.binary(max_size=30)), st.integers(1, 20), st.integers(1, 9))
def test_long_lines_come_by_themselves(lines: list[bytes], size: int, given_at_once: int) -> None:
    data = b"\n".join(lines)
    stream = io.BytesIO(data)
    found = []
    for piece in pieces(lambda wanted: stream.read(min(wanted, given_at_once)), "x", size):
        if isinstance(piece, LongLine):
            assert piece.end > size
            assert piece.is_ended == bytes(piece).endswith(b"\n")
            assert bytes(piece).count(b"\n", 0, -1) == 0
        found.append(bytes(piece))
    assert b"".join(found) == data
    assert all(block.endswith(b"\n") for block in found[:-1])


def test_a_line_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_LINE_BYTES", 1000)
    assert len(list(blocks(io.BytesIO(b"x" * 1000).read, "x", 10))) == 1
    with pytest.raises(InputError, match="longer than 1 GiB"):
        list(blocks(io.BytesIO(b"x" * 1001).read, "x", 10))


def test_only_a_line_feed_ends_a_line() -> None:
    data = "a\u2028b\u0085c\x0bd\x0ce\rf\n".encode()
    assert list(blocks(io.BytesIO(data + data).read, "x", len(data))) == [data, data]


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    with open_input(str(path)) as source:
        assert b"".join(blocks(source.read, "x")) == b"one\ntwo\n"


def test_damaged_gzip_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 100)[:-20])
    with open_input(str(path)) as source, pytest.raises(InputError, match="damaged or cut off"):
        list(blocks(source.read, "x"))


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl: No such file"), open_input(str(tmp_path / "gone.jsonl")):
        pass


@pytest.mark.parametrize("change", ["grow", "cut", "remove"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, change: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"line\n" * 10)
    with open_input(str(path)) as source:
        size = len(source.read(20))
        if change == "grow":
            path.write_bytes(b"line\n" * 11)
        elif change == "cut":
            path.write_bytes(b"line\n")
        else:
            path.unlink()
        with pytest.raises(InputError, match="while it was read"):
            source.verify_unchanged(size)


def test_plain_name_sets_compression_aside() -> None:
    assert plain_name("/data/train.jsonl.gz") == "train.jsonl"
    assert plain_name("train.jsonl") == "train.jsonl"
