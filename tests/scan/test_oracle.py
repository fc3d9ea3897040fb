"""The scan against slow twins: the standard library's parser, and the scan itself without its fast patterns."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from scan.texts import any_texts, json_texts, lenient_texts

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Path
from jsonl_lint.scan import scan, walk
from jsonl_lint.scan.scanner import is_json

HARD = ("syntax", "several-values", "too-deep")
DEEP = 10_000


class Pairs(list[tuple[str, Any]]):
    """An object with all its members, the repeated ones too."""


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Constant(str):
    """NaN, Infinity or -Infinity."""

    __slots__ = ()


def refuse(name: str) -> None:
    raise ValueError(name)


def is_json_to_the_standard_library(text: bytes) -> bool:
    """Whether `json` takes a text; as Latin-1, since bytes above 0x7F may stand in strings only, whatever they mean."""
    try:
        json.loads(text.decode("latin-1"), parse_constant=refuse, parse_int=str)
    except ValueError:
        return False
    return True


def soft_faults(text: bytes) -> list[tuple[str, Path]]:
    """Kind and path of the soft faults that stand in a text, by the way of its parsed value."""
    value = json.loads(
        text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Constant
    )  # fmt: skip
    return list(soft_faults_of(value, ()))


def soft_faults_of(value: Any, path: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(value, Constant):
        yield "non-finite", path
    elif isinstance(value, Number):
        if is_out_of_range(value):
            yield "number-range", path
    elif isinstance(value, Pairs):
        seen = set()
        for key, inner in value:
            if key in seen:
                yield "duplicate-key", (*path, key)
            seen.add(key)
            yield from lone_surrogates(key, (*path, key))
            yield from soft_faults_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from soft_faults_of(inner, (*path, index))
    elif isinstance(value, str):
        yield from lone_surrogates(value, path)


def is_out_of_range(number: str) -> bool:
    if re.search("[.eE]", number):
        return math.isinf(float(number))
    return not -(2**53) < int(number) < 2**53


def lone_surrogates(text: str, path: Path) -> Iterator[tuple[str, Path]]:
    for _ in re.findall("[\ud800-\udfff]", text):
        yield "lone-surrogate", path


def repaired(text: bytes, fault: Fault) -> bytes:
    for edit in reversed(fault.edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def stops(faults: tuple[Fault, ...]) -> list[Fault]:
    return [fault for fault in faults if fault.kind in HARD]


@given(any_texts | json_texts)
def test_json_is_what_the_standard_library_takes(text: bytes) -> None:
    assert is_json(scan(text, max_depth=DEEP)) == is_json_to_the_standard_library(text)


@given(any_texts | json_texts)
def test_json_without_faults_is_taken_by_orjson(text: bytes) -> None:
    """Not the other way round: orjson minds invalid UTF-8, and takes integers beyond 2^53 and duplicate keys."""
    if not scan(text) and text == text.decode("utf-8", "ignore").encode():
        orjson.loads(text)


@given(lenient_texts)
def test_soft_faults(text: bytes) -> None:
    assert [(fault.kind, fault.path) for fault in scan(text, max_depth=DEEP)] == soft_faults(text)


@given(lenient_texts)
def test_soft_spans(text: bytes) -> None:
    for fault in scan(text, max_depth=DEEP):
        piece = text[fault.start : fault.end]
        if fault.kind == "duplicate-key":
            assert json.loads(piece) == fault.path[-1]
        elif fault.kind == "number-range":
            assert is_out_of_range(piece.decode())
        elif fault.kind == "lone-surrogate":
            assert re.fullmatch(rb"\\u[dD][89a-fA-F]..", piece)
        else:
            assert piece in (b"NaN", b"Infinity", b"-Infinity")


@given(any_texts)
def test_faults_are_well_formed(text: bytes) -> None:
    faults = scan(text)
    assert [fault.start for fault in faults] == sorted(fault.start for fault in faults)
    assert stops(faults) == list(faults[-1:]) or not stops(faults)
    for fault in faults:
        assert 0 <= fault.start < fault.end <= len(text) or fault.start == fault.end == len(text)
        assert fault.message.isprintable()
        assert len(fault.message) < 140
        assert not fault.message.endswith(".")


@given(any_texts)
def test_a_repair_leads_on(text: bytes) -> None:
    for fault in stops(scan(text)):
        if fault.edits and fault.kind == "syntax":
            rest = stops(scan(repaired(text, fault)))
            assert not rest or rest[0].start > fault.start or rest[0].kind == "several-values"


@given(any_texts)
def test_values_on_one_line_are_parted_where_they_meet(text: bytes) -> None:
    for fault in stops(scan(text)):
        if fault.kind == "several-values":
            starts = [0, *(edit.end for edit in fault.edits)]
            ends = [*(edit.start for edit in fault.edits), fault.end]
            assert fault.start == starts[1]
            for start, end in zip(starts, ends, strict=True):
                assert not stops(scan(text[start:end]))
            assert all(re.fullmatch(rb"[ \t\n\r]*,?[ \t\n\r]*", text[edit.start : edit.end]) for edit in fault.edits)


@given(any_texts | lenient_texts)
def test_whole_members_are_read_like_single_tokens(text: bytes) -> None:
    fast = scan(text)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_FIRST_ELEMENT", "_NEXT_ELEMENT", "_FIRST_MEMBER", "_NEXT_MEMBER"):
            patch.setattr(walk, name, re.compile(rb"(?!)").match)
        assert scan(text) == fast
