"""With `redact`, no word of the data is in the report, wherever a rule would have put it."""

from __future__ import annotations

import json

import pytest

import jsonl_lint
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
