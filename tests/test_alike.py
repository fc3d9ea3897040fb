"""Lines that are alike: what is remembered of one holds for the others."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_gate import ANSWER, QUESTION, changed_line, chat, good_row, plan, rewrite, tool

import jsonl_lint
from jsonl_lint import declared, engine, families, native
from jsonl_lint.alike import FEW, PATIENCE, REST, Alike
from jsonl_lint.config import Settings
from jsonl_lint.engine import Checker, Range
from jsonl_lint.families import LOOKED_AT, MAX_LINE_BYTES
from jsonl_lint.finding import Path
from jsonl_lint.frames import Framer
from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.partial import Partial
from jsonl_lint.plan import make_plan
from jsonl_lint.targets import METHODS, Method
from jsonl_lint.text import INVISIBLE

PLAIN = (
    b"Hello",
    b"x",
    b" x",
    b"~",
    b"5",
    b"{}",
    b"[]",
    b"",
    b" ",
    b"null",
    b"'",
    b"data:image/png;base64,iVBORw0KGgo=",
)
ESCAPED = tuple(
    rb"\n\n- x|\"{|\\|\/|\u4f60|\ud83d\ude00 x|x \ud83d\ude00|\n|\u200b|\ud83d|x\ud83d|x\q|\u0041|\", \"role\": \"user".split(
        b"|"
    )
)
FOREIGN = tuple(text.encode() for text in ("caf\u00e9", "\u4f60\u597d", "\U0001f600", "\u200b", "\u200bx", "\u3000"))
BROKEN = (
    b"x\xe9",
    b"\xe9x",
    b"x\xed\xa0\x80",
    b"\xff",
    b"x\x01",
    b"\t",
    b"\r",
    b"x\\",
    b'x"',
    b'", "role": "user',
    b'"}, {"',
)
WORDS = (*PLAIN, *ESCAPED, *FOREIGN, *BROKEN)
NUMBERS = tuple(
    b"0 -3 12.5 1700000000 9007199254740992 10000000000000000 -98765432109876543210 1e5 1e999 NaN 0.123456789012345678".split()
)


IDS = (*b"call_1 call_2 call_0_0 call_0_1 x".split(), b"", b"a\\u0062", "\u200b".encode(), "\u00e9".encode())
ARGUMENTS = (
    rb"{\"of\": \"France\"}",
    rb"{\"of\": \"Italy\"}",
    rb" {\"of\":\t\"It\u0061ly\"}\n",
    rb"{\"of\": \"" + b"x" * 90 + rb"\"}",
    rb"{\"of\": 5}",
    rb"{\"off\": \"France\"}",
    rb"{\"of\": \"France\"",
    rb"{\"of\": NaN}",
    rb"[]",
    rb"\"{}\"",
    rb"null",
    rb"",
    rb"\ud83d",
    b"\xff",
)
# A member that may be told of in other words, and a number that stands alone.
MEMBER = re.compile(rb'"([^"\\]*)": ?(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.e]*)')
NAMES = (
    b"capital",
    b"weather",
    b"Ann",
    b"Zoe-7_",
    b"a b",
    b"",
    b"x" * 64,
    b"x" * 65,
    "\u00e9".encode(),
    b"a\\u0062",
    b"Bob!",
)
ADDRESSES = tuple(
    b"https://example.com/c.png http://a https:// https:///x HTTP://x ftp://x https://x\\u0041 https://#".split()
)
HEADS = {b"id": IDS, b"tool_call_id": IDS, b"arguments": ARGUMENTS, b"name": NAMES, b"url": ADDRESSES}
KEPT = frozenset(key.encode() for key in LOOKED_AT)


NUMBERED = re.compile(rb'"k[0-9]*":')


def renumbered(rng: random.Random, line: bytes) -> bytes:
    """A line with other numbers in those keys that have some, or the same line."""
    if rng.random() < 0.8:
        return line
    return NUMBERED.sub(lambda _: b'"k%b":' % rng.choice((b"1", b"2", b"33", b"4_x", b"\\u0035", b"")), line)


def reworded(rng: random.Random, line: bytes) -> bytes:
    """A line with other words where its frame has room for them; what is put there may change the frame."""

    def other(match: re.Match[bytes]) -> bytes:
        """Another spelling of a member."""
        key = match[1]
        if rng.random() > (rate / 20 if key in KEPT.difference(HEADS) else rate):
            return match[0]
        if not match[0].endswith(b'"'):
            return b'"%b": %b' % (key, rng.choice(NUMBERS))
        odd = rng.choice(WORDS) + rng.choice((b"", *WORDS))
        text = rng.choice(HEADS[key]) if key in HEADS else rng.choice((b"Yes", b"x \\ud83d\\ude00", b"No.", odd))
        return b'"%b": "%b"' % (key, text)

    rate = rng.choice((0.1, 0.3, 0.7))
    made = MEMBER.sub(other, renumbered(rng, line))
    return (made[: rng.randrange(len(made) + 1)] if rng.random() < 0.05 else made).replace(b"\n", b" ")


PARAMETERS: tuple[Any, ...] = (
    {"type": "object", "properties": {"of": {"type": "integer"}}, "required": ["of", "at"]},
    {"type": "object", "properties": {"of": {"anyOf": [{"type": "null", "description": "x"}, {"const": "France"}]}}},
    {
        "type": "object",
        "properties": {"of": {"enum": ["France", {"description": "Italy"}]}},
        "additionalProperties": False,
    },
    {"type": "object", "properties": {"of": {"title": "Of", "description": "A country."}}},
    {"type": "object", "properties": {"description": {"type": "string"}, "of": {"$ref": "#/$defs/of"}}},
    {"properties": {"of": {"properties": {"of": {"type": "string"}, "at": {"type": "strin"}}}, "to": {"title": "x"}}},
    {"properties": {"of": {"items": {"properties": {"of": {"default": None}}}, "anyOf": [{"properties": {"of": 5}}]}}},
    {"properties": {"of": {"$ref": "#/properties/at"}, "at": {"type": "object", "required": ["of"]}}},
    {"patternProperties": {"of": {"properties": {"of": {"type": "x"}}}}, "required": ["of", "of"]},
    {"const": {"description": "x"}},
    {"type": "objekt"},
    {"properties": {"description": "x"}},
    [],
    None,
)


PARAMETER = re.compile(rb'"(?:of|at|to)": ?(?=[{\[5])')
PARAMETER_NAMES = (
    *rb"of at to x1 items properties type title description required $ref $id a\u0062 \u0061t".split(),
    "\u00e9".encode(),
    b"",
    b"x\xff",
)


def renamed(rng: random.Random, line: bytes) -> bytes:
    """A line with other names for the parameters of its tools."""
    return PARAMETER.sub(
        lambda match: b'"%b": ' % rng.choice(PARAMETER_NAMES) if rng.random() < 0.4 else match[0], line
    )


def retooled(rng: random.Random, line: bytes) -> bytes:
    """A line with other tools, if it has any."""
    try:
        row = json.loads(line)
    except ValueError:
        return line
    tools = row.get("tools") if isinstance(row, dict) else None
    if not isinstance(tools, list):
        return line
    tools.append(tool(rng.choice(("capital", "weather", "", "a b"))))
    for each in tools:
        function = each.get("function") if isinstance(each, dict) else None
        if not isinstance(function, dict) or rng.random() < 0.4:
            continue
        change = {
            "name": rng.choice(("capital", "weather", "weather")),
            "description": rng.choice(("", "It's there.", 'A "word".', "\ud83d", 5)),
            "parameters": rng.choice(PARAMETERS),
            "strict": rng.choice((True, None, 1)),
        }
        function.update(rng.sample(sorted(change.items()), 1))
    rng.shuffle(tools)
    del tools[rng.randint(0, 3) :]
    made = json.dumps(row).encode()
    return renamed(rng, made) if rng.random() < 0.5 else made


def bad_line(rng: random.Random, method: Method) -> bytes:
    """A line with defects of all kinds, or none."""
    if rng.random() < 0.7:
        return changed_line(rng, method)
    row = good_row(rng)
    added = {
        rng.choice(("id", "source", "content", "Role", "k1", "k2", "k")): rng.choice(
            ("a", 7, 1.5, {"id": 7, "name": "x"}, {"k1": {"k2": 1}, "k3": [{"k4": "x"}]}, ["a"], None)
        )
        for _ in range(rng.choice((1, 1, 2)))
    }
    row = {**row, **added} if rng.random() < 0.8 else {**added, **row}
    line = json.dumps(row).encode()
    return line[: rng.randrange(len(line))] if rng.random() < 0.3 else line


def memory(judge: Judge) -> Alike:
    """A memory that is asked from the first line on."""
    alike = Alike(judge)
    alike.resting = 0
    return alike


def tally(verdict: Verdict) -> list[Any]:
    """What a verdict counts: where in a tool or under which key something is wrong may be told in another way."""
    hits = [(hit.rule.code, hit.problem.severity, roughly(hit.path)) for hit in verdict.hits]
    others = [field for field in verdict.__struct_fields__ if field not in ("hits", "seen", "is_exact")]
    return [hits, *(getattr(verdict, field) for field in others)]


def roughly(path: Path) -> Path:
    """A path as far as lines that are alike have it in common."""
    if "tools" in path:
        return path[:2]
    return tuple("k" if isinstance(part, str) and re.search("[0-9]", part) else part for part in path)


def check(judge: Judge, alike: Alike, line: bytes) -> None:
    """What is told of a line is right."""
    exact, told = judge.line(line), alike.line(line)
    # NaN is not equal to itself.
    assert str(tally(told)) == str(tally(exact))
    assert not told.is_exact or told.hits == exact.hits


@settings(max_examples=1500)
@given(st.integers(0, 2**32), st.sampled_from(METHODS))
def test_other_words_change_no_verdict(seed: int, method: Method) -> None:
    """Whatever stands in the texts of lines, each gets the verdict that it would get alone."""
    rng = random.Random(seed)
    judge = Judge(plan(method), shortcuts=False)
    alike = memory(Judge(plan(method)))
    line = bad_line(rng, method)
    lines = [line, *(reworded(rng, line) for _ in range(4))]
    lines += [retooled(rng, line) for line in lines]
    for line in [*lines, *(rewrite(rng, other).replace(b"\n", b" ") for other in lines)]:
        check(judge, alike, line)


def test_most_lines_with_other_words_are_told() -> None:
    """The test above is one of what is remembered: a fifth of the lines are, at least."""
    rng = random.Random(7)
    judge = Judge(plan())
    told = 0
    for _ in range(200):
        alike = memory(judge)
        line = bad_line(rng, "sft")
        alike.line(line)
        told += sum(alike.known(reworded(rng, line)) is not None for _ in range(5))
    assert told >= 200


FRAMER = Framer(LOOKED_AT, MAX_LINE_BYTES)


def calling(name: str, arguments: str, role: str = "assistant") -> bytes:
    """A line that ends with a call whose result is missing."""
    call = {"id": name, "type": "function", "function": {"name": "capital", "arguments": arguments}}
    last = {"role": "tool", "tool_call_id": name + "x", "content": "Yes"}
    return chat(QUESTION, {"role": role, "tool_calls": [call]}, last, ANSWER, tools=[tool("capital")])


def seeing(url: str) -> bytes:
    """A line that ends with a user's image."""
    return chat(QUESTION, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]})


def offering(*names: str, called: str = "capital", arguments: str = "{}") -> bytes:
    """A line that declares functions and calls one."""
    call = {"id": "call_1", "type": "function", "function": {"name": called, "arguments": arguments}}
    return chat(QUESTION, {"role": "assistant", "tool_calls": [call]}, tools=[tool(name) for name in names])


def naming_beside(name: str) -> bytes:
    """A line with a call, and beside it a name as deep as that of its function."""
    return chat({"tool_calls": [{"function": {"name": "a"}}], "b": [{"c": {"name": name}}]})


EXTRA = chat(QUESTION, ANSWER, id=7, source="a")
CALL_OF_A = b'{"messages": [{"tool_calls": [{"function": {"name": "a"}}]}]}'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            chat(QUESTION, {**ANSWER, "weight": 0.5}),
            chat(QUESTION, {"role": "assistant", "content": "Oh", "weight": 0.5}),
        ),
        (EXTRA, EXTRA.replace(b'"a"', b'"bc"').replace(b"7", b"12.5")),
        (chat(QUESTION, ANSWER)[:-5], chat(QUESTION, ANSWER)[:-7]),
        (EXTRA.replace(b"Hello", b"He\x01llo"), EXTRA.replace(b"Hello", b"\x02, \\q")),
        (EXTRA.replace(b"Hello", b"Hell\xff"), EXTRA.replace(b"Hello", b"\xfe\\n")),
        (chat(QUESTION, {"role": "gpt", "content": "\u4f60"}), chat(QUESTION, {"role": "gpt", "content": "\u597d."})),
        (chat(QUESTION, ANSWER, tags=["a", 1]), chat(QUESTION, ANSWER, tags=["b\n", -2.5])),
        (EXTRA.replace(b"Hello", rb"x\ud83d"), EXTRA.replace(b"Hello", rb"\u4f60 \udead.")),
        (b"{'messages': [" + EXTRA, b"{'messages': [{'role'"),
        (EXTRA.replace(b"[{", "\u201c".encode()), EXTRA.replace(b"[{", b"(")),
        (chat(QUESTION, ANSWER, k1=5, k2="x"), chat(QUESTION, ANSWER, x22=-7.5, **{"9": "\u4f60"})),
        (chat(QUESTION, ANSWER, a={"k1": [{"k2": 1}]}), chat(QUESTION, ANSWER, a={"0": [{"x-7": 2}]})),
        (chat(QUESTION, {**ANSWER, "name": "a b"}), chat(QUESTION, {**ANSWER, "name": "Ann!"})),
        (chat(QUESTION, {**ANSWER, "name": "a", "weight": 2}), chat(QUESTION, {**ANSWER, "name": "b", "weight": 2})),
        (seeing("https://example.com/a.png"), seeing("https://a/b?c")),
        (calling("call_1", '{"of": 5}'), calling("call_2", '{"of": 6}')),
        (calling("call_1", "{"), calling("call_2", "[")),
        (calling("call_1", "{}", role="gpt"), calling("call_2", '{"a": 1}', role="gpt")),
        (offering("capital"), offering("capital").replace(b"Looks it up.", rb"Finds \\ a \"capital\".")),
        (offering("capital", "weather"), offering("weather", "capital")),
        (offering("a", "b", called="c"), offering("d", "e", called="f")),
        (offering("a", "b", "a", called="c"), offering("b", "d", "b", called="e")),
        (offering("a", called="a"), offering("b", called="b", arguments='{"off": 1}')),
        (offering("a", called="c"), offering("a", called="c").replace(b'"of": {', b'"\xc3\xa9": {')),
    ],
)
def test_lines_with_the_same_defects_are_alike(first: bytes, second: bytes) -> None:
    """The second of two such lines is not judged again, but for the places of its faults."""
    judge = Judge(plan())
    alike = memory(judge)
    alike.line(first)
    judge.line = None  # type: ignore[method-assign, assignment]
    assert [hit.rule.code for hit in alike.line(second).hits]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b'{"a": ""}', b'{"a": " "}'),
        (b'{"a": 5}', b'{"a": "5"}'),
        (b'{"a": 5}', b'{"a": }'),
        (b'{"a": "x"}', b'{"a": "}'),
        (b'{"role": "a"}', b'{"role": "b"}'),
        (b'{"role": ["a"]}', b'{"role": ["b"]}'),
        (b'{"a": "x"}', b'{"a": "x", "a": "x"}'),
        (b'{"a,": ":", "b": "c"}', b'{"a,": ":" , "b": "c"}'),
        (b'{"x": "a", ": ": "b"}', b'{"x": "a", ":": "b"}'),
        (b'{"a": "\\ud83d"}', b'{"a": "x"}'),
        (b'{"a": "x\\ud83d"}', b'{"a": "x"}'),
        (b'{"a": "x\\ud83d\\ud83d"}', b'{"a": "x\\ud83d"}'),
        (b'{"a": 1}', b'{"a": 9007199254740993}'),
        (b'{"a": 1}', b'{"a": 19007199254740993}'),
        (b'{"a": [1]}', b'{"a": [9007199254740993]}'),
        (b'{"a": 1}', b'{"a": 1e308}'),
        (b'{"id": "a", "b": {"tool_call_id": "a"}}', b'{"id": "a", "b": {"tool_call_id": "b"}}'),
        (b'{"id": "a"}', b'{"id": ""}'),
        (b'{"a": [{"name": "a"}]}', b'{"a": [{"name": "a b"}]}'),
        (b'{"a": {"name": "a"}}', b'{"a": {"name": "b"}}'),
        (b'{"messages": [], "k1": 1}', b'{"messages": [], "k": 1}'),
        (b'{"messages": [], "k1": 1}', b'{"messages": [], "k1\xc3\xa9": 1}'),
        (b'{"messages": [], "k1": 1}', b'{"messages": [], "k\\u0031": 1}'),
        (b'{"messages": [], "k1": 1, "k2": 1}', b'{"messages": [], "k1": 1, "k1": 1}'),
        (b'{"messages": [], "a": {"k1": 1, "k2": 1}}', b'{"messages": [], "a": {"k1": 1, "k1": 1}}'),
        (b'{"messages": [{"k1": 1}]}', b'{"messages": [{"k2": 1}]}'),
        (b'{"messages": [], "tools": {"k1": 1}}', b'{"messages": [], "tools": {"k2": 1}}'),
        (b'{"messages": [], "input": {"k1": 1}}', b'{"messages": [], "input": {"k2": 1}}'),
        (b'{"k1": [], "messages": 1}', b'{"k2": [], "messages": 1}'),
        (b'{"k1": [{"role": "user"}]}', b'{"k2": [{"role": "user"}]}'),
        (b'{"url": "https://a"}', b'{"url": "http://a"}'),
        (b'{"url": "https://a"}', b'{"url": "https://"}'),
        (b'{"url": "ftp://a"}', b'{"url": "ftp://b"}'),
        (b'{"a": {"arguments": "a"}}', b'{"a": {"arguments": 1}}'),
        (b'{"tools": [{"a": "x"}]}', b'{"tools": [{"a": "y"}]}'),
        (b'{"tools": [{"a": {"b": "x"}}]}', b'{"tools": [{"a": {"b": "y"}}]}'),
        (b'{"tools": [{"a": ["description", "x"]}]}', b'{"tools": [{"a": ["description", "y"]}]}'),
        (b'{"tools": [{"a": [{"description": "x"}]}]}', b'{"tools": [{"a": [{"description": "y"}]}]}'),
        (b'{"tools": [{"const": {"description": "x"}}]}', b'{"tools": [{"const": {"description": "y"}}]}'),
        (b'{"tools": [{"description": "x"}]}', b'{"tools": [{"description": 1}]}'),
        (b'{"tools": [{}]}', b'{"tools": [{}, {}]}'),
        (b'{"tools": [], "functions": [1]}', b'{"tools": [{}], "functions": []}'),
        (b'{"tools": []}', b'{"tools": {}}'),
        (b'{"messages": [{"tool_calls": [{"function": {"name": ""}}]}]}', CALL_OF_A),
        (b'{"messages": [{"calls": [{"function": {"name": "b"}}]}]}', CALL_OF_A.replace(b"tool_", b"")),
        (naming_beside("a"), naming_beside("b")),
        (b"\x0b", b"'"),
        (b"{} '", b"{} x"),
    ],
)
def test_lines_with_other_defects_are_not(first: bytes, second: bytes) -> None:
    """Frames differ wherever a rule on structure could see the difference."""
    assert apart(first, second)


def apart(first: bytes, second: bytes) -> bool:
    """Whether two lines have different frames, or declare other tools."""
    frames = [FRAMER.frame(line) for line in (first, second)]
    kept = [(frame.kept, frame.bare, frame.functions) for frame in frames if frame is not None]
    assert len(kept) == 2
    return kept[0] != kept[1]


@pytest.mark.parametrize(
    "line",
    [
        b'{"tools": [{"a": "x}]}',
        b'{"tools": [{"a": "\\ud83d"}]}',
        b'{"tools": [[]',
        b'{"tools": [{}], "tools": [{}]}',
        b'{"tools": [1]}',
        b'{"tools": [{},]}',
        b'{"tools": [{} {}]}',
        b'{"tools": [{"description": "\\ud83d"}]}',
        b'{"functions": [1], "functions": [2], "functions": [3]}',
        b'{"tools": [' + b'{"a":' * 64 + b"1" + b"}" * 64 + b"]}",
        b'{"tools": [' + b"{}," * 256 + b"{}]}",
        b'{"messages": [{"tool_calls": [' + b'{"function": {"name": "a"}},' * 64 + b'{"function": {"name": "a"}}]}]}',
        b"[" * 64,
        b'{"messages": [' + b'{"arguments": ""}' * 65 + b"]}",
    ],
)
def test_lines_with_too_much_have_no_frame(line: bytes) -> None:
    """Where something is cut off, or there are too many of something, a line is judged by itself."""
    assert FRAMER.frame(line) is None


def test_a_name_where_no_function_is_called_is_not_taken_for_one() -> None:
    """Where a name may be another's than that of a call, nothing is remembered."""
    alike = memory(Judge(plan()))
    line = chat(QUESTION, {"role": "assistant", "tool_calls": [[{"name": "a"}], {"function": {"name": ""}}]})
    assert alike.line(line).hits
    assert alike.known(line) is None


def test_ids_beyond_what_is_counted_stay() -> None:
    """The frame of a line with very many ids is none of another's."""
    line = b"[" + b", ".join(b'{"id": "%d"}' % number for number in range(300)) + b"]"
    frame = FRAMER.frame(line)
    assert frame is not None
    assert b'"254"' not in frame.kept
    assert b'"255"' in frame.kept


def test_keys_with_digits_that_a_target_takes_are_told_from_others() -> None:
    """Facts of your own may name keys of any kind."""
    facts = {"row_keys": ["messages", "k1"]}
    judge = Judge(make_plan(Settings(method="sft", facts=facts), "sft"))
    alike = memory(judge)
    for key, codes in (("k2", ["ROW004"]), ("k1", []), ("k3", ["ROW004"])):
        assert [hit.rule.code for hit in alike.line(chat(QUESTION, ANSWER, **{key: 1})).hits] == codes


@pytest.mark.parametrize("character", INVISIBLE)
def test_texts_that_may_show_nothing_stay_in_the_frame(character: str) -> None:
    """Whatever can't be seen at the start of a text, written as it is or as an escape, is not taken for what can."""
    for ascii_only in (False, True):
        line = json.dumps({"content": character}, ensure_ascii=ascii_only).encode()
        blank = json.dumps({"content": character + " "}, ensure_ascii=ascii_only).encode()
        assert apart(line, b'{"content": "x"}')
        assert apart(blank, b'{"content": "x"}')


def test_a_wheel_without_the_part_in_c_tells_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line is judged then."""
    monkeypatch.setattr(native, "library", lambda: None)
    alike = memory(Judge(plan()))
    assert {alike.sight(EXTRA) for _ in range(3)} == {None}
    assert alike.line(EXTRA).hits == alike.judge.line(EXTRA).hits


@pytest.mark.parametrize("is_one_family", [False, True])
def test_what_is_remembered_is_bounded(is_one_family: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ever new frames nor ever new outcomes of calls fill the memory; what came last is still known."""
    monkeypatch.setattr(families, "MOST_HELD", 40)
    judge = Judge(plan())
    remembered = families.Memory(judge)
    for number in range(200):
        faults = ["{}" if number >> bit & 1 else '{"of": "France"}' for bit in range(4)]
        calls = [calling("call_1", arguments) for arguments in faults]
        messages = [message for line in calls for message in json.loads(line)["messages"]]
        line = chat(*messages, tools=[tool("capital")]) if is_one_family else chat(QUESTION, {"role": f"x{number}"})
        sight = remembered.sight(line)
        assert sight is not None
        remembered.remember(sight, judge.line(line))
        assert remembered.told(sight) is not None
        assert sum(len(family.known) for family in remembered.families.values()) <= 40


def test_what_is_remembered_of_tools_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ever new tools do not fill the memory; what came last is still known, and what is told stays right."""
    for name in ("TOOL_BYTES", "TOOL_BYTES_BESIDE_WORDS", "LIST_BYTES"):
        monkeypatch.setattr(declared, name, 2000)
    monkeypatch.setattr(declared, "MOST_NUMBERS", 3)
    judge = Judge(plan())
    alike = memory(Judge(plan()))
    for number in range(100):
        names = [f"{letter}{number}" for letter in "abcd"[: number % 5]]
        check(judge, alike, offering(*names, called=f"a{number}"))
        held = alike.memory.declarations
        assert sum(map(len, held.kinds.found)) <= 2000
        assert sum(map(len, held.lists.found)) <= 2000
        assert len(held.known) <= 3


def test_what_is_said_of_any_line_can_be_shown() -> None:
    """Whatever stands in roles, names and keys, each finding is one line that can be written."""
    rng = random.Random(11)
    lines = [bad_line(rng, "sft") for _ in range(150)]
    lines += [retooled(rng, reworded(rng, line)) for line in lines * 3]
    odd = [{"role": "\ud83d\u202e", "content": [{"type": "image_url", "image_url": {"url": "https://a.b/c.png"}}]}]
    lines.append(chat(QUESTION, *odd))
    lines.append(offering("x\n", "\ud83d", called="\ud83dx\u200b"))
    report = jsonl_lint.check(b"\n".join(lines) + b"\n", no_tokens=True, max_findings=None)
    assert {"IMG001", "TUL007"} <= {finding.code for finding in report.findings}
    assert all(finding.message.isprintable() for finding in report.findings)
    msgspec.json.encode(report.findings)


def result(lines: list[bytes], checker: Checker, limit: int | None) -> Partial:
    """What is known of a file of these lines."""
    checking = Range(checker.plan, "train.jsonl", checker=checker)
    checking.partial.limit = limit
    checking.feed(b"".join(line + b"\n" for line in lines))
    return checking.partial


def assert_same(one: Partial, other: Partial) -> None:
    """Assert that the same is known of two files."""
    for field in ("findings", "counts", "summary", "unchecked"):
        assert getattr(one, field) == getattr(other, field)
    assert one.prints is not None
    assert other.prints is not None
    assert one.prints.__getstate__() == other.prints.__getstate__()


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.sampled_from((None, 1, 2)))
@example(0, 1)
def test_files_get_the_same_result(seed: int, limit: int | None) -> None:
    """Findings with their places, words and fixes, and all that is counted, are the same with and without a memory."""
    rng = random.Random(seed)
    kinds = [bad_line(rng, "sft") for _ in range(3)]
    lines = [reworded(rng, rng.choice(kinds)) for _ in range(12)]
    checker, plain = Checker(plan()), Checker(plan())
    checker.alike.resting, plain.alike.is_open = 0, False
    with_memory, without = result(lines, checker, limit), result(lines, plain, limit)
    assert_same(with_memory, without)


@settings(max_examples=200)
@given(st.integers(0, 2**32))
@example(0)
def test_files_get_the_same_result_without_the_gate(seed: int) -> None:
    """After many bad lines the gate is left out: nothing else changes, whether the next lines are good or bad."""
    rng = random.Random(seed)
    lines = [bad_line(rng, "sft") for _ in range(4)] + [json.dumps(good_row(rng)).encode() for _ in range(4)]
    rng.shuffle(lines)
    checker = Checker(plan())
    checker.alike.is_open = False
    usual = result(lines, checker, None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "HOPELESS", 0)
        hopeless = result(lines, checker, None)
    assert_same(hopeless, usual)


def test_few_lines_are_not_compared() -> None:
    """In a small file nothing is made ready to remember verdicts."""
    alike = Alike(Judge(plan()))
    assert {alike.sight(b"{}") for _ in range(FEW)} == {None}
    assert alike.sight(b"{}") is not None


def test_lines_that_are_all_different_are_not_compared_for_long() -> None:
    """The memory is asked seldom where it knows nothing."""
    alike = memory(Judge(plan()))
    asked = [alike.sight(b'{"name": "%d"}' % number) for number in range(20)]
    assert None not in asked
    for number in range(PATIENCE + REST):
        alike.line(b'{"name": "%d"}' % number)
    assert len(alike.memory.families) == PATIENCE + 1
