"""Syntax faults: the place, the words, the repair."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Path
from jsonl_lint.scan import scan

QUOTE_HINT = r'a double quote inside the text must be written \"'
ESCAPES = r"JSON knows \" \\ \/ \b \f \n \r \t \uXXXX"


class Case(NamedTuple):
    text: bytes | str
    piece: bytes | str
    """What the fault spans; the text before it tells where."""
    message: str
    repaired: bytes | str | None = None
    path: Path = ()


CASES = [
    # commas
    Case("[1,]", ",", "a comma before the closing ] (trailing comma)", "[1]"),
    Case('{"a":[1 , \n]}', ",", "a comma before the closing ] (trailing comma)", '{"a":[1  \n]}', ("a",)),
    Case('{"a":1,}', ",", "a comma before the closing } (trailing comma)", '{"a":1}'),
    Case('{"a":1} , ', ",", "a comma after the value (trailing comma)", '{"a":1}  '),
    Case("[1,,2]", ",2", "two commas with nothing between them"),
    Case("[,1]", ",", "a comma with nothing before it"),
    Case("{,}", ",", "a comma with nothing before it"),
    Case(",1", ",", "a comma with nothing before it"),
    Case("[1 2]", "2", "expected a comma or ] but found a number (missing comma)", "[1, 2]"),
    Case("[1 true]", "true", "expected a comma or ] but found true (missing comma)", "[1, true]"),
    Case("[{}{}]", "{", "expected a comma or ] but found { (missing comma)", "[{},{}]"),
    Case('["a" "b"]', '"b"', "expected a comma or ] but found a string (missing comma)", '["a", "b"]'),
    Case('{"a":"x" "b":1}', '"b"', "expected a comma or } but found a string (missing comma)", '{"a":"x", "b":1}'),
    Case('{"a":1"b":1}', '"b"', "expected a comma or } but found a string (missing comma)", '{"a":1,"b":1}'),
    # unescaped double quotes: they look like missing commas
    Case('{"a":"say "hi" now"}', "hi", f"expected a comma or }} but found a letter; {QUOTE_HINT}"),
    Case('{"a":"b" c"}', 'c', f"expected a comma or }} but found a letter; {QUOTE_HINT}"),
    Case('["a""b"]', '"b"', f"expected a comma or ] but found a string; {QUOTE_HINT}"),
    Case('{"a":"x" "y"}', '"y"', f"expected a comma or }} but found a string; {QUOTE_HINT}"),
    Case('{"a":"5 " 7"}', "7", f"expected a comma or }} but found a digit; {QUOTE_HINT}"),
    Case('{"a"b":1}', "b", f"expected : after the key but found a letter; {QUOTE_HINT}"),
    Case('{"a":1 2}', "2", "expected a comma or } but found a number"),
    Case('{"a":1 x}', "x", "expected a comma or } but found a letter"),
    # quotes of other kinds
    Case("{'a': 1}", "'a'", "single quotes; JSON strings take double quotes", '{"a": 1}'),
    Case(
        r"""['it\'s "x"' , 1]""",
        r"""'it\'s "x"'""",
        "single quotes; JSON strings take double quotes",
        r"""["it's \"x\"" , 1]""",
    ),
    Case(b"['a\t\\\"\\n']", b"'a\t\\\"\\n'", "single quotes; JSON strings take double quotes", rb'["a\u0009\"\n"]'),
    Case("['it's']", "'it's']", "single quotes; JSON strings take double quotes"),
    Case("['abc", "'", "single quotes; JSON strings take double quotes"),
    Case('{“a”: 1}', "“a”", "smart quotes (“, U+201C); JSON strings take straight double quotes", '{"a": 1}'),
    Case('{“a": 1}', '“a"', "smart quotes (“, U+201C); JSON strings take straight double quotes", '{"a": 1}'),
    Case('[‘a “b”’]', "‘a “b”’", "smart quotes (‘, U+2018); JSON strings take straight double quotes", '["a “b”"]'),
    Case('[«"a"»]', '«"a"»', "smart quotes («, U+00AB); JSON strings take straight double quotes", r'["\"a\""]'),
    Case("[‘it’s’]", "‘", "smart quotes (‘, U+2018); JSON strings take straight double quotes"),
    # words
    Case("[True]", "True", "True is Python; JSON writes true", "[true]"),
    Case('{"a": None}', "None", "None is Python; JSON writes null", '{"a": null}'),
    Case("False", "False", "False is Python; JSON writes false", "false"),
    Case("[TRUE]", "TRUE", "TRUE in the wrong case; JSON writes true"),
    Case("[Null]", "Null", "Null in the wrong case; JSON writes null"),
    Case("[undefined]", "undefined", "undefined is JavaScript; JSON writes null"),
    Case("[nan]", "nan", "nan; JSON has no such number"),
    Case("[NaNa]", "NaNa", "the word NaNa without quotes"),
    Case("[trueish]", "trueish", "the word trueish without quotes"),
    Case(f"[{'x' * 99}]", "x" * 99, f"the word {'x' * 19}… without quotes"),
    Case("hello", "hello", "the word hello, which is no JSON value"),
    # numbers
    Case("[+1]", "+1", "a number can't start with +", "[1]"),
    Case("[++1]", "++1", "a number can't start with +"),
    Case("[-01]", "-01", "a number can't start with 0 (leading zero)"),
    Case("[.5]", ".5", "a number can't start with a point; write 0 before it"),
    Case("[5.]", "5.", "a number can't end with its point; digits must follow"),
    Case("[2.e3]", "2.e3", "a number can't end with its point; digits must follow"),
    Case("[0x1F]", "0x1F", "a hexadecimal number; JSON has only decimal ones"),
    Case("[0b10]", "0b10", "an octal or binary number; JSON has only decimal ones"),
    Case("[1e+]", "1e+", "a number whose exponent has no digits"),
    Case("[1_000]", "1_000", "a number can't have _ between its digits"),
    Case("[1.2.3]", "1.2.3", "a number with other characters in or behind it"),
    Case("[-]", "-", "a minus sign without a number"),
    Case("-", "-", "a minus sign without a number"),
    Case("[-NaN]", "-NaN", "a minus sign without a number"),
    Case("[.]", ".", "a point without a number"),
    # comments
    Case("[/* one */1]", "/* one */", "a comment; JSON has none", "[ 1]"),
    Case("[1/**/2]", "/**/", "a comment; JSON has none", "[1 2]"),
    Case('{"a":1} /**/', "/**/", "a comment; JSON has none", '{"a":1}  '),
    Case("[1 // one\n]", "// one", "a comment; JSON has none"),
    Case("[1 # one]", "# one]", "a comment; JSON has none"),
    Case("[/* one]", "/*", "a comment that does not end; JSON has none"),
    Case("[1/2]", "/", "expected a comma or ] but found /"),
    # keys and colons
    Case("{a:1}", "a", "a key without quotes"),
    Case('{"a":1,None:1}', "None", "a key without quotes"),
    Case("{1:1}", "1", "a key without quotes"),
    Case('{"b":{"a"=1}}', "=", "= instead of : after the key", None, ("b",)),
    Case('{"a" 1}', "1", "expected : after the key but found a number"),
    Case('{"a" "b"}', '"b"', "expected : after the key but found a string"),
    Case('{"a",1}', ",", "expected : after the key but found a comma"),
    Case('{"a"}', "}", "expected : after the key but found }"),
    Case('{"a"：1}', "：", "expected : after the key but found a full-width : (U+FF1A)"),
    Case('{"a":}', "}", "no value after the colon"),
    Case('{"a":,"b":1}', ',"b', "no value after the colon"),
    Case('{"a"::1}', ":1", "two colons after the key"),
    Case("{:1}", ":", "a colon with no key before it"),
    Case('["a":1]', ":", "a colon in an array; keys belong in { }"),
    Case("{[", "[", "expected a key in double quotes or } but found ["),
    Case('{"a":1,{', "{", "expected a key in double quotes but found {"),
    Case('{"a":1;"b":2}', ";", "expected a comma or } but found a semicolon"),
    Case(r'{\"a\":1}', "\\", "a backslash outside a string (is the line escaped twice?)"),
    # brackets
    Case('{"a":[1}', "}", "a closing } where the [ at column 6 needs ] (mismatched bracket)", None, ("a",)),
    Case('["é",{]', "]", "a closing ] where the { at column 6 needs } (mismatched bracket)", None, (1,)),
    Case("{}}", "}", "an extra closing } (no bracket is open)"),
    Case("]", "]", "an extra closing ] (no bracket is open)"),
    # strings
    Case("[\"\t\"]", "\t", r"a raw tab in a string; write it \t", r'["\t"]'),
    Case('["a\nb\x00\\n\x1f"]', "\n", r"a raw line feed in a string; write it \n", r'["a\nb\u0000\n\u001f"]'),
    Case('["\x00"]', "\x00", r"a raw NUL (U+0000) in a string; write it \u0000", r'["\u0000"]'),
    Case('{"\x01":1}', "\x01", r"a control character (U+0001) in a string; write it \u0001", r'{"\u0001":1}'),
    Case(r'["\x41"]', r"\x", rf"bad escape \x; {ESCAPES}"),
    Case(r'["\'"]', r"\'", rf"bad escape \'; {ESCAPES}"),
    Case('["\\\t"]', "\\\t", f"bad escape of a tab (U+0009); {ESCAPES}"),
    Case('["\\é"]', "\\é", f"bad escape of é (U+00E9); {ESCAPES}"),
    Case(b'["\\\xe5"]', b"\\\xe5", f"bad escape of a byte that is not UTF-8; {ESCAPES}"),
    Case(r'["\u12"]', r"\u", r"bad escape \u; it takes four hexadecimal digits, as in \u00e9"),
    # characters between the tokens
    Case("[\u00a01]", "\u00a0", "expected a value or ] but found a no-break space (U+00A0)"),
    Case("[1\u200b]", "\u200b", "expected a comma or ] but found a zero-width space (U+200B)"),
    Case("[1，2]", "，", "expected a comma or ] but found a full-width , (U+FF0C)"),
    Case("[1,\ufeff2]", "\ufeff", "expected a value but found a byte order mark (U+FEFF)"),
    Case("[é]", "é", "expected a value or ] but found é (U+00E9)"),
    Case("[\u202e]", "\u202e", "expected a value or ] but found U+202E"),
    Case(b"[\xe5]", b"\xe5", "expected a value or ] but found a byte that is not UTF-8"),
    Case("[\x00]", "\x00", "expected a value or ] but found a NUL (U+0000)"),
    Case("[\x01]", "\x01", "expected a value or ] but found a control character (U+0001)"),
    Case("[*]", "*", "expected a value or ] but found *"),
    Case("\ufeff{}", "\ufeff", "a byte order mark (U+FEFF) before the value"),
    # behind the value
    Case('{"a":1} x', "x", "unexpected text after the value (a letter)"),
    Case('{"a":1}"b"', '"b"', "unexpected text after the value (a string)"),
    Case("1 2", "2", "unexpected text after the value (a number)"),
    Case('{"a":1}{"b":', '{"b', "unexpected text after the value ({)"),
    Case('{"a":1}, x', ", x", "unexpected text after the value (a comma)"),
    # cut off
    Case("", "", "no text where a JSON value should stand"),
    Case(" \t", "", "no text where a JSON value should stand"),
    Case('["é', "", "the line is cut off inside a string that began at column 2 (1 bracket still open)", None, ()),
    Case('{"é":["', "", "the line is cut off inside a string that began at column 7 (2 brackets still open)", None, ("é",)),
    Case('"\\', "", "the line is cut off inside a string that began at column 1"),
    Case(r'["\u00', "", "the line is cut off inside a string that began at column 2 (1 bracket still open)"),
    Case('[{"a', "", "the line is cut off inside a string that began at column 3 (2 brackets still open)", None, (0,)),
    Case('{"a" ', "", "the line is cut off after a key (1 bracket still open)"),
    Case('{"a":', "", "the line is cut off after a colon (1 bracket still open)"),
    Case('{"a":1', "", "the line is cut off inside an object (1 bracket still open)"),
    Case('{"a":1,', "", "the line is cut off after a comma (1 bracket still open)"),
    Case("{", "", "the line is cut off inside an object (1 bracket still open)"),
    Case("[[1", "", "the line is cut off inside an array (2 brackets still open)", None, (0,)),
    Case("[1,", "", "the line is cut off after a comma (1 bracket still open)"),
    Case("[", "", "the line is cut off inside an array (1 bracket still open)"),
    Case("[tru", "", "the line is cut off inside a word (1 bracket still open)"),
    Case("[1.", "", "the line is cut off inside a number (1 bracket still open)"),
    Case("[-", "", "the line is cut off inside a number (1 bracket still open)"),
    Case("[1e+", "", "the line is cut off inside a number (1 bracket still open)"),
]  # fmt: skip


def as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def repaired(text: bytes, fault: Fault) -> bytes:
    for edit in reversed(fault.edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.text)[:40])
def test_syntax_fault(case: Case) -> None:
    text, piece = as_bytes(case.text), as_bytes(case.piece)
    (fault,) = scan(text)
    assert fault.kind == "syntax"
    assert fault.message == case.message
    assert text.startswith(text[fault.start : fault.end], fault.start)
    assert piece.startswith(text[fault.start : fault.end])
    assert text.startswith(piece, fault.start)
    assert (fault.start == fault.end) == (not piece)
    assert fault.path == case.path
    assert (repaired(text, fault) if fault.edits else None) == (case.repaired and as_bytes(case.repaired))
    if not piece:
        assert fault.start == len(text)


def test_soft_faults_before_a_syntax_fault_are_kept() -> None:
    assert [(fault.kind, fault.start) for fault in scan(rb'{"a":"\ud800","a":[NaN,"\udc00 \x"]}')] == [
        ("lone-surrogate", 6),
        ("duplicate-key", 14),
        ("non-finite", 19),
        ("lone-surrogate", 24),
        ("syntax", 31),
    ]


def test_a_fault_in_a_key_has_the_path_of_its_object() -> None:
    lone, syntax = scan(rb'{"a":{"b":1,"\ud800\x":2}}')
    assert (lone.path, syntax.path) == (("a",), ("a",))


@pytest.mark.parametrize("depth", [1, 3, 200])
def test_depth(depth: int) -> None:
    allowed = b'{"a":' * depth + b"1" + b"}" * depth
    assert scan(allowed, max_depth=depth) == ()
    text = b"[" + allowed + b"]"
    assert scan(text, max_depth=depth) == (
        Fault("too-deep", depth * 5 - 4, depth * 5 - 3, f"nested deeper than {depth} levels", (0, *"a" * (depth - 2))[: depth - 1]),
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

    @pytest.mark.parametrize("text", [b"[] 1", b"[] [1", b"[],,[]", b"[] null", b'[] "a"'])
    def test_anything_else_is_a_syntax_fault(self, text: bytes) -> None:
        assert [fault.kind for fault in scan(text)] == ["syntax"]
