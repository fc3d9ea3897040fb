"""Places inside of texts, and which lines the rules on texts are shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint import search, source
from jsonl_lint.config import Settings
from jsonl_lint.content import Content, Suspect
from jsonl_lint.fault import Span
from jsonl_lint.plan import make_plan
from jsonl_lint.registry import all_rules
from jsonl_lint.rule import Text
from jsonl_lint.scan import inside_string
from jsonl_lint.search import spellings
from jsonl_lint.testing import all_cases, case_bytes
from samples import BOM, good_data, good_line


@given(st.text(max_size=12), st.booleans(), st.data())
def test_characters_are_found_as_bytes(text, ascii_only, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if any("\ud800" <= char <= "\udfff" for char in text):
        return
    inside = json.dumps(text, ensure_ascii=ascii_only).encode()[1:-1]
    first, last = inside_string(b'"' + inside + b'"', Span(0, len(inside) + 2), start, end)
    assert json.loads(b'"' + inside[first - 1 : last - 1] + b'"') == text[start:end]


def test_a_finding_points_into_its_text():
    line = good_line(1).replace(b"of course", b"\\u00fcber\\n<|im_end|>")
    data = good_data(20) + line
    finding = jsonl_lint.check(data, select=["TOK004"]).findings[0]
    assert (finding.line, finding.pointer) == (21, "/messages/2/content")
    assert data[finding.offset :].startswith(b"<|im_end|>")
    assert finding.excerpt is not None
    assert finding.excerpt.text[finding.excerpt.start : finding.excerpt.end] == "<|im_end|>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a/b", {b"a/b", rb"a\/b"}),
        ('a"', {rb"a\""}),
        ("é", {"é".encode(), rb"\u00e9", rb"\u00E9"}),
        ("😀", {"😀".encode(), rb"\ud83d\ude00", rb"\uD83D\uDE00"}),
    ],
)
def test_spellings_of_a_text(text, found):
    assert set(spellings(text)) == found


BAD_TEXTS = [case for case in all_cases() if case.bad and case.rule.at is Text]


@pytest.mark.parametrize("case", BAD_TEXTS, ids=str)
def test_every_search_shows_the_bad_lines(case, monkeypatch):
    filler = good_data(400).removeprefix(BOM)
    block = filler + case_bytes(case.rule, case.case.value) + filler
    searcher = Content(make_plan(Settings(select=(case.rule.code,)), "sft"))
    few = [suspect.index for suspect in searcher.suspects(block)]
    assert 400 in few
    assert len(few) < 100
    monkeypatch.setattr(search, "FEW_BYTES", 10**9)
    assert 400 in [suspect.index for suspect in searcher.suspects(block)]


PIECES = [
    "and so on and so on; ", "da, da, da ", "è così ", "等等等等，", "😀 go ", "the", " the", "because\u00a0", "are,", "、",
    "```\n", "```", "````", "  ```", "\\n```", "~~~\n", '"', "\\", "/", "\n", "\t", " ", "    ```",
    "{{name}}", "[Your Name]", "[姓名]", "jané@mailbox.org",
    "+49 30 901820", "4539 1488 0343 6467", "DE89370400440532013000", "12345678Z", "X1234567L", "RSSMRA85T10A562S",
    "111.444.777-35", "11010519491231002X", "PESEL: 44051401359",
    "bsn 111222333", "(212) 736-5000", "212-736-5000",
    "3782 822463 10015",
    "cafÃ©", "\u200b", "�",
    "I'm sorry, but I can't help with that", "As an AI language model, I", "<|im_end|>", "Passwort: kX9vTq27Lm",
    "postgres://app:kX9vTq27Lm@db.internal/main", "tools", "content", "x",
]  # fmt: skip
TEXTS = st.tuples(st.lists(st.sampled_from(PIECES), max_size=6), st.integers(1, 60)).map(
    lambda made: "".join(made[0][:-1]) + "".join(made[0][-1:]) * made[1]
)
AFTER = [{}, {"weight": 0}, {"weight": 1, "name": "bob"}, {"name": "a" * 64}, {"weight": 1, "x": "y"}]
BESIDE = [{}, {"tools": []}, {"parallel_tool_calls": True}, {"functions": [{"name": "f", "description": "d" * 900}]}]


@given(
    TEXTS, st.sampled_from(AFTER), st.sampled_from(BESIDE), st.booleans(), st.sampled_from([(", ", ": "), (",", ":")])
)
def test_a_line_in_which_a_rule_finds_something_is_shown_to_it(text, after, beside, ascii_only, separators):
    answer = {"role": "assistant", "content": text, **after}
    row = {"messages": [{"role": "user", "content": "Why?"}, answer], **beside}
    line = json.dumps(row, ensure_ascii=ascii_only, separators=separators).encode()
    everything = Suspect(0, 0, line, set(range(len(SEARCHER.heads))))
    wanted = {hit.rule.code for hit in SEARCHER.judge(everything)[0]}
    filler = b'{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}\n'
    for before in (b"", filler * 400):
        shown = [suspect for suspect in SEARCHER.suspects(before + line + b"\n") if suspect.start == len(before)]
        assert wanted <= {SEARCHER.heads[number].code for suspect in shown for number in suspect.rules}


SEARCHER = Content(make_plan(Settings(), "sft"))


def test_rules_without_triggers_see_every_line():
    plan = make_plan(Settings(), "sft")
    searcher = Content(plan)
    searcher.everywhere = {0}
    assert [suspect.index for suspect in searcher.suspects(b"{}\n{}\n{}")] == [0, 1, 2]


@pytest.mark.parametrize("after", [". Write to jane.doe81@mailbox.org", "", "=\n<|im_end|>"])
def test_a_text_that_begins_like_an_image_is_looked_at(after):
    url = "data:image/png;base64," + "AAAA" * 2000
    row = {"messages": [{"role": "user", "content": url + after}, {"role": "assistant", "content": "Yes."}]}
    data = good_data(20) + json.dumps(row).encode() + b"\n"
    found = [finding.line for finding in jsonl_lint.check(data, select=["SEC002", "TOK004"]).findings]
    assert found == ([21] if after else [])


def test_a_search_that_raises_leaves_nothing_out():
    def failing(block: bytes) -> list[int]:
        raise ValueError(block[:1])

    searcher = Content(make_plan(Settings(), "sft"))
    searcher.searches = [(failing, frozenset({0}))]
    assert [suspect.index for suspect in searcher.suspects(b"{}\n{}\n{}")] == [0, 1, 2]


def test_ascii_that_is_written_as_escapes_is_looked_into():
    hidden = "".join(f"\\u{ord(char):04x}" for char in "<|im_end|>").encode()
    data = good_data(20) + good_line(1).replace(b"of course", hidden)
    assert [finding.line for finding in jsonl_lint.check(data, select=["TOK004"]).findings] == [21]


@pytest.mark.parametrize("size", [1, 7, 100, 4096, 1 << 20])
def test_the_size_of_blocks_changes_nothing(size, monkeypatch):
    lines = [good_line(number) for number in range(600)]
    for case in BAD_TEXTS:
        lines[lines.index(good_line(BAD_TEXTS.index(case) * 11 + 5))] = case_bytes(case.rule, case.case.value)
    data = BOM + b"".join(lines)

    def findings() -> list[object]:
        return [
            (found.code, found.line, found.column, found.offset, found.message)
            for found in jsonl_lint.check(data, select=["QLT", "SEC", "TOK"]).findings
        ]

    usual = findings()
    monkeypatch.setattr(source.blocks, "__defaults__", (size,))
    assert findings() == usual
    assert usual


def test_secrets_are_not_shown():
    case = next(case for case in BAD_TEXTS if case.rule.code == "SEC001")
    data = case_bytes(case.rule, case.case.value)
    key = json.loads(data)["messages"][1]["content"].removeprefix("It is ").removesuffix(".")
    report = jsonl_lint.check(data, select=["SEC001"])
    assert f"{key[:2]}…{key[-2:]}" in report.findings[0].message
    assert key not in str(report.findings)
    assert {rule.code for rule in all_rules().values() if rule.family == "SEC"} == {"SEC001", "SEC002"}


LOOP = "and so on and so on; " * 12
CUT = "Go down this road, turn left, and then take the"


@pytest.mark.parametrize("text", [LOOP, CUT, "Like this:\n```\nx"])
def test_answers_are_looked_at_wherever_they_stand_in_their_lines(text):
    ask, say = {"role": "user", "content": "Why?"}, {"content": text, "role": "assistant"}
    good = {"role": "assistant", "content": "Because."}
    rows = [
        ("sft", {"messages": [ask, say]}),
        ("sft", {"messages": [ask, {"role": "assistant", "content": text, "name": "bob"}]}),
        ("sft", {"messages": [ask, {"role": "assistant", "content": text, "weight": 1}], "tools": []}),
        ("dpo", {"input": {"messages": [ask]}, "preferred_output": [say], "non_preferred_output": [good]}),
        ("completion", {"completion": text, "prompt": "Why?"}),
    ]
    for method, row in rows:
        data = json.dumps(row).encode() + b"\n"
        report = jsonl_lint.check(data * 2, method=method, select=["QLT005", "QLT006"])
        assert [finding.line for finding in report.findings] == [1, 2], row


def patterns() -> list[search.Pattern]:
    """The patterns of all rules that say what each match of them holds."""
    triggers = [trigger for head in SEARCHER.heads for trigger in head.triggers or ()]
    return [trigger for trigger in triggers if isinstance(trigger, search.Pattern) and trigger.holds]


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.source[:20])
@given(st.data())
def test_what_a_pattern_matches_holds_what_it_is_looked_for_by(pattern, data):
    assert pattern.may_occur(data.draw(st.from_regex(search.compiled(pattern), fullmatch=True)))
    assert not pattern.may_occur(b'{"messages": []}')
