"""The dataset as a whole: by value, proven, the same for any cut, in bounded memory, for any kind of input."""

from __future__ import annotations

import importlib.util
import io
import json
import pickle
import random
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint import again, dataset, long_array, overflow, prints, repeats
from jsonl_lint.again import Kept, lines_at, path_again
from jsonl_lint.canonical import canonical
from jsonl_lint.config import Settings
from jsonl_lint.dataset import FileData, WholeDataset
from jsonl_lint.engine import Range
from jsonl_lint.errors import InputError
from jsonl_lint.finishing import finish
from jsonl_lint.formats import line_type
from jsonl_lint.long_array import LongArray
from jsonl_lint.partial import merge
from jsonl_lint.plan import make_plan
from jsonl_lint.prints import Prints
from jsonl_lint.rule import FileSummary
from jsonl_lint.run import Run
from samples import BOM, ROOT, good_data, good_line

PLAN = make_plan(Settings(), "sft")


def dataset_findings(report: jsonl_lint.Report) -> list[tuple[str, int | None, str]]:
    """Code, line and message of the findings on the dataset."""
    return [(f.code, f.line, f.message) for f in report.findings if f.code.startswith("DST")]


def chat(*texts: str) -> dict[str, Any]:
    """A row whose messages take turns, with a system message first if their number is odd."""
    roles = ["system"] * (len(texts) % 2) + ["user", "assistant"] * (len(texts) // 2)
    return {"messages": [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]}


def test_spellings_of_a_value_are_one():
    one = json.loads('{"a": 1, "b": [1.5, "é", null, true], "c": {"x": 2, "y": 10000000000000000000000}}')
    two = json.loads('{"c": {"y": 1e22, "x": 2.0}, "b": [15e-1, "\\u00e9", null, true], "a": 1E0}')
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1, True),
        (0, False),
        (1, "1"),
        ([], {}),
        (None, 0),
        ("a", "A"),
        ([1, 2], [2, 1]),
        ("\ud800", "í\xa0\x80"),
        (1.5, 1),
    ],
)
def test_different_values_stay_different(one, two):
    assert canonical(one) != canonical(two)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_written_and_read_again_is_the_same(value):
    reordered = json.loads(json.dumps(value, sort_keys=True, indent=1))
    assert canonical(value) == canonical(reordered)


TEXTS = st.text(min_size=1, max_size=5) | st.text(min_size=1, max_size=3).map(lambda text: text * 400)


@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_typed_rows_and_values_leave_the_same_prints(texts):
    value = chat(*texts)
    row = msgspec.convert(value, line_type(PLAN.facts, "sft"))
    typed, plain = Prints("sft"), Prints("sft")
    typed.add_row(1, row)
    plain.add_value(1, value, json.dumps(value).encode())
    assert (typed.examples, typed.prompts) == (plain.examples, plain.prompts)
    assert typed.systems == plain.systems


def test_typed_rows_of_calls_and_tools_leave_the_same_prints():
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "minimum": 1.0}}}
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "assistant", "tool_calls": [call]},
    ]
    value = {"messages": messages, "tools": [tool]}
    typed, plain = Prints("sft"), Prints("sft")
    typed.add_row(3, msgspec.convert(value, line_type(PLAN.facts, "sft")))
    plain.add_value(3, json.loads(json.dumps(value).replace("1.0", "1")), b"")
    assert (typed.examples, typed.prompts, typed.tools) == (plain.examples, plain.prompts, plain.tools)
    assert list(typed.lines_of([0])) == [3]


def test_duplicates_are_found_by_value_on_clean_and_on_doubtful_lines():
    rows = [good_line(0), good_line(1)]
    spelled = (
        json.dumps(json.loads(rows[0]), separators=(",", ":"), sort_keys=True).replace("What", "\\u0057hat").encode()
    )
    wrong = good_line(0).replace(b'"content": "It', b'"weight": 1.0, "content": "It')
    right = good_line(0).replace(b'"content": "It', b'"weight": 1, "content": "It')
    data = BOM + b"".join([*rows, b"\n", b"{\n", spelled, b"\n", wrong, right])
    assert dataset_findings(jsonl_lint.check(data, select=["DST003"])) == [
        ("DST003", 5, "the same example as on line 1"),
        ("DST003", 7, "the same example as on line 6"),
    ]


SPELLINGS = [
    b'{"messages": []}',
    b'{ "messages" : [ ] }',
    b'{"messages": [], "messages": []}',
    b'{"messages": [{"role": "user", "content": "a"}], "messages": []}',
    b'{"m\xe9ssages": 1}',
    b'{"m\xe8ssages": 1}',
    '{"m\ufffdssages": 1}'.encode(),
    b'{"messages": "\xe9"}',
    b'{"messages": 10000000000000000000000}',
    b'{"messages": 1.0}',
    b'{"messages": 1}',
    b'{"messages": 1, "x": "\\ud800"}',
    b'{"x": "\\uD800", "messages": 1}',
    b'{"x": "\\ud801", "messages": 1}',
    b'{"messages": 10000000000000000000001}',
    b'{"messages": 9007199254740993}',
    b'{"messages": 9007199254740992}',
    b'{"messages": NaN}',
]


@given(st.lists(st.sampled_from(SPELLINGS), min_size=2, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_lines_that_say_more_than_their_values_are_the_same_only_byte_by_byte(lines, ending):
    same = [{0, 1}, {8}, {9, 10}, {11, 12}]
    kinds = [next((min(kind) for kind in same if place in kind), place) for place in map(SPELLINGS.index, lines)]
    again = [(number, kinds.index(kind) + 1) for number, kind in enumerate(kinds, 1) if kinds.index(kind) + 1 < number]
    report = jsonl_lint.check(b"".join(line + ending.encode() for line in lines), method="sft", select=["DST003"])
    assert [found[1:] for found in dataset_findings(report)] == [
        (number, f"the same example as on line {first}") for number, first in again
    ]


def test_what_cannot_be_read_or_asks_nothing_has_no_prompt_in_common_with_another_file(tmp_path):
    train, valid = tmp_path / "train.jsonl", tmp_path / "valid.jsonl"
    row = b'{"messages": [{"role": "user", "content": "caf%c"}, {"role": "assistant", "content": "Yes."}]}\n'
    alone = b'{"messages": [{"role": "assistant", "content": "%c"}]}\n'
    asked = b'{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "%c"}]}\n'
    train.write_bytes(row % 0xE9 + row % 0xE8 + alone % b"a" + alone % b"b" + asked % b"a" + asked % b"b")
    valid.write_bytes(row % 0xE9 + row % 0xE7 + alone % b"b" + alone % b"c" + asked % b"b" + asked % b"c")
    report = jsonl_lint.check(str(train), validation=[str(valid)], select=["DST006"])
    assert dataset_findings(report) == [
        ("DST006", 1, f'stands in "{valid}" too, on line 1'),
        ("DST006", 4, f'stands in "{valid}" too, on line 3'),
        ("DST006", 6, f'stands in "{valid}" too, on line 5'),
    ]


def test_a_collision_of_prints_makes_no_finding(monkeypatch):
    monkeypatch.setattr(prints, "xxh", lambda data, seed=0: 7)
    data = good_data(20) + good_line(3)
    report = jsonl_lint.check(data, select=["DST003", "DST005", "DST006"])
    assert dataset_findings(report) == [("DST003", 21, "the same example as on line 4")]


def test_fix_removes_the_later_line():
    out = io.BytesIO()
    jsonl_lint.fix(good_data(3) + good_line(0), out, select=["DST003"])
    assert out.getvalue() == good_data(3)


def check_in_ranges(data: bytes, cuts: list[int]) -> object:
    """The report of a file that is cut into ranges of lines, each checked by itself and carried over as bytes."""
    lines = data.splitlines(keepends=True)
    left = None
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        part = Range(PLAN, "x", len(b"".join(lines[:start])))
        part.feed(b"".join(lines[start:end]))
        carried = pickle.loads(pickle.dumps(part.partial))
        left = carried if left is None else merge(left, carried)
    finish(PLAN, "x", left, Kept().reopen if not data else lambda: _Reading(data))
    return (left.findings, left.counts, left.unchecked)


class _Reading:
    """A file's bytes, opened again."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __enter__(self):
        return io.BytesIO(self.data).read

    def __exit__(self, *error: object) -> None:
        """Nothing to close."""


def tool_line(number: int) -> bytes:
    """A line that declares a tool in one of several ways."""
    function = {"name": f"f{number % 2}", "parameters": {"type": "object", "properties": {"a": {"const": number % 3}}}}
    tools = [{"type": "function", "function": function}]
    return json.dumps({**json.loads(good_line(number)), "tools": tools}).encode() + b"\n"


LINES = st.sampled_from(
    [
        good_line(1),
        good_line(2),
        good_line(2).replace(b"It is", b"That is"),
        good_line(1).replace(b"Answer the", b"answer  the"),
        good_line(3).replace(b"Answer the", b"Do not answer the"),
        tool_line(1),
        tool_line(3),
        tool_line(2),
        b"\n",
        b"{\n",
        b'{"messages": []}\n',
    ]
)


@settings(max_examples=80)
@given(st.lists(LINES, min_size=1, max_size=12), st.data())
def test_any_cut_gives_the_same_findings(lines, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(lines) - 1))) if len(lines) > 1 else [])
    whole = b"".join(lines)
    assert check_in_ranges(whole, cuts) == check_in_ranges(whole, [])


@given(st.integers(1, 6), st.integers(1, 6))
def test_bounds_on_systems_and_tools_do_not_depend_on_the_cut(first, second):
    def of(numbers: list[int]) -> Prints:
        made = Prints("sft")
        for line, number in enumerate(numbers, 1):
            row = {**chat(f"s{number}", "a", "b"), "tools": json.loads(tool_line(number))["tools"]}
            made.add_value(line, row, b"")
        return made

    original = prints.MAX_SYSTEMS, prints.MAX_TOOLS, prints.MAX_VARIANTS
    prints.MAX_SYSTEMS, prints.MAX_TOOLS, prints.MAX_VARIANTS = 3, 1, 2
    try:
        numbers = [*range(first), *range(second)]
        whole, left = of(numbers), of(numbers[:first])
        left.merge(of(numbers[first:]), first)
    finally:
        prints.MAX_SYSTEMS, prints.MAX_TOOLS, prints.MAX_VARIANTS = original
    assert (left.systems, left.tools, left.has_all_tools) == (whole.systems, whole.tools, whole.has_all_tools)


NUMBERS = st.lists(st.integers(0, 20) | st.integers(2**64 - 5, 2**64 - 1), max_size=30).map(LongArray)


@given(NUMBERS, NUMBERS, st.integers(1, 30), st.integers(0, 2**64 - 1), st.integers(1, 9))
def test_the_way_for_many_numbers_finds_what_the_way_for_few_does(numbers, others, chunk, seed, sorted_at_once):
    beside = LongArray(random.Random(seed).choices([2, 4, 7], k=len(numbers)))

    def found() -> list[tuple[set[int], list[int], int]]:
        doubled = repeats.repeated(numbers)
        wanted = [doubled, repeats.common(numbers, others), repeats.differing(numbers, beside, doubled)]
        return [(set(one), list(repeats.places(numbers, one)), repeats.count(numbers, one)) for one in wanted]

    few = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "FEW", -1)
        patch.setattr(repeats, "ROUND", 2)
        patch.setattr(repeats, "CHUNK", chunk)
        patch.setattr(repeats, "SORTED", sorted_at_once)
        assert found() == few
        patch.setattr(long_array, "KEPT", 3)
        patch.setattr(long_array, "CHUNK", 2)
        for one in (numbers, others, beside):
            one.settle()
        assert found() == few
        portions = [set(part) for part in repeats.rounds(repeats.repeated(numbers))]
    assert all(len(part) <= 2 for part in portions)
    assert set().union(*portions) == few[0][0]
    times = Counter(numbers)
    assert few[0][0] == {number for number in numbers if times[number] > 1}
    assert few[1][1] == [place for place, number in enumerate(numbers) if number in others]


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=12), st.lists(LINES, max_size=4), st.data())
def test_what_is_kept_on_the_disk_gives_the_same_findings(lines, held_out, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(lines) - 1))) if len(lines) > 1 else [])

    def found() -> tuple[object, ...]:
        checking = Run(Settings(no_tokens=True, validation=("v.jsonl",)))
        checking.has_held_out = True
        checking.held_out = [FileData("v.jsonl", prints_of(held_out), lambda: _Reading(b"".join(held_out)))]
        checking.check(b"".join(lines))
        report = checking.finished()
        return report.findings, report.unchecked, check_in_ranges(b"".join(lines), cuts)

    in_memory = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "FEW", -1)
        patch.setattr(repeats, "SORTED", 2)
        patch.setattr(long_array, "KEPT", 2)
        patch.setattr(long_array, "CHUNK", 1)
        assert found() == in_memory


def prints_of(lines: list[bytes]) -> Prints:
    """What is kept of some lines."""
    part = Range(PLAN, "v.jsonl")
    part.feed(b"".join(lines))
    assert part.partial.prints is not None
    return part.partial.prints


LONG_ANSWER = "Well, " + "and so it went on, " * 50


def test_answers_that_differ_only_where_the_prints_do_not_look_are_in_conflict():
    call = [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
    texts = [LONG_ANSWER + "1" + LONG_ANSWER, LONG_ANSWER + "2" + LONG_ANSWER]
    rows = [chat("Hi", text) for text in texts] + [chat("Ho", "One moment"), chat("Ho", "One moment")]
    rows[3]["messages"][1]["tool_calls"] = call
    report = jsonl_lint.check(data_of(rows), select=["DST005"])
    assert [found[:2] for found in dataset_findings(report)] == [("DST005", 2), ("DST005", 4)]


def data_of(rows: list[dict[str, Any]]) -> bytes:
    """The lines of some rows."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b" * 700]), st.sampled_from(["x", "y"]), st.sampled_from(["1", "2", "3" * 800])),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60)
@given(ROWS)
def test_sharpened_prints_and_small_rounds_find_the_same(texts):
    # The texts in the middle are seen by no fingerprint.
    data = data_of([chat("s", first, f"{middle} of it", "Go on.", "Well", last) for first, middle, last in texts])
    few = dataset_findings(jsonl_lint.check(data, select=["DST"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "FEW", -1)
        patch.setattr(repeats, "ROUND", 1)
        patch.setattr(dataset, "MANY", 0)
        many = dataset_findings(jsonl_lint.check(data, select=["DST"]))
    assert [found for found in many if found[0] != "DST005"] == [found for found in few if found[0] != "DST005"]
    # Answers that are not remembered are told again; the first one of each prompt always is.
    conflicts = {found for found in many if found[0] == "DST005"}
    assert conflicts >= {found for found in few if found[0] == "DST005"}
    first: dict[tuple[str, str], str] = {}
    others = {line for line, text in enumerate(texts, 1) if first.setdefault(text[:2], text[2]) != text[2]}
    assert {line for _, line, _ in conflicts} <= others


def test_memory_is_sixteen_bytes_for_each_example():
    kept = Prints("sft")
    row = msgspec.convert(chat("Hi", "Hello"), line_type(PLAN.facts, "sft"))
    for line in range(1, 5001):
        kept.add_row(line, row)
    assert kept.examples.itemsize + kept.prompts.itemsize == 16
    assert (len(kept.examples), len(kept.gaps)) == (5000, 0)


def test_lines_are_known_behind_gaps():
    left, right = Prints("sft"), Prints("sft")
    for line in (2, 3, 7):
        left.add_value(line, chat("a", "b"), b"")
    for line in (1, 4):
        right.add_value(line, chat("a", "b"), b"")
    left.merge(right, 10)
    assert list(left.lines_of(range(5))) == [2, 3, 7, 11, 14]
    assert list(left.lines_of([1, 1, 4])) == [3, 3, 14]


def test_validation_files_are_checked_and_kept_apart(tmp_path):
    train, valid, other = tmp_path / "train.jsonl", tmp_path / "valid.jsonl", tmp_path / "other.jsonl"
    train.write_bytes(good_data(120) + b"{\n")
    valid.write_bytes(BOM + good_line(5) + good_line(500).replace(b'"assistant"', b'"gpt"'))
    other.write_bytes(good_data(0) + good_line(600) + good_line(7).replace(b"of course", b"I think"))
    report = jsonl_lint.check(str(train), validation=[str(valid), str(other)])
    assert [(file.path, file.role, file.examples) for file in report.files] == [
        (str(valid), "validation", 2),
        (str(other), "validation", 2),
        (str(train), "training", 121),
    ]
    found = {(finding.path, finding.line, finding.code) for finding in report.findings}
    assert {(str(valid), 2, "MSG003"), (str(valid), 1, "DST001"), (str(train), 121, "JSN001")} <= found
    assert not any(code == "DST002" for _, _, code in found)
    assert [text for text in dataset_findings(report) if text[0] == "DST006"] == [
        ("DST006", 6, f'stands in "{valid}" too, on line 1'),
        ("DST006", 8, f'its prompt stands in "{other}" too, on line 2, with another answer'),
    ]


def test_a_validation_file_that_is_missing_makes_the_report_incomplete(good_file):
    report = jsonl_lint.check(str(good_file), validation=["not-there.jsonl"])
    assert report.input_errors == ["not-there.jsonl: no such file"]
    assert not report.complete


def test_a_stream_is_kept_to_prove_what_repeats():
    data = good_data(10) + good_line(0)
    assert dataset_findings(jsonl_lint.check(io.BytesIO(data), select=["DST003"]))[0][1] == 11


def test_a_stream_that_is_too_long_is_said_to_be_unchecked(monkeypatch):
    monkeypatch.setattr(again.Kept.__init__, "__defaults__", (100,))
    data = good_data(10) + good_line(0)
    report = jsonl_lint.check(io.BytesIO(data), select=["DST003"])
    assert dataset_findings(report) == []
    assert [(item.what, item.count) for item in report.unchecked] == [("possible repeat", 1)]


@pytest.mark.parametrize("fails", ["open", "write"])
def test_a_stream_for_which_there_is_no_room_is_said_to_be_unchecked(monkeypatch, fails):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

        def close(self):
            super().close()
            raise OSError(28, "No space left on device")

    def opened():
        if fails == "open":
            raise OSError(28, "No space left on device")
        return Full()

    monkeypatch.setattr(overflow, "IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.TemporaryFile", opened)
    data = good_data(10) + good_line(0)
    report = jsonl_lint.check(io.BytesIO(data), select=["DST003"])
    assert dataset_findings(report) == []
    assert [(item.what, item.count) for item in report.unchecked] == [("possible repeat", 1)]


@pytest.mark.parametrize("in_memory", [0, 100, 10**6])
def test_a_stream_is_read_again_from_wherever_it_is_kept(monkeypatch, in_memory):
    monkeypatch.setattr(overflow, "IN_MEMORY", in_memory)
    monkeypatch.setattr("jsonl_lint.source.pieces.__defaults__", (300,))
    data = good_data(10) + good_line(0)
    assert dataset_findings(jsonl_lint.check(io.BytesIO(data), select=["DST003"]))[0][1] == 11


def test_records_are_kept_to_prove_what_repeats():
    linter = jsonl_lint.Linter(select=["DST003", "DST005"])
    assert list(linter.check_records([chat("a", "b"), chat("c", "d"), chat("a", "b"), chat("a", "x")])) == []
    assert [found[:2] for found in dataset_findings(linter.report())] == [("DST003", 3), ("DST005", 4)]


def test_compressed_files_are_read_again(tmp_path):
    import gzip

    path = tmp_path / "data.jsonl.gz"
    path.write_bytes(gzip.compress(good_data(10) + good_line(0)))
    assert dataset_findings(jsonl_lint.check(str(path), select=["DST003"]))[0][1] == 11


def test_a_file_that_shrinks_before_it_is_read_again_is_an_input_error(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_bytes(good_data(3))
    with pytest.raises(InputError, match="changed while it was read"):
        list(lines_at(path_again(str(path)), str(path), [2, 9]))


def test_rules_that_are_ignored_keep_nothing():
    plan = make_plan(Settings(ignore=("DST",)), "sft")
    assert Range(plan, "x").partial.prints is None


def test_planted_defects_are_found_at_their_lines_and_nothing_else():
    chance = random.Random(5)
    lines = [good_line(number) for number in range(3000)]
    duplicates = {chance.randrange(1000, 1900): chance.randrange(0, 900) for _ in range(20)}
    conflicts = {chance.randrange(2000, 2900): chance.randrange(900, 1000) for _ in range(20)}
    for place, source in duplicates.items():
        lines[place] = json.dumps(json.loads(lines[source]), sort_keys=True).encode() + b"\n"
    for place, source in conflicts.items():
        lines[place] = good_line(source).replace(b"of course", f"or {place}".encode())
    found = dataset_findings(jsonl_lint.check(BOM + b"".join(lines)))
    assert sorted(line for code, line, _ in found if code == "DST003") == sorted(place + 1 for place in duplicates)
    assert sorted(line for code, line, _ in found if code == "DST005") == sorted(place + 1 for place in conflicts)
    assert {code for code, _, _ in found} == {"DST003", "DST005"}


def test_a_dataset_that_is_asked_twice_says_the_same():
    data = good_data(5) + good_line(1)
    checked = Range(PLAN, "x")
    checked.feed(data)
    assert checked.partial.prints is not None
    whole = WholeDataset(FileData("x", checked.partial.prints, lambda: _Reading(data)), FileSummary())
    assert list(whole.duplicates()) == list(whole.duplicates())


def load_planting() -> Any:
    """The module that plants defects in generated conversations."""
    spec = importlib.util.spec_from_file_location("bench_planted", ROOT / "bench" / "planted.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_every_plant_is_found_at_its_line_by_any_number_of_processes_and_in_blocks_of_any_size(tmp_path, monkeypatch):
    bench = load_planting()
    planting = bench.Planting(2000)
    path, held_out = planting.write(tmp_path)
    options = {**bench.SETTINGS, "validation": [str(held_out)], "no_tokens": True}
    report = jsonl_lint.check(str(path), jobs=1, **options)
    assert len(planting.wanted) == 15
    for code, lines in planting.wanted.items():
        assert bench.lines_of(report, path, code) == sorted(lines), code
    monkeypatch.setattr("jsonl_lint.run.SHARED_FROM_BYTES", 1)
    monkeypatch.setattr("jsonl_lint.tasks.SMALLEST_SPAN", 50_000)
    monkeypatch.setattr("jsonl_lint.parallel.can_fork", lambda: True)
    for jobs, size in [(4, None), (1, 700), (1, 50_000), (4, 3_000)]:
        if size is not None:
            monkeypatch.setattr("jsonl_lint.source.blocks.__defaults__", (size,))
        assert jsonl_lint.check(str(path), jobs=jobs, **options).to_json() == report.to_json(), (jobs, size)


def test_opposite_preferences_are_found_with_sharpened_prints(monkeypatch):
    def preference(good: str, bad: str) -> dict[str, Any]:
        outputs = [[{"role": "assistant", "content": text}] for text in (good, bad)]
        return {"input": chat("Hi", "x"), "preferred_output": outputs[0], "non_preferred_output": outputs[1]}

    rows = [preference(*pair) for pair in [("a", "b"), ("a", "c"), ("b", "a"), ("c", "b"), ("a", "b")]]
    few = dataset_findings(jsonl_lint.check(data_of(rows), method="dpo", select=["DST003", "DST005"]))
    assert [found[:2] for found in few] == [("DST005", 3), ("DST003", 5)]
    monkeypatch.setattr(repeats, "FEW", -1)
    monkeypatch.setattr(dataset, "MANY", 0)
    assert dataset_findings(jsonl_lint.check(data_of(rows), method="dpo", select=["DST003", "DST005"])) == few
