"""Every rule is what its own file says: documented, named as in the catalogue, and true to its cases."""

from __future__ import annotations

import re

import pytest

from jsonl_lint.registry import all_rules
from jsonl_lint.rule import Rule
from jsonl_lint.targets import load_target, target_names
from jsonl_lint.testing import RuleCase, all_cases, check_case

CATALOGUE = {
    "ENC001": "bom-missing",
    "ENC002": "bom-forbidden",
    "ENC003": "invalid-utf8",
    "ENC004": "other-encoding",
    "ENC005": "stray-bom",
    "FIL001": "file-too-large",
    "FIL002": "file-size-caution",
    "FIL003": "file-empty",
    "FIL004": "file-extension",
    "FIL005": "blank-line",
    "FIL006": "line-ending",
    "FIL007": "not-jsonl",
    "FIL008": "mixed-formats",
    "FIL009": "no-final-newline",
    "JSN001": "invalid-json",
    "JSN002": "not-an-object",
    "JSN003": "duplicate-key",
    "JSN004": "non-finite-number",
    "JSN005": "lone-surrogate",
    "JSN006": "too-deep",
    "JSN007": "number-out-of-range",
    "JSN008": "several-values",
    "ROW001": "messages-missing",
    "ROW002": "messages-type",
    "ROW003": "messages-empty",
    "ROW004": "unknown-key",
    "ROW005": "no-assistant",
    "ROW006": "no-user",
    "ROW007": "system-missing",
    "MSG001": "message-type",
    "MSG002": "role-missing",
    "MSG003": "role-unknown",
    "MSG004": "content-missing",
    "MSG005": "content-type",
    "MSG006": "content-empty",
    "MSG007": "unknown-key",
    "MSG008": "name-invalid",
    "MSG009": "part-invalid",
    "MSG010": "developer-role",
    "TRN001": "last-not-assistant",
    "TRN002": "system-not-first",
    "TRN003": "several-system",
    "TRN004": "consecutive-assistant",
    "TRN005": "assistant-first",
    "TRN006": "no-alternation",
    "WGT001": "weight-value",
    "WGT002": "weight-role",
    "WGT003": "all-zero",
    "TUL001": "tool-shape",
    "TUL002": "function-name",
    "TUL003": "parameters-schema",
    "TUL004": "call-shape",
    "TUL005": "arguments-json",
    "TUL006": "arguments-schema",
    "TUL007": "undefined-tool",
    "TUL008": "orphan-result",
    "TUL009": "unanswered-call",
    "TUL010": "duplicate-call-id",
    "TUL011": "tools-missing",
    "TUL012": "parallel-without-tools",
    "TUL013": "deprecated-functions",
    "TUL014": "schema-construct",
    "TUL015": "null-content",
    "TUL016": "call-id-format",
    "TUL017": "too-many-tools",
    "TUL018": "parallel-type",
    "IMG001": "image-role",
    "IMG002": "images-per-example",
    "IMG003": "image-examples",
    "IMG004": "image-size",
    "IMG005": "image-format",
    "IMG006": "image-mode",
    "IMG007": "data-uri",
    "IMG008": "image-unreadable",
    "IMG009": "image-url",
    "IMG010": "image-detail",
    "IMG011": "media-type",
    "IMG012": "url-unreachable",
    "IMG013": "model-without-vision",
    "PRF001": "input-shape",
    "PRF002": "output-shape",
    "PRF003": "same-outputs",
    "PRF004": "input-ends-assistant",
    "RFT001": "last-not-user",
    "RFT002": "grader-fields",
    "CMP001": "prompt-completion",
    "TOK001": "example-too-long",
    "TOK002": "nothing-left",
    "TOK003": "job-too-large",
    "TOK005": "uncountable",
    "DST001": "too-few-examples",
    "DST002": "few-examples",
    "DST003": "duplicate-example",
    "DST004": "near-duplicate",
    "DST005": "conflicting-answers",
    "DST006": "validation-overlap",
    "DST007": "system-variants",
    "DST008": "too-many-examples",
    "DST009": "tools-vary",
    "DST010": "method-unsupported",
    "TOK004": "special-token",
    "QLT001": "mojibake",
    "QLT002": "refusal",
    "QLT003": "placeholder",
    "QLT004": "invisible-characters",
    "QLT005": "cut-off-answer",
    "QLT006": "repetition",
    "SEC001": "secret",
    "SEC002": "personal-data",
    "JLT001": "unchecked",
}

HEADINGS = ["What it does", "Why", "How to repair"]


BUILT_IN = [rule for rule in all_rules().values() if rule.module.startswith("jsonl_lint.rules.")]


def by_code(rule: Rule) -> str:
    """A rule's code, as the name of its test."""
    return rule.code


@pytest.fixture(params=BUILT_IN, ids=by_code)
def rule(request: pytest.FixtureRequest) -> Rule:
    """Each rule in turn."""
    found = request.param
    assert isinstance(found, Rule)
    return found


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_case_holds(case: RuleCase) -> None:
    """A bad case has the findings that it says and is repaired by its fix, a good one has none."""
    check_case(case)


@pytest.mark.parametrize("code", CATALOGUE)
def test_catalogue_is_kept(code: str) -> None:
    """Codes and names are a contract."""
    assert code in all_rules(), f"{code} ({CATALOGUE[code]}) is not written"
    assert all_rules()[code].name == CATALOGUE[code]


def test_rule_is_in_the_catalogue(rule: Rule) -> None:
    """A rule has a code and a name that are reserved for it."""
    assert CATALOGUE.get(rule.code) == rule.name


def test_names_are_unique_within_a_family() -> None:
    """No two rules of one family share a name."""
    names = [(rule.family, rule.name) for rule in BUILT_IN]
    assert len(set(names)) == len(names)


def test_file_is_named_after_its_rule(rule: Rule) -> None:
    """One rule, one file, in the folder of its family."""
    assert rule.module == f"jsonl_lint.rules.{rule.family.lower()}.{rule.name.replace('-', '_')}"


def test_documentation_has_its_headings(rule: Rule) -> None:
    """The manual page has the fixed headings in their order, and the last one where there is a fix."""
    expected = [*HEADINGS, "Fix safety"] if rule.fixable else HEADINGS
    assert re.findall(r"^## (.+)$", rule.doc, re.MULTILINE) == expected


def test_documentation_sections_are_filled(rule: Rule) -> None:
    """No heading stands over nothing."""
    sections = re.split(r"^## .+$", rule.doc, flags=re.MULTILINE)
    assert all(section.strip() for section in sections)


def test_summary_is_one_sentence(rule: Rule) -> None:
    """The manual page begins with a line that ends with a full stop."""
    first, second = rule.doc.split("\n")[:2]
    assert first.endswith(".")
    assert second == ""


def test_rule_says_how_to_repair(rule: Rule) -> None:
    """The one line on the repair is there, and is one line without a full stop."""
    assert rule.repair.strip()
    assert "\n" not in rule.repair
    assert not rule.repair.endswith(".")


def test_rule_has_cases(rule: Rule) -> None:
    """At least one bad and one good case define the rule."""
    assert rule.bad
    assert rule.good


def test_fixable_rule_shows_a_fix(rule: Rule) -> None:
    """A rule that says it can repair has a bad case which says what comes out."""
    has_fixed = any(type(case.fixed).__name__ != "UnsetType" for case in rule.bad)
    assert has_fixed == (rule.fixable is not None)


@pytest.mark.parametrize("name", target_names())
def test_targets_name_known_rules(name: str) -> None:
    """A target sets severities of rules that are in the catalogue."""
    target = load_target(name)
    codes = {code for method in target.methods for code in target.severities(method)}
    assert codes <= CATALOGUE.keys()
