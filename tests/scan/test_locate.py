"""Where values stand, against a walk over the parsed value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scan.texts import any_texts, lenient_texts

from jsonl_lint.fault import Span
from jsonl_lint.finding import Path
from jsonl_lint.scan import locate


def paths_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All paths into a value, with what stands there."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


class Pairs(dict[str, Any]):
    """An object whose overwritten members are kept aside."""

    overwritten: list[tuple[str, Any]]


def pairs(members: list[tuple[str, Any]]) -> Pairs:
    result = Pairs(members)
    result.overwritten = members
    return result


def all_paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """All paths that a text names, those of overwritten members too."""
    yield path
    if isinstance(value, Pairs):
        for key, inner in value.overwritten:
            yield from all_paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from all_paths(inner, (*path, index))


@given(lenient_texts)
def test_spans_hold_the_values(text: bytes) -> None:
    expected = dict(paths_of(json.loads(text)))
    wanted = set(all_paths(json.loads(text, object_pairs_hook=pairs)))
    spans = locate(text, wanted)
    assert spans.keys() == expected.keys()
    for path, span in spans.items():
        assert repr(json.loads(text[span.start : span.end])) == repr(expected[path])
        if path and isinstance(path[-1], str):
            assert json.loads(text[span.key_start : span.key_end]) == path[-1]
        else:
            assert (span.key_start, span.key_end) == (-1, -1)


@given(lenient_texts, st.data())
def test_each_path_is_found_without_the_others(text: bytes, data: st.DataObject) -> None:
    wanted = sorted(set(all_paths(json.loads(text, object_pairs_hook=pairs))), key=repr)
    some = data.draw(st.lists(st.sampled_from(wanted), unique=True))
    together = locate(text, wanted)
    assert locate(text, some) == {path: together[path] for path in some if path in together}


@given(
    st.text(alphabet="ab", max_size=8).map(lambda names: {str(i): [name] for i, name in enumerate(names)}), st.data()
)
def test_what_ends_before_a_cut_is_found(value: dict[str, list[str]], data: st.DataObject) -> None:
    text = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(text)))
    paths = [path for path, _ in paths_of(value)]
    assert locate(text[:cut], paths) == {
        path: span for path, span in locate(text, paths).items() if span.end <= cut
    }  # fmt: skip


@given(any_texts)
def test_any_bytes_will_do(text: bytes) -> None:
    for span in locate(text, [(), (0,), ("a",), ("a", "a"), (0, 0), ("b", 1), (1, "a")]).values():
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (b" [1] ", (), Span(1, 4)),
        (b'{"a": {"b" : [1, "x"]}}', ("a", "b", 1), Span(17, 20)),
        (b'{"a": {"b" : [1, "x"]}}', ("a", "b"), Span(13, 21, 7, 10)),
        (rb'{"\u0061":1}', ("a",), Span(10, 11, 1, 9)),
        ('{"é":1}'.encode(), ("é",), Span(6, 7, 1, 5)),
        (rb'{"\ud800":1}', ("\ud800",), Span(10, 11, 1, 9)),
        (b'{"a":1,"a":{"b":2}}', ("a", "b"), Span(16, 17, 12, 15)),
        (b'{"a":{"b":2},"a":1}', ("a", "b"), None),
        (b'{"a":[{"b":1}],"a":[{}]}', ("a", 0, "b"), None),
        (b'{"0":1}', (0,), None),
        (b"[1]", ("0",), None),
        (b"[1]", (1,), None),
        (b"[1]", (-1,), None),
        (b'{"x":"]}","y":{"z":"{\\""},"a":1}', ("a",), Span(30, 31, 26, 29)),
        (b'{"a":1,"b":[2', ("a",), Span(5, 6, 1, 4)),
        (b'{"a":1,"b":[2', ("b",), None),
        (b'{"a":1 "b":2}', ("b",), None),
        (b"[1,]", (1,), None),
        (b"[1}", (), Span(0, 3)),
        (b"", (), None),
    ],
)
def test_locate(text: bytes, path: Path, expected: Span | None) -> None:
    assert locate(text, [path]).get(path) == expected


def test_nothing_wanted_nothing_found() -> None:
    assert locate(b"[1]", []) == {}
