"""The cases of a rule that do not hold are refused, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from jsonl_lint.finding import Edit
from jsonl_lint.registry import find_rule
from jsonl_lint.rule import Case
from jsonl_lint.testing import RuleCase, apply_edits, cases_of, check_case

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
TRAILING = ROW.replace(b'"Hi"', b'"Hi",')


def refused(code: str, value: Any, bad: bool = True, **says: Any) -> str:
    """Why a case of a rule is refused."""
    with pytest.raises(AssertionError) as error:
        check_case(RuleCase(find_rule(code), Case(value, **says), bad, 1))
    return str(error.value).partition("\n")[0]


def test_bad_case_without_its_finding() -> None:
    """A bad case must have its finding."""
    assert refused("JSN001", ROW) == "JSN001-bad-1: expected 1 findings of JSN001, there are 0"


def test_bad_case_with_another_count() -> None:
    """A bad case must have as many findings as it says."""
    assert refused("JSN001", TRAILING * 2) == "JSN001-bad-1: expected 1 findings of JSN001, there are 2"


def test_bad_case_at_another_place() -> None:
    """A bad case must have its finding where it says."""
    message = refused("JSN004", ROW.replace(b'"Hi"', b"NaN"), at="/messages/1")
    assert message == "JSN004-bad-1: expected the findings at '/messages/1'"


def test_fix_that_gives_something_else() -> None:
    """The fix must give what the case says."""
    assert "expected the fix to give" in refused("JSN001", TRAILING, fixed=ROW.replace(b"Hi", b"Ho"))


def test_result_of_no_fix() -> None:
    """A case must not say what a fix gives where there is none."""
    assert refused("JSN004", ROW.replace(b'"Hi"', b"NaN"), fixed=ROW).endswith("and there is no fix")


def test_good_case_with_a_finding() -> None:
    """A good case must have no finding of its rule."""
    assert refused("JSN001", TRAILING, bad=False) == "JSN001-good-1: expected no finding of JSN001"


def test_good_case_with_an_error_of_another_rule() -> None:
    """A good case is good by the other rules on lines too."""
    assert refused("JSN001", ROW + b"\n", bad=False) == "JSN001-good-1: expected no error on a line"


def test_cases_are_numbered() -> None:
    """Bad cases come first; each has a name of its own."""
    names = list(map(str, cases_of("few-examples")))
    assert names == ["DST002-bad-1", "DST002-bad-2", "DST002-bad-3", "DST002-good-1", "DST002-good-2", "DST002-good-3"]


def test_edits_are_applied_together() -> None:
    """Edits count from the data as it was; equal ones are made once."""
    edits = [Edit(0, 1, b"x"), Edit(3, 3, b"!"), Edit(0, 1, b"x")]
    assert apply_edits(b"abc", edits) == b"xbc!"


@pytest.mark.parametrize("edits", [[Edit(0, 2, b""), Edit(1, 3, b"")], [Edit(2, 4, b"")], [Edit(2, 1, b"")]])
def test_edits_that_clash_are_refused(edits: list[Edit]) -> None:
    """Overlapping edits and those outside of the data are errors of the rule."""
    with pytest.raises(AssertionError):
        apply_edits(b"abc", edits)
