"""The index of the built-in rules says what they say themselves, and they are loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jsonl_lint.config import Settings
from jsonl_lint.plan import make_plan
from jsonl_lint.rule import Conversation, FileSummary, Message, Row, Text
from jsonl_lint.rulebook import Rulebook, built_in_heads, built_in_rules, head_of


def test_the_index_is_that_of_the_rules():
    """A rule that it lacks would never be called: `python scripts/generate.py` writes it anew."""
    assert built_in_heads() == [head_of(rule) for rule in built_in_rules()]


def test_no_two_rules_share_a_code():
    codes = [rule.code for rule in built_in_rules()]
    assert codes == sorted(set(codes))


def test_a_rulebook_holds_the_rules_themselves():
    book = Rulebook()
    assert list(book.values()) == built_in_rules()
    assert [head_of(rule) for rule in book.values()] == book.heads


def test_rules_may_be_put_in_and_taken_out():
    book = Rulebook()
    rule = book["MSG003"]
    del book["MSG003"]
    assert "MSG003" not in book
    with pytest.raises(KeyError):
        book["MSG003"]
    book["MSG003"] = rule
    assert book["MSG003"] is rule
    assert list(book) == sorted(book)
    assert len(book) == len(built_in_heads())


@pytest.mark.parametrize("at", [Row, Message, Conversation, Text, FileSummary])
def test_a_plan_calls_what_looks_at_a_kind_of_value(at):
    plan = make_plan(Settings(ignore=("MSG004", "TRN")), "sft")
    wanted = [rule for rule in built_in_rules() if rule.at is at and "sft" in rule.methods]
    called = [rule for rule in wanted if rule.blocks or plan.is_on(rule)]
    assert called
    assert list(plan.rules(at)) == called
    assert list(plan.ungated_rules(at)) == [rule for rule in called if not rule.gated]


def test_a_rule_is_loaded_when_it_is_asked_for():
    code = (
        "import sys; from jsonl_lint.registry import all_rules; rules = all_rules();"
        "loaded = lambda: [name for name in sys.modules if name.startswith('jsonl_lint.rules.') and name.count('.') > 2];"
        "print(loaded()); rules['FIL005']; print(loaded())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["[]", "['jsonl_lint.rules.fil.blank_line']"]
