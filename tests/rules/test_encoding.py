"""What is said of bytes that are not UTF-8, and of byte order marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.finding import Edit, Finding
from jsonl_lint.linter import check
from jsonl_lint.rule import Line, Problem
from jsonl_lint.rules.enc.invalid_utf8 import bad_places, invalid_utf8
from jsonl_lint.targets import load_target
from jsonl_lint.testing import apply_edits
from jsonl_lint.text import BOM, is_utf8

FACTS = load_target("azure-openai").facts_for("sft")
ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'

# Bytes that begin, continue and break characters, so that chance finds their combinations.
PIECES = [
    b"a",
    b" ",
    b"\x80",
    b"\xbf",
    b"\xa0",
    b"\xc0",
    b"\xc2",
    b"\xe0",
    b"\xe2",
    b"\xed",
    b"\xef",
    b"\xf0",
    b"\xf4",
    b"\xff",
]


def problem(text: bytes) -> Problem:
    """The one problem of a line that is not UTF-8."""
    (found,) = invalid_utf8(Line(text), FACTS)
    return found


def findings(data: bytes, code: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in check(data).findings if finding.code == code]


def decoder_errors(text: bytes) -> set[int]:
    """The places of all bytes that Python's strict decoder stumbles over."""
    places: set[int] = set()
    start = 0
    while True:
        try:
            text[start:].decode("utf-8")
        except UnicodeDecodeError as error:
            places.update(range(start + error.start, start + error.end))
            start += error.end
        else:
            return places


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join) | st.binary(max_size=12))
def test_agrees_with_the_strict_decoder(text: bytes) -> None:
    """The bad bytes are those that Python's decoder refuses, no more and no less."""
    named = {place for start, end in bad_places(text) for place in range(start, end)}
    assert named == decoder_errors(text)
    assert is_utf8(text) == (not named)


@given(st.binary(min_size=1, max_size=12))
def test_any_bytes_are_described(text: bytes) -> None:
    """Each line that is not UTF-8 has one finding, within the line, and a fix that gives UTF-8 if there is one."""
    found = list(invalid_utf8(Line(text), FACTS))
    assert len(found) == (not is_utf8(text))
    for one in found:
        assert one.span is not None
        assert 0 <= one.span[0] < one.span[1] <= len(text)
        if one.fix is not None:
            assert is_utf8(apply_edits(text, one.fix.edits))


@pytest.mark.parametrize(
    ("text", "span", "says"),
    [
        (b"abc \xe9 def", (4, 5), "byte E9 is not UTF-8: a character of 3 bytes that is cut off after 1"),
        (b"\xe2\x82", (0, 2), "bytes E2 82 are not UTF-8: a character of 3 bytes that is cut off after 2"),
        (b"\xf0\x9f\x98.", (0, 3), "bytes F0 9F 98 are not UTF-8: a character of 4 bytes that is cut off after 3"),
        (b"a\x80", (1, 2), "byte 80 is not UTF-8: a continuation byte without the byte that begins its character"),
        (b"\xc0\x80", (0, 2), "bytes C0 80 are not UTF-8: an overlong form"),
        (b"\xe0\x80\xaf", (0, 3), "bytes E0 80 AF are not UTF-8: an overlong form"),
        (b"\xf0\x80\x80\xaf", (0, 4), "bytes F0 80 80 AF are not UTF-8: an overlong form"),
        (b"\xed\xa0\xbd", (0, 3), "bytes ED A0 BD are not UTF-8: a surrogate (CESU-8)"),
        (b"\xf4\x90\x80\x80", (0, 4), "bytes F4 90 80 80 are not UTF-8: a code beyond U+10FFFF"),
        (b"\xf5\x80\x80\x80", (0, 4), "bytes F5 80 80 80 are not UTF-8: a code beyond U+10FFFF"),
        (b"\xff", (0, 1), "byte FF is not UTF-8: a byte that never stands in UTF-8"),
        (b"\xc1", (0, 1), "byte C1 is not UTF-8: a byte that never stands in UTF-8"),
    ],
)
def test_says_why_bytes_are_bad(text: bytes, span: tuple[int, int], says: str) -> None:
    """The message names the bytes and the reason; without certainty there is neither a guess nor a fix."""
    assert problem(text) == Problem(says, span=span)


def test_counts_the_other_places() -> None:
    """One finding for each line, with the number of further places."""
    assert "; 2 more such places on the line" in problem(b"\xff a \xff b \xff\xff").message


def test_long_runs_are_cut() -> None:
    """Of many bad bytes in a row the first are shown."""
    assert problem(b"\xff" * 100).message.startswith("bytes FF FF FF FF FF FF … are not UTF-8")


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        (b"caf\xe9", "café"),
        (b"r\xe9sum\xe9", "résumé"),
        (b"\xc9cole, \xc4pfel, GR\xd6SSE", "École, Äpfel, GRÖSSE"),
        (b"cr\xe9\xe9e", "créée"),
        (b"I don\x92t, they\x92ve", "I don’t, they’ve"),
        (b"\x93Yes.\x94", "“Yes.”"),
        (b"pages 3\x965 \x97 all", "pages 3–5 — all"),
        (b"wait\x85", "wait…"),
        (b"caf\xe9\x94", "café”"),
        ("“é” and ".encode() + b"caf\xe9", "“é” and café"),
    ],
)
def test_names_windows_1252_where_it_reads_well(text: bytes, repaired: str) -> None:
    """Letters and quotes in their usual places leave little doubt."""
    found = problem(text)
    assert found.message.endswith("; probably written as Windows-1252")
    assert found.fix is not None
    assert not found.fix.safe
    assert apply_edits(text, found.fix.edits).decode() == repaired


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Привет".encode("cp1251"), id="cyrillic"),
        pytest.param("中文数据".encode("gb18030"), id="chinese"),
        pytest.param("日本語".encode("shift_jis"), id="japanese"),
        pytest.param("café".encode("mac_roman"), id="macintosh"),
        pytest.param("für Größe".encode("cp850"), id="dos"),
        pytest.param("čeština".encode("cp1250"), id="czech"),
        pytest.param(b"caf\xe9 \xff\xfe\x80", id="mixed"),
    ],
)
def test_does_not_guess_in_doubt(text: bytes) -> None:
    """Bytes that read otherwise in another encoding get no guess and no fix."""
    found = problem(text)
    assert "probably" not in found.message
    assert found.fix is None


def test_surrogates_of_cesu_8_are_joined() -> None:
    """Two surrogates of three bytes each are one character; there is no doubt which."""
    found = problem(b"a \xed\xa0\xbd\xed\xb8\x80\xed\xa0\xbd\xed\xb8\x81")
    assert found.fix is not None
    assert found.message.endswith("; probably written as CESU-8")
    assert [edit.text.decode() for edit in found.fix.edits] == ["😀😁"]


def test_bad_bytes_do_not_hide_other_defects() -> None:
    """A line with bad bytes is judged like any other."""
    codes = {finding.code for finding in check(ROW.replace(b"Hi", b"caf\xe9").replace(b'"user"', b'"usr"')).findings}
    assert {"ENC003", "MSG003"} <= codes


def test_column_counts_characters_before_the_bad_byte() -> None:
    """Columns count characters, offsets bytes, the mark at the start of the file among them."""
    data = BOM + ROW + ROW.replace(b"Hi", "ü ".encode() + b"\xff")
    (found,) = findings(data, "ENC003")
    assert (found.line, found.column, found.offset) == (
        2,
        data.index(b"\xff") - len(BOM) - len(ROW),
        data.index(b"\xff"),
    )


def test_each_line_with_marks_has_one_finding() -> None:
    """Several marks on one line are one defect with one repair, and nothing else is wrong with such a line."""
    data = BOM + BOM + ROW + ROW + BOM + BOM + BOM + ROW + ROW * 10
    found = findings(data, "ENC005")
    assert [(one.line, one.column, one.offset) for one in found] == [(1, 1, 3), (3, 1, 6 + 2 * len(ROW))]
    assert [one.fix.edits for one in found if one.fix] == [
        (Edit(3, 6, b""),),
        (Edit(6 + 2 * len(ROW), 15 + 2 * len(ROW), b""),),
    ]


def test_marks_are_not_named_twice() -> None:
    """However many marks begin a line, its JSON is judged without them."""
    data = BOM + BOM + BOM + ROW + ROW + BOM + BOM + ROW
    assert findings(data, "JSN001") == []


def test_mark_alone_on_a_line_leaves_it_blank() -> None:
    """A line of nothing but a stray mark is a blank line too, so that neither rule hides it when the other is ignored."""
    data = ROW + BOM + b"\n" + ROW
    assert [one.line for one in findings(data, "ENC005")] == [2]
    assert [one.line for one in findings(data, "FIL005")] == [2]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_encodings_have_one_error(encoding: str, mark: str) -> None:
    """Of a file in another encoding nothing else is said, whatever its lines hold."""
    text = mark + ROW.decode() * 3 + "{broken\n\n"
    report = check(text.encode(encoding))
    assert [finding.code for finding in report.findings] == ["ENC004"]
    assert report.findings[0].message.startswith(f"the file is {encoding[:6].upper()}")
