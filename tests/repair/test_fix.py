"""What `fix` does to a file, as a library call."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from random import Random

import msgspec
import pytest

import jsonl_lint
from jsonl_lint.fault import Span
from jsonl_lint.finding import Edit, Fix
from jsonl_lint.judge import Hit
from jsonl_lint.placing import place
from jsonl_lint.registry import all_rules
from jsonl_lint.repair.redact import Redactor
from jsonl_lint.repair.splice import RuleFix, spliced
from jsonl_lint.repair.whole import without_marks
from jsonl_lint.rule import Problem, Redact, Remove, Repair, Replace, ReplaceText
from jsonl_lint.scan import inside_string
from samples import BOM, LINE, ROW, good_data, good_line


def fixed(data: bytes, **options: object) -> tuple[bytes, dict[str, int]]:
    """The repaired data, and the repairs by code."""
    out = io.BytesIO()
    result = jsonl_lint.fix(data, out, **options)
    return out.getvalue(), result.fixed


TEXT = LINE.decode()
PRINTED = json.dumps(ROW, indent=2).encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (LINE * 2, {"ENC001": 1}),
        (BOM + LINE + b"\n" + LINE.strip(), {"FIL005": 1, "FIL009": 1}),
        (BOM + b"\n" + LINE + LINE, {"FIL005": 1}),
        (LINE.replace(b"\n", b"\r\n") * 2, {"ENC001": 1, "FIL006": 2}),
        (LINE.replace(b"\n", b"\r") * 2, {"ENC001": 1, "FIL006": 2}),
        (BOM + LINE + BOM + LINE, {"ENC005": 1}),
        (BOM + LINE.strip() + b" " + LINE, {"JSN008": 1}),
        ((TEXT * 2).encode("utf-16"), {"ENC001": 1, "ENC004": 1}),
        ((TEXT * 2).encode("utf-32-be"), {"ENC001": 1, "ENC004": 1}),
        (json.dumps([ROW, ROW]).encode(), {"ENC001": 1, "FIL007": 1}),
        (BOM + json.dumps([ROW, ROW], indent=1).encode(), {"FIL007": 1}),
        (PRINTED * 2, {"ENC001": 1, "FIL007": 1}),
        (json.dumps([ROW, ROW], indent=1).encode("utf-16"), {"ENC001": 1, "ENC004": 1, "FIL007": 1}),
    ],
)
def test_repairs_of_whole_files(data, codes):
    assert fixed(data, ignore=["DST"]) == (BOM + LINE * 2, codes)


def test_a_target_without_a_mark_gets_none():
    facts = {"bom": "forbidden"}
    assert fixed(BOM + LINE, facts=facts, extend_select=["ENC002"]) == (LINE, {"ENC002": 1})
    assert fixed(LINE.decode().encode("utf-16"), facts={"bom": "optional"}) == (LINE, {"ENC004": 1})


@pytest.mark.parametrize("code", ["ENC004", "FIL007", "FIL006", "FIL005", "FIL009", "MSG003", "JSN008", "ENC001"])
def test_what_is_ignored_is_not_repaired(code):
    data = {
        "ENC004": TEXT.encode("utf-16"),
        "FIL007": BOM + b"[" + LINE.strip() + b"]",
        "FIL006": BOM + LINE.replace(b"\n", b"\r\n"),
        "FIL005": BOM + b" \n" + LINE,
        "FIL009": BOM + LINE.strip(),
        "MSG003": BOM + LINE.replace(b"user", b"human"),
        "JSN008": BOM + LINE.strip() + LINE,
        "ENC001": LINE,
    }[code]
    after, codes = fixed(data, ignore=[code, "DST"])
    assert code not in codes
    assert after == data if code != "FIL007" else after.startswith(BOM + b"[")
    assert code in fixed(data, ignore=["DST"])[1]


def test_unsafe_repairs_only_when_asked_for():
    data = BOM + LINE.replace(b'"Hi"', b'"Hi", "id": 1').replace(b"Hello", b"Caf\xe9 \\ud800")
    assert fixed(data) == (data, {})
    after, codes = fixed(data, unsafe=True, ignore=["QLT"])
    assert after == BOM + LINE.replace(b"Hello", "Café \\ufffd".encode())
    assert codes == {"ENC003": 1, "JSN005": 1, "MSG007": 1}


def test_a_python_dict_becomes_json():
    data = str({"messages": [{"role": "user", "content": "it's 'so'"}], "x": [True, None, "a"]}).encode() + b"\n"
    after, _ = fixed(data, unsafe=True, select=["JSN"])
    assert json.loads(after) == {"messages": [{"role": "user", "content": "it's 'so'"}], "x": [True, None, "a"]}


def test_what_is_left_is_reported():
    result = jsonl_lint.fix(good_data() + LINE.replace(b"user", b"human").replace(b"Hello", b" "), io.BytesIO())
    assert result.fixed == {"MSG003": 1}
    assert "MSG003" not in result.report.counts.by_code
    assert result.report.counts.by_code["MSG006"] == 1
    assert [(finding.line, finding.path) for finding in result.report.findings if finding.code == "MSG006"] == [
        (101, "<stream>")
    ]
    assert not result.report.ok


def test_a_path_to_a_path_leaves_the_source(tmp_path):
    source, target = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"
    source.write_bytes(LINE)
    result = jsonl_lint.fix(source, target)
    assert source.read_bytes() == LINE
    assert jsonl_lint.check(target, ignore=["DST", "ROW007"]).counts.by_code == {}
    assert target.read_bytes()[:2] == b"\x1f\x8b"
    assert result.report.files[0].path == str(source)


def test_bytes_need_a_destination():
    with pytest.raises(jsonl_lint.UsageError, match="where"):
        jsonl_lint.fix(LINE)


def test_broken_utf_16_is_refused():
    with pytest.raises(jsonl_lint.InputError, match="UTF-16-LE"):
        fixed(TEXT.encode("utf-16") + b"\xd8")


def put_rule(monkeypatch, rule):
    """Put a rule among all, with and without plugins."""
    for rules in (all_rules(), all_rules(())):
        monkeypatch.setitem(rules, rule.code, rule)


class Twice:
    """A rule on the data set that wants each line deleted that stands there again."""

    def __init__(self, _facts):
        self.first = {}
        self.again = []

    def add(self, example):
        if self.first.setdefault(json.dumps(example.value, sort_keys=True), example.line) != example.line:
            self.again.append(example.line)

    def finish(self, _file) -> Iterator[Problem]:
        for line in self.again:
            yield Problem("again", line=line, fix=Fix("delete the line", safe=True, deletes_line=True))


@pytest.fixture
def twice(monkeypatch):
    """The rule under a code of its own, as a plugin's."""
    put_rule(monkeypatch, msgspec.structs.replace(
        all_rules()["DST008"], code="DST900", name="twice", at=jsonl_lint.rule.Example, check=Twice, fixable="safe",
        gated=False,
    ))  # fmt: skip


@pytest.mark.usefixtures("twice")
def test_lines_that_a_rule_on_the_data_set_wants_gone():
    a, b = good_line(1), good_line(2)
    data = BOM + a + a.replace(b'"user"', b'"human"') + b + a.replace(b": ", b":") + b"\n" + b
    options = {"ignore": ["DST0"]}
    assert fixed(data, **options) == (BOM + a + b, {"DST900": 3, "FIL005": 1, "MSG003": 1})
    result = jsonl_lint.fix(data, io.BytesIO(), max_findings=1, **options)
    assert result.report.counts.by_code == {}
    assert result.report.files[0].lines == 2


def test_overlapping_fixes_wait_for_the_next_round():
    fixes = [
        RuleFix("B", Fix("", True, (Edit(2, 6, b"xx"),))),
        RuleFix("A", Fix("", True, (Edit(0, 3, b""),))),
        RuleFix("D", Fix("", True, (Edit(6, 6, b"!"), Edit(8, 9, b"?")))),
        RuleFix("C", Fix("", True, (Edit(3, 5, b"--"),))),
        RuleFix("E", Fix("", True, (Edit(6, 6, b"#"),))),
    ]
    assert spliced(b"0123456789", fixes) == (b"--5#6789", ["A", "C", "E"])


@pytest.mark.parametrize("spelling", [
    b'"a\\u00e9\\ud83d\\ude00\\n\xc3\xa9\xf0\x9f\x98\x80z"',
    '"aé😀\\u000aé😀z"'.encode(),
    b'"a\\u00E9\\uD83D\\uDE00\\n\\u00e9\\ud83d\\ude00\\u007a"',
])  # fmt: skip
def test_characters_of_a_string_are_found_in_any_spelling(spelling):
    text = json.loads(spelling)
    assert text == "aé😀\né😀z"
    line = b'{"k":' + spelling + b"}"
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            first, last = inside_string(line, Span(5, 5 + len(spelling)), start, end)
            assert json.loads(b'"%b"' % line[first:last]) == text[start:end]
            assert json.loads(line[:first] + line[last:])["k"] == text[:start] + text[end:]


def test_characters_of_a_lone_surrogate_and_past_the_end():
    line = rb'"\ud800x"'
    assert inside_string(line, Span(0, len(line)), 1, 2) == (7, 8)
    assert inside_string(line, Span(0, len(line)), 2, 99) == (8, 8)


def text_hit(*steps):
    """A problem whose repair takes these steps."""
    rule = all_rules()["MSG003"]
    return Hit(rule, Problem("", ("k",), repair=Repair("", False, steps)))


def test_text_is_replaced_and_the_rest_keeps_its_spelling():
    line = rb'{"k": "\u0061-\u00e9-b"}'
    (spot,) = place(line, [text_hit(ReplaceText(("k",), 2, 3, 'é"'))])
    assert spliced(line, [RuleFix("X", spot.fix)])[0] == rb'{"k": "\u0061-\u00e9\"-b"}'
    (spot,) = place('{"k": "é"}'.encode(), [text_hit(ReplaceText(("k",), 0, 1, "ü"))])
    assert spot.fix.edits == (Edit(7, 9, "ü".encode()),)


@pytest.mark.parametrize("line", [b'{"k": 12}', b'{"k": "\xff1"}', b"{}"])
def test_text_that_is_not_there_is_not_replaced(line):
    (spot,) = place(line, [text_hit(ReplaceText(("k",), 0, 1, "x"))])
    assert spot.fix is None


@pytest.mark.parametrize(
    "value", [b'{"a": 1, "a": 2}', b'["caf\xe9"]', b'{"a": 10000000000000000000001}', b"[1e400]", b"NaN"]
)
def test_a_value_of_which_something_would_be_lost_is_not_replaced(value):
    (spot,) = place(b'{"k": %s}' % value, [text_hit(Replace(("k",), "x"))])
    assert spot.fix is None


@pytest.mark.parametrize(
    "value", [b'{"a": {"b": 1, "c": "1"}}', rb'["caf\u00e9 \ud83d"]', b"9223372036854775807", b"-1e5"]
)
def test_any_other_value_is_replaced(value):
    (spot,) = place(b'{"k": %s}' % value, [text_hit(Replace(("k",), "x"))])
    assert spot.fix.edits == (Edit(6, 6 + len(value), b'"x"'),)


CALL = b"""{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [{"id": "call_1", "type":\
 "function", "function": {"name": "f", "arguments": %s}}]}], "tools": [{"type": "function", "function": {"name": "f"}}]}
"""


def test_arguments_become_a_string_only_if_all_of_them_do():
    left = [b'{"a": 1, "a": 2}', b'{"a": "caf\xe9"}', b'{"a": 10000000000000000000001}', b'{"a": NaN}']
    before = [b'{"a":1e2}', rb'"\"{\\\"a\\\":1, \\\"a\\\":2}\""']
    behind = [rb'"{\"a\": 100.0}"', rb'"{\"a\":1, \"a\":2}"']
    after, codes = fixed(BOM + b"".join(CALL % value for value in left + before), select=["TUL005"])
    assert after == BOM + b"".join(CALL % value for value in left + behind)
    assert codes == {"TUL005": 2}


@pytest.mark.parametrize(
    ("line", "without"),
    [
        (b'{"k": 1, "l": {"k": 2}}', b'{"l": {"k": 2}}'),
        (b'{"l": {"k": 2}, "k": 1}', b'{"l": {"k": 2}}'),
        (b'{"k": 1, "k": 2}', None),
        (rb'{"\u006b": 1, "k": 2}', None),
    ],
)
def test_a_member_is_removed_unless_another_one_of_its_name_would_count_instead(line, without):
    (spot,) = place(line, [text_hit(Remove(("k",)))])
    assert (spot.fix and spliced(line, [RuleFix("X", spot.fix)])[0]) == without


def test_a_report_shows_the_kind_of_what_is_redacted_and_nothing_else():
    (spot,) = place(b'{"k": "a@b.c"}', [text_hit(Redact(("k",), 0, 5, "email"))])
    assert spot.fix.edits == (Edit(7, 12, b"[email]"),)


def test_placeholders_are_stable_in_a_run_and_different_in_the_next():
    one, other = Redactor(), Redactor()
    first = one.placeholder("email", "a@b.c")
    assert first == one.placeholder("email", "a@b.c")
    assert first != one.placeholder("email", "a@b.d")
    assert first != other.placeholder("email", "a@b.c")
    assert first.startswith("[email-")
    assert len(first) == len("[email-]") + 10


@pytest.fixture
def secrets_rule(monkeypatch):
    """A rule that finds words of six stars, and takes them out."""

    def stars(message, facts):
        content = message.fields.get("content")
        if isinstance(content, str) and (at := content.find("******")) >= 0:
            step = Redact(("content",), at, at + 8, "secret")
            yield Problem("stars", ("content",), repair=Repair("take it out", False, (step,)))

    put_rule(monkeypatch, msgspec.structs.replace(
        all_rules()["MSG003"], code="SEC900", name="stars", check=stars, fixable="unsafe", gated=False, blocks=False,
    ))  # fmt: skip


@pytest.mark.usefixtures("secrets_rule")
def test_secrets_are_redacted_alike_on_every_line():
    line = LINE.replace(b"Hi", b"x ******ab y ******cd ******ab")
    data = BOM + line + line
    assert fixed(data, ignore=["DST"])[0] == data
    after, codes = fixed(data, unsafe=True, ignore=["DST"])
    assert codes == {"SEC900": 6}
    assert b"******" not in after
    first, second = (json.loads(row)["messages"][0]["content"] for row in after.removeprefix(BOM).split(b"\n")[:2])
    assert first == second
    x, one, y, other, again = first.split(" ")
    assert (x, y) == ("x", "y")
    assert one == again != other


def test_a_line_of_endless_faults_is_left_alone(monkeypatch):
    monkeypatch.setattr("jsonl_lint.repair.lines.MAX_SCANNED", 1000)
    data = BOM + LINE + b"[" + b"True," * 100 + b"1]\n"
    assert fixed(data, unsafe=True) == (data, {})


def test_fixes_that_come_to_no_end_are_a_bug(monkeypatch):
    def longer(line, facts):
        yield Problem("too short", span=(0, 1), fix=Fix("make it longer", True, (Edit(1, 1, b" "),)))

    put_rule(monkeypatch, msgspec.structs.replace(all_rules()["ENC005"], check=longer, gated=False))
    with pytest.raises(RuntimeError, match="ENC005, MSG003 come to no end"):
        fixed(BOM + LINE.replace(b"user", b"human"))


class LongArray(io.RawIOBase):
    """An array of many examples on one line, made while it is read."""

    def __init__(self, count):
        self.left = count
        self.rest = b"["

    def read(self, size=-1):
        while len(self.rest) < size and self.left:
            self.left -= 1
            line = good_line(self.left).replace(b"of course", b"of course" * 200).strip()
            self.rest += line + (b"," if self.left else b"]")
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


class Counting(io.RawIOBase):
    """Counts the lines that are written, and forgets them."""

    lines = 0

    def write(self, data):
        self.lines += bytes(data).count(b"\n")
        return len(data)


def peak_of(count):
    """The most memory that the repair of a long array takes."""
    out = Counting()
    tracemalloc.start()
    result = jsonl_lint.fix(LongArray(count), out, ignore=["DST", "ROW007"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.fixed == {"ENC001": 1, "FIL007": 1}
    assert out.lines == count
    return peak


def test_memory_is_flat_for_an_array_on_one_line():
    peak_of(3600)  # loads what is needed
    # Both are longer than a few blocks; the longer one has 4,800,000 bytes more.
    assert peak_of(3600) < peak_of(1200) + 1_000_000


@pytest.mark.parametrize("seed", range(5))
def test_lines_that_are_proved_at_once_are_repaired_alike(seed, monkeypatch):
    odd = [
        LINE.replace(b"user", b"human"),
        b"\n",
        good_line(8).replace(b"\n", b"\r\n"),
        BOM + LINE,
        b"{\n",
        LINE + LINE,
    ]
    chance = Random(seed)
    lines = [chance.choice(odd) if chance.random() < 0.2 else good_line(number) for number in range(300)]
    data = b"".join(lines) + good_line(1).removesuffix(b"\n")
    one_by_one = fixed(data)
    monkeypatch.setattr("jsonl_lint.repair.lines.FAST_FROM_BYTES", 0)
    monkeypatch.setattr("jsonl_lint.repair.lines.SMALL_BLOCK", 0)
    assert fixed(data) == one_by_one
    assert one_by_one[1]


@pytest.mark.parametrize("seed", range(5))
def test_blocks_of_any_size_give_the_same(seed, monkeypatch):
    lines = [good_line(7), LINE.replace(b"user", b"human"), b"\n", good_line(8).replace(b"\n", b"\r\n"), BOM + LINE]
    data = b"".join(Random(seed).choices(lines, k=40))
    whole = fixed(data)
    for size in (64, 100, 1000):
        monkeypatch.setattr("jsonl_lint.repair.whole.BLOCK_BYTES", size)
        assert fixed(data) == whole


def test_duplicates_are_deleted_in_any_amount_of_data(monkeypatch):
    # What is read again is the spool, not a copy in memory.
    monkeypatch.setattr("jsonl_lint.run.Kept", None)
    lines = [good_line(number) for number in range(20)]
    data = BOM + b"".join(lines) + b"".join(line.replace(b": ", b":") for line in lines[5:])
    after, codes = fixed(data)
    assert after == BOM + b"".join(lines)
    assert codes == {"DST003": 15}


def test_an_object_with_a_fault_gets_its_own_line():
    data = BOM + LINE.strip() + LINE.replace(b"]}", b",]}") + good_line(3)
    assert fixed(data)[0] == BOM + LINE + LINE.replace(b"]}", b",]}") + good_line(3)
    assert fixed(data, unsafe=True, ignore=["DST"])[0] == BOM + LINE * 2 + good_line(3)


def test_half_a_pair_becomes_a_mark_that_stays():
    after, codes = fixed(BOM + LINE.replace(b"Hello", rb"Hello \ud83d!"), unsafe=True)
    assert after == BOM + LINE.replace(b"Hello", rb"Hello \ufffd!")
    assert codes == {"JSN005": 1}
    result = jsonl_lint.fix(after, io.BytesIO(), unsafe=True)
    assert (result.fixed, result.report.counts.by_code.get("QLT004")) == ({}, 1)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_marks_that_begin_lines_are_taken_out_of_chunks_of_any_size(size):
    data = BOM * 2 + b"a" + BOM + b"\n" + BOM * 3 + b"\xef\xbb\n\n" + BOM + b"b\xef"
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(without_marks(chunks)) == b"a" + BOM + b"\n\xef\xbb\n\nb\xef"


def test_an_array_with_marks_before_its_lines_is_taken_apart():
    data = BOM + b"\n" + BOM * 2 + b"[" + LINE + BOM + b"," + b"\n" + BOM + LINE + b"]"
    assert fixed(data, ignore=["DST"]) == (BOM + LINE * 2, {"FIL007": 1})


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("forks", [True, False], ids=["fork", "spawn"])
def test_what_is_left_is_the_same_by_any_number_of_processes(forks, monkeypatch, tmp_path):
    lines = [good_line(number) for number in range(300)]
    lines[100] = lines[100].replace(b'"user"', b'"human"')
    lines[200] = lines[200].replace(b'"user"', b'"nobody"')
    path = tmp_path / "train.jsonl"
    path.write_bytes(BOM + b"".join(lines) + lines[7])
    alone = jsonl_lint.fix(path, io.BytesIO(), jobs=1)
    monkeypatch.setattr("jsonl_lint.run.SHARED_FROM_BYTES", 1)
    monkeypatch.setattr("jsonl_lint.run.SHARED_ANEW_FROM_BYTES", 1)
    monkeypatch.setattr("jsonl_lint.tasks.SMALLEST_SPAN", 10_000)
    monkeypatch.setattr("jsonl_lint.parallel.can_fork", lambda: forks)
    shared = jsonl_lint.fix(path, io.BytesIO(), jobs=2)
    assert shared.fixed == alone.fixed == {"DST003": 1, "MSG003": 1}
    assert shared.report.to_json() == alone.report.to_json()
    assert {finding.path for finding in shared.report.findings} == {str(path)}
