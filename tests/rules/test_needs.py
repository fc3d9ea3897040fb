"""Rules find nothing in a value that has nothing of what they need, so that they may be left out there."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonl_lint.config import Settings
from jsonl_lint.plan import Plan, make_plan
from jsonl_lint.rule import FileSummary, Roles, Tally
from jsonl_lint.rulebook import built_in_rules
from jsonl_lint.targets import DEFAULT_TARGET
from jsonl_lint.testing import all_cases, case_bytes, is_on_whole_file, run_case

TALLIES = st.none() | st.builds(Tally, st.integers(1, 60_000), st.integers(1, 9))
BY_NAME = st.dictionaries(st.sampled_from(["dpo", "completion"]), TALLIES.filter(bool), max_size=2)
SUMMARIES = st.builds(
    FileSummary,
    size=st.integers(0, 1 << 40),
    lines=st.integers(0, 3),
    blank_lines=st.integers(0, 3),
    examples=st.integers(0, 60_000),
    bom=st.sampled_from([None, False, True]),
    encoding=st.sampled_from([None, None, "utf-16-le"]),
    container=st.sampled_from([None, None, "array", "pretty"]),
    crlf=TALLIES,
    cr=TALLIES,
    final_newline=st.booleans(),
    role=st.sampled_from(["training", "validation"]),
    other_methods=BY_NAME,
    image_examples=TALLIES,
    blocked_by=BY_NAME,
)
ON_FILES = [rule for rule in built_in_rules() if rule.needs and rule.at is FileSummary]
WHOLE = [case for case in all_cases() if is_on_whole_file(case.rule) and type(case.case.value) is not case.rule.at]


@pytest.mark.parametrize("rule", ON_FILES, ids=lambda rule: rule.code)
@given(SUMMARIES)
def test_a_rule_says_nothing_of_a_file_without_what_it_needs(rule, summary):
    found = list(rule.check(summary, make_plan(Settings(), "sft").facts))
    assert any(getattr(summary, name) for name in rule.needs) or not found


ON_ROLES = [rule for rule in built_in_rules() if rule.needs and rule.at is Roles]
ROLES = ("system", "developer", "user", "assistant", "tool", None)
ORDERS = [order for length in range(1, 6) for order in product(ROLES, repeat=length)]


@pytest.mark.parametrize("rule", ON_ROLES, ids=lambda rule: rule.code)
@pytest.mark.parametrize("purpose", ["train", "prompt", "input", "output"])
def test_a_rule_says_nothing_of_an_order_of_roles_without_what_it_needs(rule, purpose):
    facts = [make_plan(Settings(facts={"last_role": last}), "sft").facts for last in ("assistant", "user")]
    for order in ORDERS:
        roles = Roles(order, purpose)
        if not any(getattr(roles, name) for name in rule.needs):
            assert not [problem for known in facts for problem in rule.check(roles, known)]


def test_a_usual_order_has_turns():
    usual = [order for order in ORDERS if not Roles(order).is_unusual]
    assert usual == [
        ("user", "assistant"),
        ("system", "user", "assistant"),
        ("user", "assistant", "user", "assistant"),
        ("system", "user", "assistant", "user", "assistant"),
    ]


@pytest.mark.parametrize("case", WHOLE, ids=str)
def test_to_call_every_rule_finds_no_more(case, monkeypatch):
    data = case_bytes(case.rule, case.case.value)
    usual = run_case(case, data, DEFAULT_TARGET)
    monkeypatch.setattr(Plan, "concerned", lambda plan, heads, value: list(plan.load(heads)))
    every = run_case(case, data, DEFAULT_TARGET)
    assert usual == every


def test_there_are_such_rules():
    assert ON_FILES
    assert ON_ROLES
    assert any(rule.needs and rule not in (*ON_FILES, *ON_ROLES) for rule in built_in_rules())
