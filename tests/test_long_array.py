"""Long arrays: a list of numbers, of which memory holds a bounded part."""

from __future__ import annotations

import errno
import io
import os
import pickle
import tempfile
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint import long_array
from jsonl_lint.errors import InputError
from jsonl_lint.long_array import LongArray
from samples import good_data

NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=6)


@pytest.fixture(autouse=True)
def _bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_array, "KEPT", 5)
    monkeypatch.setattr(long_array, "CHUNK", 2)


@given(st.lists(NUMBERS, max_size=8), st.integers(1, 9), st.data())
def test_it_is_a_list_of_numbers(parts: list[list[int]], size: int, data: st.DataObject) -> None:
    made, numbers = LongArray(), []
    for part in parts:
        data.draw(st.sampled_from([made.extend, lambda more: made.frombytes(array("Q", more).tobytes()), adder(made)]))(
            part
        )
        numbers += part
        made.settle()
        assert len(made.tail) <= (5 if made.file is None else 2)
    assert (list(made), len(made)) == (numbers, len(numbers))
    assert [list(chunk) for chunk in made.chunks(size)] == [
        numbers[start : start + size] for start in range(0, len(numbers), size)
    ]
    start, end = sorted(data.draw(st.tuples(st.integers(0, 50), st.integers(0, 50))))
    assert list(made.part(start, end)) == numbers[start:end]
    again = pickle.loads(pickle.dumps(made))
    assert again == made == LongArray(numbers)
    assert made != LongArray([*numbers, 1])
    assert not numbers or made != LongArray([*numbers[:-1], numbers[-1] ^ 1])


def adder(made: LongArray) -> Any:
    """What adds numbers one by one."""
    return lambda numbers: [made.append(number) for number in numbers]


@given(st.lists(st.integers(0, 9), max_size=30), st.sets(st.integers(0, 29)))
def test_some_are_replaced_in_a_copy(numbers: list[int], places: set[int]) -> None:
    made = LongArray(numbers)
    wanted = sorted(place for place in places if place < len(numbers))
    changed = made.replaced((place, 100 + place) for place in wanted)
    assert list(changed) == [100 + place if place in places else number for place, number in enumerate(numbers)]
    assert list(made) == numbers


def test_the_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = LongArray(range(100))
    made.settle()
    assert (made.stored, len(made.tail), os.listdir(tmp_path)) == (100, 0, [])


class _FullDisk(io.BytesIO):
    """A file on a disk that takes ten bytes and no more."""

    def write(self, data: Any) -> int:
        if self.tell() >= 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(bytes(data)[: 10 - self.tell()])


def test_a_full_disk_is_told_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: _FullDisk())
    made = LongArray(range(9))
    for _ in range(2):
        with pytest.raises(InputError, match="No space left on device; set TMPDIR to a folder with more room"):
            made.settle()
    assert list(made) == list(range(9))


def test_a_full_disk_makes_a_report_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: _FullDisk())
    report = jsonl_lint.check(good_data(20))
    assert len(report.input_errors) == 1
    assert "No space left on device" in report.input_errors[0]
    assert (report.complete, report.failures) == (False, [])
