"""With `redact`, no word of the data is in the report, wherever a rule would have put it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

import jsonl_lint
from jsonl_lint.reporters import FORMATS, View, load_reporter
from jsonl_lint.rule import Conversation, Line, Message, Roles, Row
from jsonl_lint.testing import RuleCase, all_cases, case_bytes
from samples import good_data, good_line

WORD = "Zanzibar"


def test_no_word_of_the_data_is_left():
    rows = [
        {"messages": [{"role": WORD, "content": "Hi"}, {"role": "assistant", "content": "Hello", WORD: 1}], WORD: WORD},
        {
            "messages": [
                {"role": "user", "content": f"{{{{{WORD}}}}}"},
                {"role": "assistant", "content": f"{WORD}<|im_end|>"},
            ]
        },
        {"messages": [{"role": "system", "content": WORD}, {"role": "user", "content": "a"}]},
        {"messages": [{"role": "system", "content": WORD.lower()}, {"role": "user", "content": "b"}]},
    ]
    data = (
        b"".join(json.dumps(row).encode() + b"\n" for row in rows) + b'{"Zanzibar": "Zanzibar", "Zanzibar": Zanzibar}\n'
    )
    plain, redacted = jsonl_lint.check(data), jsonl_lint.check(data, redact=True)
    assert WORD in plain.to_json()
    assert WORD.lower() not in redacted.to_json().lower()
    assert redacted.counts == plain.counts
    assert all(finding.excerpt is None for finding in redacted.findings)


ON_WORDS = [case for case in all_cases() if case.bad and case.rule.at in (Line, Row, Message, Roles, Conversation)]


@pytest.mark.parametrize("case", ON_WORDS, ids=str)
def test_messages_are_the_rule_s_own_summary(case: RuleCase):
    data = case_bytes(case.rule, case.case.value)
    options = {"method": case.case.method, "extend_select": [case.rule.code], "facts": case.case.facts, "redact": True}
    findings = [found for found in jsonl_lint.check(data, **options).findings if found.code == case.rule.code]
    assert {found.message for found in findings} <= {case.rule.summary}
    assert all(found.fix is None and found.excerpt is None for found in findings)


def test_the_command_redacts_and_takes_validation_files(command, tmp_path):
    (tmp_path / "train.jsonl").write_bytes(good_data() + good_line(100).replace(b'"assistant"', b'"Zanzibar"'))
    (tmp_path / "valid.jsonl").write_bytes(good_data(12))
    result = command("check", "train.jsonl", "--validation", "valid.jsonl", "--redact", "--format", "json")
    report = json.loads(result.stdout)
    assert b"Zanzibar" not in result.stdout
    assert [(file["path"], file["role"]) for file in report["files"]] == [
        ("valid.jsonl", "validation"),
        ("train.jsonl", "training"),
    ]
    assert report["counts"]["by_code"]["DST006"] == 12
    text = command("check", "train.jsonl", "--validation", "valid.jsonl", "--redact")
    assert b"validation file valid.jsonl: 12 examples" in text.stdout
    assert b"Zanzibar" not in text.stdout


TOOL = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Looks something up.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string", "enum": ["here", "there"]}, "times": {"type": "integer"}},
            "required": ["place"],
        },
    },
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"place": "here"}'}}
PICTURE = {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}
MESSAGES = [
    {"role": "system", "content": "Be brief.", "name": "guide"},
    {"role": "user", "content": [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": PICTURE}]},
    {"role": "assistant", "content": "A moment.", "weight": 0, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "Nothing."},
    {"role": "assistant", "content": "Nothing.", "refusal": "No", "function_call": {"name": "a", "arguments": "{}"}},
]
CHAT = {"messages": MESSAGES, "tools": [TOOL], "parallel_tool_calls": True, "functions": [{"name": "a"}], "id": 1}
PREFERENCE = {
    "input": {"messages": MESSAGES[:2], "tools": [TOOL], "parallel_tool_calls": False},
    "preferred_output": [{"role": "assistant", "content": "Yes"}],
    "non_preferred_output": [{"role": "assistant", "content": "No"}],
}
REINFORCEMENT = {"messages": MESSAGES[:2], "tools": [TOOL], "answer": "five", "item": {"a": 1}}
COMPLETION = {"prompt": "Once", "completion": " upon", "id": 1}
# Something in most of what rules look for in texts.
SPELLINGS = [
    WORD,
    f"{{{{{WORD}}}}} {WORD}<|im_end|> {WORD}\u200b {WORD}@{WORD}.org cafÃ© {WORD}",
    f"I'm sorry, but I can't help with {WORD}. <insert {WORD} here> password = {WORD}9x7Q",
    f"{WORD} " * 60,
    f"http://127.0.0.1/{WORD}.png",
    f"data:image/{WORD};base64,{WORD}",
    f'{{"place": "{WORD}", "{WORD}": {WORD}}}',
]


def with_word(value: Any, word: str) -> Iterator[Any]:
    """The same value with a word in each of its places in turn: instead of a value, and instead of a key."""
    yield word
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], new, *value[index + 1 :]] for new in with_word(item, word))
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: new} for new in with_word(item, word))
            yield {word if name == key else name: other for name, other in value.items()}
        yield {**value, word: word}


def planted_lines(row: dict[str, Any]) -> bytes:
    """Lines with the word in every place of a row, and some that are no JSON."""
    lines = [json.dumps(new, ensure_ascii=False).encode() for word in SPELLINGS for new in with_word(row, word)]
    whole = json.dumps(row).encode()
    broken = [
        whole[:-1] + WORD.encode(),
        WORD.encode(),
        whole.replace(b'"', WORD.encode()),
        whole + whole + WORD.encode(),
    ]
    broken += [whole.replace(b"o", b"\xe9" + WORD.encode()), whole.replace(b"o", b"\\ud800" + WORD.encode())]
    broken += [b'{"a": NaN, "Zanzibar": 1, "Zanzibar": 1e999}', b"['Zanzibar', True,]", b'{"Zanzibar": ' + b"[" * 300]
    return b"\n".join([*lines, *broken, *lines[:3]]) + b"\n"


@pytest.mark.parametrize(
    ("method", "row"),
    [("sft", CHAT), ("dpo", PREFERENCE), ("rft", REINFORCEMENT), ("completion", COMPLETION)],
)
def test_a_word_in_any_place_of_the_data_is_in_no_report(method: str, row: dict[str, Any]) -> None:
    data = planted_lines(row)
    options = {"method": method, "extend_select": ["ALL"], "check_urls": True, "all_models": True}
    report = jsonl_lint.check(data, redact=True, **options)
    plain = jsonl_lint.check(data, **options)
    assert WORD in plain.to_json()
    assert report.counts == plain.counts
    for name in FORMATS:
        out = io.StringIO()
        load_reporter(name).write(report, out, View(statistics=True, verbose=True))
        place = out.getvalue().lower().find(WORD.lower())
        assert place < 0, (name, out.getvalue()[max(place - 300, 0) : place + 100])


def test_the_page_of_a_fetched_image_has_no_word_of_its_url() -> None:
    content = [{"type": "image_url", "image_url": {"url": f"http://127.0.0.1/{WORD}.png"}}]
    row = {"messages": [{"role": "user", "content": content}, {"role": "assistant", "content": "A cat."}]}
    report = jsonl_lint.check(json.dumps(row).encode(), check_urls=True, redact=True, select=["IMG012"])
    assert [finding.code for finding in report.findings] == ["IMG012"]
    assert WORD not in report.to_json()


def test_fix_shows_no_word_either(command, tmp_path) -> None:
    path = tmp_path / "train.jsonl"
    bad = good_line(0).replace(b'"assistant"', b'"gpt"').replace(b"of course", WORD.encode())
    path.write_bytes(good_data(3) + bad * 2 + good_line(5).replace(b'"assistant"', WORD.encode().join([b'"'] * 2)))
    refused = command("fix", "train.jsonl", "--redact", "--diff")
    assert refused.returncode == 2
    assert b"--diff shows lines of the data, which --redact forbids" in refused.stderr
    result = command("fix", "train.jsonl", "--redact")
    assert b"fixed 3 (DST003 1, MSG003 2)" in result.stderr
    assert b"MSG003 [error]" in result.stdout
    assert WORD.encode() not in result.stdout + result.stderr


def test_names_and_keys_that_are_no_unicode_are_in_every_report(tmp_path, command) -> None:
    name = os.fsdecode(b"a\xe9.jsonl")
    try:
        (tmp_path / name).write_bytes(good_data(12) + good_line(12).replace(b'"role"', b'"r\\ud800"'))
    except OSError:
        pytest.skip("a file system of Unicode names")
    for form in FORMATS:
        result = command("check", name, "--format", form)
        assert result.returncode == 1, result.stderr.decode()
        assert b"MSG002" in result.stdout
    assert command("check", name, "--write-baseline", "known.txt").returncode == 0
    for form in FORMATS:
        assert command("check", name, "--format", form, "--baseline", "known.txt").returncode == 0
