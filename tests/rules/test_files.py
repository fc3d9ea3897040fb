"""What is said of a file as a whole."""

from __future__ import annotations

import pytest

from jsonl_lint.finding import Finding, Severity
from jsonl_lint.linter import check
from jsonl_lint.rule import FileSummary
from jsonl_lint.rules.dst.few_examples import few_examples
from jsonl_lint.rules.fil.file_extension import file_extension
from jsonl_lint.rules.fil.file_size_caution import file_size_caution
from jsonl_lint.rules.fil.file_too_large import file_too_large
from jsonl_lint.targets import load_target
from jsonl_lint.text import BOM

FACTS = load_target("azure-openai").facts_for("sft")
ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
COMPLETION = b'{"prompt": "Hi", "completion": "Hello"}\n'
BROKEN = b'{"messages": [\n'


def findings(data: bytes, code: str, **options: object) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in check(data, **options).findings if finding.code == code]


def unchecked(data: bytes, *ignore: str) -> list[str]:
    """What is said of data that was not gone into."""
    return [finding.message for finding in findings(data, "JLT001", ignore=ignore)]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (209_715_200, (0, [])),
        (209_715_201, (0, ["portal"])),
        (511_999_999, (0, ["portal"])),
        (512_000_000, (0, ["decimal"])),
        (536_870_911, (0, ["decimal"])),
        (536_870_912, (1, [])),
    ],
)
def test_sizes_at_their_limits(size: int, expected: tuple[int, list[str]]) -> None:
    """One finding at most on a file's size, exactly from each limit on."""
    file = FileSummary(size=size)
    cautions = ["portal" if "portal" in problem.message else "decimal" for problem in file_size_caution(file, FACTS)]
    assert (len(list(file_too_large(file, FACTS))), cautions) == expected


def test_data_without_a_name_has_no_wrong_name() -> None:
    """Standard input and bytes have no name to judge."""
    assert list(file_extension(FileSummary(name=None), FACTS)) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("train.json", 'ends in ".json"'),
        ("train.JSONL", 'ends in ".JSONL"'),
        ("train.txt.gz", 'ends in ".txt"'),
        ("folder.jsonl/train", "has no ending"),
    ],
)
def test_wrong_names_are_named(name: str, says: str) -> None:
    """The message names the ending that was found, and the one it must be."""
    (problem,) = file_extension(FileSummary(name=name), FACTS)
    assert problem.message == f'the file\'s name {says}; it must end in ".jsonl"'


def test_every_blank_line_is_found() -> None:
    """A hundred blank lines are a hundred findings, each at its own line and offset, whatever else stands there."""
    found = findings(BOM + ROW + b"\n" * 50 + ROW + b" \t\n" * 50, "FIL005")
    assert [finding.line for finding in found] == [*range(2, 52), *range(53, 103)]
    assert found[0].offset == len(BOM + ROW)
    assert found[-1].offset == len(BOM + ROW * 2) + 50 + 49 * 3


def test_blank_lines_are_counted_beyond_those_listed() -> None:
    """The bound on listed findings bounds no count."""
    report = check(ROW + b"\n" * 100, max_findings=3)
    assert report.counts.by_code["FIL005"] == 100
    assert [finding.line for finding in report.findings if finding.code == "FIL005"] == [2, 3, 4]


def test_windows_line_ends_are_one_warning() -> None:
    """CRLF is one finding with the count, at its first line, and makes no line blank or broken."""
    (found,) = findings(ROW + ROW.replace(b"\n", b"\r\n") * 3 + ROW, "FIL006")
    assert (found.severity, found.line) == (Severity.WARNING, 2)
    assert found.message.startswith("3 lines end with CRLF, the first is line 2;")


@pytest.mark.parametrize(("end", "count"), [(b"\r", 3), (b"", 2), (b"\n", 2)])
def test_macintosh_line_ends_are_one_error(end: bytes, count: int) -> None:
    """CR alone is one finding with the count, of the last line's end too, and nothing is said of the lines' JSON."""
    row = ROW.strip()
    report = check(BOM + b"\r".join([row] * 3) + end)
    assert {finding.code for finding in report.findings if finding.severity == Severity.ERROR} == {"FIL006", "DST001"}
    (found,) = findings(BOM + b"\r".join([row] * 3) + end, "FIL006")
    assert found.message.startswith(f"{count} line ends of CR alone, the first on line 1;")
    assert report.files[0].examples == 3


def test_one_example_that_ends_with_a_carriage_return() -> None:
    """A file of one line with CR as its end has no CRLF."""
    (found,) = findings(ROW.strip() + b"\r", "FIL006")
    assert found.message.startswith("1 line end of CR alone")
    assert findings(ROW.strip() + b"\r", "FIL009") == []


def test_final_newline_is_missed_on_the_last_line() -> None:
    """The finding stands on the last line, and its edit at the end of the file."""
    data = BOM + ROW + ROW.strip()
    (found,) = findings(data, "FIL009")
    assert found.line == 2
    assert found.fix is not None
    assert [(edit.start, edit.end, edit.text) for edit in found.fix.edits] == [(len(data), len(data), b"\n")]


@pytest.mark.parametrize("data", [b"[" + ROW.strip() + b"]", b"[\n" + ROW + b"]\n", ROW.replace(b", ", b",\n  ") * 20])
def test_other_json_has_one_error(data: bytes) -> None:
    """Of a file that is no JSON Lines nothing else is said, neither of its lines nor of the dataset."""
    assert [finding.code for finding in check(BOM + data).findings] == ["FIL007"]


def test_mixed_formats_are_named_with_their_lines() -> None:
    """One finding for each other method, at its first line, with the count."""
    found = findings(ROW * 4 + COMPLETION * 2 + b'{"preferred_output": []}\n' + COMPLETION, "FIL008")
    assert [(finding.line, finding.message) for finding in found] == [
        (
            5,
            "3 lines, from line 5 on, are in the format of completion (prompt and completion), the rest is not",
        ),
        (7, "line 7 is in the format of dpo (preference), the rest is not"),
    ]


def test_a_file_of_another_method_only() -> None:
    """Where no line is of the method that was asked for, the message does not speak of a rest."""
    (found,) = findings(COMPLETION * 2, "FIL008", method="sft")
    assert found.message.endswith("and none in that of the method which the file is read for")


def test_few_examples_are_advice_for_training_files() -> None:
    """A validation file may be small."""
    assert list(few_examples(FileSummary(lines=20, examples=20), FACTS))
    assert not list(few_examples(FileSummary(lines=20, examples=20, role="validation"), FACTS))


@pytest.mark.parametrize(
    ("count", "codes"), [(0, set()), (1, {"DST001"}), (9, {"DST001"}), (10, {"DST002"}), (99, {"DST002"}), (100, set())]
)
def test_example_counts_at_their_limits(count: int, codes: set[str]) -> None:
    """Too few and few are never said together, and an empty file is only empty."""
    found = {finding.code for finding in check(BOM + ROW * count).findings if finding.code.startswith("DST00")}
    assert found & {"DST001", "DST002"} == codes


def test_blank_lines_are_no_examples() -> None:
    """A limit of examples counts examples."""
    data = ROW * 2 + b"\n" + ROW
    assert findings(data, "DST008", facts={"max_examples": 3}) == []
    assert findings(data, "DST008", facts={"max_examples": 2})


def test_ignored_defects_are_said_to_be_unchecked() -> None:
    """Ignoring the rule that names why a line can't be judged gives no clean verdict."""
    message = "2 lines, from line 2 on, were not gone into any further, because JSN001 (invalid-json), "
    assert unchecked(ROW + BROKEN + ROW + BROKEN, "JSN001") == [message + "which names the defect, is ignored"]
    assert unchecked(ROW + BROKEN) == []


def test_unchecked_stands_at_the_first_line() -> None:
    """One finding for each ignored rule, at the first line where it would have spoken."""
    found = findings(ROW + b"[]\n" + BROKEN, "JLT001", ignore=["JSN"])
    assert [(finding.line, finding.message.partition("because ")[2][:6]) for finding in found] == [
        (2, "JSN002"),
        (3, "JSN001"),
    ]


def test_unchecked_can_not_be_ignored() -> None:
    """Whatever is ignored, selected or turned off, the report says what was not gone into."""
    assert unchecked(ROW + BROKEN, "JSN001", "JLT001")
    assert findings(ROW + BROKEN, "JLT001", select=["DST"])
    assert findings(ROW + BROKEN, "JLT001", ignore=["JSN001"], severity={"JLT001": "off"})


@pytest.mark.parametrize(
    ("data", "code", "what"),
    [
        (ROW.decode().encode("utf-16"), "ENC004", "the file was"),
        (b"[" + ROW.strip() + b"]", "FIL007", "the file was"),
        (ROW * 3 + COMPLETION * 2, "FIL008", "2 lines, from line 4 on, were"),
        (ROW + ROW.strip() + b"\r" + ROW, "FIL006", "line 2 was"),
        (ROW + ROW.strip() + ROW, "JSN008", "line 2 was"),
        (ROW + b"[" * 300 + b"]" * 300, "JSN006", "line 2 was"),
    ],
)
def test_every_rule_that_ends_the_look_is_said(data: bytes, code: str, what: str) -> None:
    """What each of these rules would have named keeps the rest from being judged."""
    (message,) = unchecked(data, code)
    assert message.startswith(f"{what} not gone into any further, because {code} ")


def test_ignored_warning_leaves_nothing_unchecked() -> None:
    """Lines that end with CRLF are judged all the same."""
    assert unchecked(ROW.replace(b"\n", b"\r\n"), "FIL006") == []
