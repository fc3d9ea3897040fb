"""Syntax faults: the place, the words, the repair."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Path
from jsonl_lint.scan import scan

QUOTE_HINT = r"a double quote inside the text must be written \""
ESCAPES = r"JSON knows \" \\ \/ \b \f \n \r \t \uXXXX"


class Case(NamedTuple):
    marked: str
    """The text, with ⟦ and ⟧ around what the fault spans; surrogates stand for bytes that are not UTF-8."""
    message: str
    repaired: str | None = None
    path: Path = ()


CASES = [
    # commas
    Case("[1⟦,⟧]", "a comma before the closing ] (trailing comma)", "[1]"),
    Case('{"a":[1 ⟦,⟧ \n]}', "a comma before the closing ] (trailing comma)", '{"a":[1  \n]}', ("a",)),
    Case('{"a":1⟦,⟧}', "a comma before the closing } (trailing comma)", '{"a":1}'),
    Case('{"a":1} ⟦,⟧ ', "a comma after the value (trailing comma)", '{"a":1}  '),
    Case("[1,⟦,⟧2]", "two commas with nothing between them"),
    Case("[⟦,⟧1]", "a comma with nothing before it"),
    Case("{⟦,⟧}", "a comma with nothing before it"),
    Case("⟦,⟧1", "a comma with nothing before it"),
    Case("[1 ⟦2⟧]", "expected a comma or ] but found a number (missing comma)", "[1, 2]"),
    Case("[1 ⟦true⟧]", "expected a comma or ] but found true (missing comma)", "[1, true]"),
    Case("[{}⟦{⟧}]", "expected a comma or ] but found { (missing comma)", "[{},{}]"),
    Case('["a" ⟦"b"⟧]', "expected a comma or ] but found a string (missing comma)", '["a", "b"]'),
    Case('{"a":"x" ⟦"b"⟧:1}', "expected a comma or } but found a string (missing comma)", '{"a":"x", "b":1}'),
    Case('{"a":1⟦"b"⟧:1}', "expected a comma or } but found a string (missing comma)", '{"a":1,"b":1}'),
    # unescaped double quotes: they look like missing commas
    Case('{"a":"say "⟦hi⟧" now"}', f"expected a comma or }} but found a letter; {QUOTE_HINT}"),
    Case('{"a":"b" ⟦c⟧"}', f"expected a comma or }} but found a letter; {QUOTE_HINT}"),
    Case('["a"⟦"b"⟧]', f"expected a comma or ] but found a string; {QUOTE_HINT}"),
    Case('{"a":"x" ⟦"y"⟧}', f"expected a comma or }} but found a string; {QUOTE_HINT}"),
    Case('{"a":"5 " ⟦7⟧"}', f"expected a comma or }} but found a number; {QUOTE_HINT}"),
    Case('{"a"⟦b⟧":1}', f"expected : after the key but found a letter; {QUOTE_HINT}"),
    Case('{"a":1 ⟦2⟧}', "expected a comma or } but found a number"),
    Case('{"a":1 ⟦x⟧}', "expected a comma or } but found a letter"),
    # quotes of other kinds
    Case("{⟦'a'⟧: 1}", "single quotes; JSON strings take double quotes", '{"a": 1}'),
    Case(r"""[⟦'it\'s "x"'⟧ , 1]""", "single quotes; JSON strings take double quotes", r"""["it's \"x\"" , 1]"""),
    Case("[⟦'a\t\\\"\\n'⟧]", "single quotes; JSON strings take double quotes", r'["a\t\"\n"]'),
    Case("[⟦'⟧it's']", "single quotes; JSON strings take double quotes"),
    Case("[⟦'⟧abc", "single quotes; JSON strings take double quotes"),
    Case("{⟦“a”⟧: 1}", "smart quotes (“, U+201C); JSON strings take straight double quotes", '{"a": 1}'),
    Case('{⟦“a"⟧: 1}', "smart quotes (“, U+201C); JSON strings take straight double quotes", '{"a": 1}'),
    Case("[⟦‘a “b”’⟧]", "smart quotes (‘, U+2018); JSON strings take straight double quotes", '["a “b”"]'),
    Case('[⟦«"a"»⟧]', "smart quotes («, U+00AB); JSON strings take straight double quotes", r'["\"a\""]'),
    Case("[⟦‘⟧it’s’]", "smart quotes (‘, U+2018); JSON strings take straight double quotes"),
    # words
    Case("[⟦True⟧]", "True is Python; JSON writes true", "[true]"),
    Case('{"a": ⟦None⟧}', "None is Python; JSON writes null", '{"a": null}'),
    Case("⟦False⟧", "False is Python; JSON writes false", "false"),
    Case("[⟦TRUE⟧]", "TRUE in the wrong case; JSON writes true"),
    Case("[⟦Null⟧]", "Null in the wrong case; JSON writes null"),
    Case("[⟦undefined⟧]", "undefined is JavaScript; JSON writes null"),
    Case("[⟦nan⟧]", "nan; JSON has no such number"),
    Case("[⟦NaNa⟧]", "the word NaNa without quotes"),
    Case("[⟦trueish⟧]", "the word trueish without quotes"),
    Case(f"[⟦{'x' * 99}⟧]", f"the word {'x' * 19}… without quotes"),
    Case("⟦hello⟧", "the word hello, which is no JSON value"),
    # numbers
    Case("[⟦+1⟧]", "a number can't start with +", "[1]"),
    Case("[⟦++1⟧]", "a number can't start with +"),
    Case("[⟦-01⟧]", "a number can't start with 0 (leading zero)"),
    Case("[⟦.5⟧]", "a number can't start with a point; write 0 before it"),
    Case("[⟦5.⟧]", "a number can't end with its point; digits must follow"),
    Case("[⟦2.e3⟧]", "a number can't end with its point; digits must follow"),
    Case("[⟦0x1F⟧]", "a hexadecimal number; JSON has only decimal ones"),
    Case("[⟦0b10⟧]", "an octal or binary number; JSON has only decimal ones"),
    Case("[⟦1e+⟧]", "a number whose exponent has no digits"),
    Case("[⟦1_000⟧]", "a number can't have _ between its digits"),
    Case("[⟦1.2.3⟧]", "a number with other characters in or behind it"),
    Case("[⟦-⟧]", "a minus sign without a number"),
    Case("⟦-⟧", "a minus sign without a number"),
    Case("[⟦-NaN⟧]", "a minus sign without a number"),
    Case("[⟦.⟧]", "a point without a number"),
    # comments
    Case("[⟦/* one */⟧1]", "a comment; JSON has none", "[ 1]"),
    Case("[1⟦/**/⟧2]", "a comment; JSON has none", "[1 2]"),
    Case('{"a":1} ⟦/**/⟧', "a comment; JSON has none", '{"a":1}  '),
    Case("[1 ⟦// one⟧\n]", "a comment; JSON has none"),
    Case("[1 ⟦# one]⟧", "a comment; JSON has none"),
    Case("[⟦/*⟧ one]", "a comment that does not end; JSON has none"),
    Case("[1⟦/⟧2]", "expected a comma or ] but found /"),
    # keys and colons
    Case("{⟦a⟧:1}", "a key without quotes"),
    Case('{"a":1,⟦None⟧:1}', "a key without quotes"),
    Case("{⟦1⟧:1}", "a key without quotes"),
    Case('{"b":{"a"⟦=⟧1}}', "= instead of : after the key", None, ("b",)),
    Case('{"a" ⟦1⟧}', "expected : after the key but found a number"),
    Case('{"a" ⟦"b"⟧}', "expected : after the key but found a string"),
    Case('{"a"⟦,⟧1}', "expected : after the key but found a comma"),
    Case('{"a"⟦}⟧', "expected : after the key but found }"),
    Case('{"a"⟦：⟧1}', "expected : after the key but found a full-width : (U+FF1A)"),
    Case('{"a":⟦}⟧', "no value after the colon"),
    Case('{"a":⟦,⟧"b":1}', "no value after the colon"),
    Case('{"a":⟦:⟧1}', "two colons after the key"),
    Case("{⟦:⟧1}", "a colon with no key before it"),
    Case('["a"⟦:⟧1]', "a colon in an array; keys belong in { }"),
    Case("{⟦[⟧", "expected a key in double quotes or } but found ["),
    Case('{"a":1,⟦{⟧', "expected a key in double quotes but found {"),
    Case('{"a":1⟦;⟧"b":2}', "expected a comma or } but found a semicolon"),
    Case(r'{⟦\⟧"a\":1}', "a backslash outside a string (is the line escaped twice?)"),
    # brackets
    Case('{"a":[1⟦}⟧', "a closing } where the [ at column 6 needs ] (mismatched bracket)", None, ("a",)),
    Case('["é",{⟦]⟧', "a closing ] where the { at column 6 needs } (mismatched bracket)", None, (1,)),
    Case("{}⟦}⟧", "an extra closing } (no bracket is open)"),
    Case("⟦]⟧", "an extra closing ] (no bracket is open)"),
    # strings
    Case('["⟦\t⟧"]', r"a raw tab in a string; write it \t", r'["\t"]'),
    Case('["a⟦\n⟧b\x00\\n\x1f"]', r"a raw line feed in a string; write it \n", r'["a\nb\u0000\n\u001f"]'),
    Case('["⟦\x00⟧"]', r"a raw NUL (U+0000) in a string; write it \u0000", r'["\u0000"]'),
    Case('{"⟦\x01⟧":1}', r"a control character (U+0001) in a string; write it \u0001", r'{"\u0001":1}'),
    Case(r'["⟦\x⟧41"]', rf"bad escape \x; {ESCAPES}"),
    Case(r"""["⟦\'⟧"]""", rf"bad escape \'; {ESCAPES}"),
    Case('["⟦\\\t⟧"]', f"bad escape of a tab (U+0009); {ESCAPES}"),
    Case(r'["⟦\é⟧"]', f"bad escape of é (U+00E9); {ESCAPES}"),
    Case('["⟦\\\udce5⟧"]', f"bad escape of a byte that is not UTF-8; {ESCAPES}"),
    Case(r'["⟦\u⟧12"]', r"bad escape \u; it takes four hexadecimal digits, as in \u00e9"),
    # characters between the tokens
    Case("[⟦\xa0⟧1]", "expected a value or ] but found a no-break space (U+00A0)"),
    Case("[1⟦\u200b⟧]", "expected a comma or ] but found a zero-width space (U+200B)"),
    Case("[1⟦，⟧2]", "expected a comma or ] but found a full-width , (U+FF0C)"),
    Case("[1,⟦\ufeff⟧2]", "expected a value but found a byte order mark (U+FEFF)"),
    Case("[⟦é⟧]", "expected a value or ] but found é (U+00E9)"),
    Case("[⟦\u202e⟧]", "expected a value or ] but found U+202E"),
    Case("[⟦\udce5⟧]", "expected a value or ] but found a byte that is not UTF-8"),
    Case("[⟦\x00⟧]", "expected a value or ] but found a NUL (U+0000)"),
    Case("[⟦\x01⟧]", "expected a value or ] but found a control character (U+0001)"),
    Case("[⟦*⟧]", "expected a value or ] but found *"),
    Case("⟦\ufeff⟧{}", "a byte order mark (U+FEFF) before the value"),
    # behind the value
    Case('{"a":1} ⟦x⟧', "unexpected text after the value (a letter)"),
    Case('{"a":1}⟦"b"⟧', "unexpected text after the value (a string)"),
    Case("1 ⟦2⟧", "unexpected text after the value (a number)"),
    Case('{"a":1}⟦{⟧b:', "unexpected text after the value ({)"),
    Case('{"a":1}⟦,⟧ x', "unexpected text after the value (a comma)"),
    # cut off
    Case("⟦⟧", "no text where a JSON value should stand"),
    Case(" \t⟦⟧", "no text where a JSON value should stand"),
    Case('["é⟦⟧', "the line is cut off inside a string that began at column 2 (1 bracket still open)"),
    Case('{"é":"⟦⟧', "the line is cut off inside a string that began at column 6 (1 bracket still open)"),
    Case(r'"\⟦⟧', "the line is cut off inside a string that began at column 1"),
    Case(r'["\u00⟦⟧', "the line is cut off inside a string that began at column 2 (1 bracket still open)"),
    Case('[{"a⟦⟧', "the line is cut off inside a string that began at column 3 (2 brackets still open)", None, (0,)),
    Case('{"a" ⟦⟧', "the line is cut off after a key (1 bracket still open)"),
    Case('{"a":⟦⟧', "the line is cut off after a colon (1 bracket still open)"),
    Case('{"a":1⟦⟧', "the line is cut off inside an object (1 bracket still open)"),
    Case('{"a":1,⟦⟧', "the line is cut off after a comma (1 bracket still open)"),
    Case("{⟦⟧", "the line is cut off inside an object (1 bracket still open)"),
    Case("[[1⟦⟧", "the line is cut off inside an array (2 brackets still open)", None, (0,)),
    Case("[1,⟦⟧", "the line is cut off after a comma (1 bracket still open)"),
    Case("[⟦⟧", "the line is cut off inside an array (1 bracket still open)"),
    Case("[tru⟦⟧", "the line is cut off inside a word (1 bracket still open)"),
    Case("[1.⟦⟧", "the line is cut off inside a number (1 bracket still open)"),
    Case("[-⟦⟧", "the line is cut off inside a number (1 bracket still open)"),
    Case("[1e+⟦⟧", "the line is cut off inside a number (1 bracket still open)"),
]  # fmt: skip


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def repaired(text: bytes, fault: Fault) -> bytes:
    for edit in reversed(fault.edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.marked)[:40])
def test_syntax_fault(case: Case) -> None:
    before, piece, after = map(as_bytes, case.marked.replace("⟧", "⟦").split("⟦"))
    text = before + piece + after
    (fault,) = scan(text)
    assert (fault.kind, fault.message) == ("syntax", case.message)
    assert (fault.start, fault.end) == (len(before), len(before) + len(piece))
    assert fault.path == case.path
    assert (repaired(text, fault) if fault.edits else None) == (case.repaired and as_bytes(case.repaired))


@pytest.mark.parametrize("code", range(0x20))
def test_every_control_character_must_be_escaped(code: int) -> None:
    text = b'["a%c\\"%c"]' % (code, code)
    (fault,) = scan(text)
    assert (fault.kind, fault.start, fault.end) == ("syntax", 3, 4)
    assert json.loads(repaired(text, fault)) == [f'a{chr(code)}"{chr(code)}']


@pytest.mark.parametrize("code", range(0x20, 0x100))
def test_no_other_byte_needs_an_escape(code: int) -> None:
    assert scan(b'["a%c"]' % code) == () or code in b'"\\'


def test_soft_faults_before_a_syntax_fault_are_kept() -> None:
    assert [(fault.kind, fault.start) for fault in scan(rb'{"a":"\ud800","a":[NaN,"\udc00 \x"]}')] == [
        ("lone-surrogate", 6),
        ("duplicate-key", 14),
        ("non-finite", 19),
        ("lone-surrogate", 24),
        ("syntax", 31),
    ]


def test_a_python_dict_is_repaired_step_by_step() -> None:
    row = {"messages": [{"role": "user", "content": 'It\'s a "b"\n'}], "ok": [True, False, None], "é": -1.5}
    text = repr(row).encode()
    for _ in range(20):
        faults = scan(text)
        if not faults:
            break
        text = repaired(text, faults[-1])
    assert json.loads(text) == row


def test_a_fault_in_a_key_has_the_path_of_its_object() -> None:
    lone, syntax = scan(rb'{"a":{"b":1,"\ud800\x":2}}')
    assert (lone.path, syntax.path) == (("a",), ("a",))


@pytest.mark.parametrize("depth", [1, 3, 200])
def test_depth(depth: int) -> None:
    allowed = b'{"a":' * depth + b"1" + b"}" * depth
    assert scan(allowed, max_depth=depth) == ()
    bracket = 5 * depth - 4
    path: Path = (0, *"a" * (depth - 2))[: depth - 1]
    assert scan(b"[" + allowed + b"]", max_depth=depth) == (
        Fault("too-deep", bracket, bracket + 1, f"nested deeper than {depth} levels", path),
    )


def test_a_fault_behind_the_bracket_too_deep_is_not_sought() -> None:
    (fault,) = scan(b"[" * 201)
    assert (fault.kind, fault.start, fault.end) == ("too-deep", 200, 201)


class TestSeveralValues:
    @pytest.mark.parametrize(
        ("text", "after"),
        [
            (b'{"a":1}{"b":2}', b'{"a":1}\n{"b":2}'),
            (b'{"a":1} \t {"b":2} ', b'{"a":1}\n{"b":2} '),
            (b'{"a":1} , [2],{}{}', b'{"a":1}\n[2]\n{}\n{}'),
            (b'"a" [1]', b'"a"\n[1]'),
            (b'{"a":NaN}{"b":1,"b":2}', b'{"a":NaN}\n{"b":1,"b":2}'),
            (b"[][] x", b"[]\n[] x"),
            (b'{"a":1}{"b":', b'{"a":1}\n{"b":'),
            (b'{"a":1} {"b":1} { "c": x} []', b'{"a":1}\n{"b":1}\n{ "c": x} []'),
            (b"[][][", b"[]\n[]["),
        ],
    )
    def test_are_parted(self, text: bytes, after: bytes) -> None:
        fault = scan(text)[-1]
        assert fault.kind == "several-values"
        assert repaired(text, fault) == after

    def test_span_and_words(self) -> None:
        assert scan(b"[1], [2][3]  ")[0].message == "3 JSON values on one line"
        assert (scan(b"[1], [2][3]  ")[0].start, scan(b"[1], [2][3]  ")[0].end) == (5, 11)

    def test_faults_of_the_first_value_are_kept_and_those_of_the_others_left(self) -> None:
        assert [fault.kind for fault in scan(b"[NaN][Infinity]")] == ["non-finite", "several-values"]

    @pytest.mark.parametrize(
        "text", [b"[] 1", b"[] [1", b"[],,[]", b"[] null", b'[] "a"', b'[] {"a":', b"{} {", b"{} {a"]
    )
    def test_anything_else_is_a_syntax_fault(self, text: bytes) -> None:
        assert [fault.kind for fault in scan(text)] == ["syntax"]
