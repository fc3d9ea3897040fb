"""For authors of rules: run a rule's own good and bad cases, as the built-in rules' are run.

```python
import pytest
from jsonl_lint.testing import cases_of, check_case

@pytest.mark.parametrize("case", cases_of("ABC001"), ids=str)
def test_case(case):
    check_case(case)
```
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from jsonl_lint.config import Settings
from jsonl_lint.finding import Edit, Finding, Severity
from jsonl_lint.gate import Gate
from jsonl_lint.judge import Judge
from jsonl_lint.manual import WHOLE_FILE, case_bytes
from jsonl_lint.plan import make_plan
from jsonl_lint.registry import all_rules, find_rules
from jsonl_lint.repair.files import fix
from jsonl_lint.report import Report
from jsonl_lint.rule import Case, JobSize, Length, Rule
from jsonl_lint.run import Run
from jsonl_lint.targets import DEFAULT_TARGET
from jsonl_lint.text import BOM

__all__ = ["RuleCase", "all_cases", "apply_edits", "case_bytes", "cases_of", "check_case", "run_case"]

# What is drawn at random in each run can't be said in a case.
PLACEHOLDER = re.compile(rb"\[([a-z-]+)-[0-9a-f]{10}\]")
OF_TOKENS = (Length, JobSize)


class RuleCase(msgspec.Struct, frozen=True):
    """One case of a rule, whether it is a bad one, and its number among those."""

    rule: Rule
    case: Case
    bad: bool
    number: int
    plugins: tuple[str, ...] = ()

    def __str__(self) -> str:
        """A name for test reports: `MSG006-bad-2`."""
        return f"{self.rule.code}-{'bad' if self.bad else 'good'}-{self.number}"


def cases_of(code: str, *plugins: str) -> list[RuleCase]:
    """The cases of the rule of this code or name; `plugins` are the paths of files with rules that are not installed."""
    rule = find_rules(code, all_rules(plugins))[0]
    bad = [RuleCase(rule, case, True, number, plugins) for number, case in enumerate(rule.bad, 1)]
    return bad + [RuleCase(rule, case, False, number, plugins) for number, case in enumerate(rule.good, 1)]


def all_cases() -> list[RuleCase]:
    """The cases of every rule, built-in and third-party."""
    return [case for code in all_rules() for case in cases_of(code)]


def check_case(case: RuleCase, target: str = DEFAULT_TARGET) -> None:
    """Run one case; `AssertionError` with what was expected and what was found if it does not hold."""
    if type(case.case.value) is case.rule.at:
        check_value(case, target)
    elif case.bad:
        check_bad(case, target)
    else:
        check_good(case, target)


def check_value(case: RuleCase, target: str) -> None:
    """A case that is no data but the value itself that the rule looks at: the rule names so many problems in it."""
    expected = case.case.count if case.bad else 0
    facts = make_plan(settings(case, target), case.case.method).facts
    found = list(case.rule.check(case.case.value, facts))
    if len(found) != expected:
        raise AssertionError(f"{case}: expected {expected} problems, there are {found}")


def check_bad(case: RuleCase, target: str) -> None:
    """A bad case has the findings that it says, the gate refuses its lines, and its fix repairs it."""
    data = case_bytes(case.rule, case.case.value)
    report = run_case(case, data, target)
    own = own_findings(case, report)
    if len(own) != case.case.count:
        fail(case, f"expected {case.case.count} findings of {case.rule.code}, there are {len(own)}", data, report)
    elsewhere = [finding for finding in own if case.case.at not in (None, finding.pointer)]
    if elsewhere:
        fail(case, f"expected the findings at {case.case.at!r}", data, report)
    if case.case.line is not None and own[0].line != case.case.line:
        fail(case, f"expected the first finding on line {case.case.line}", data, report)
    check_refused(case, data, own, target)
    check_fix(case, data, report, target)


def check_good(case: RuleCase, target: str) -> None:
    """A good case has no finding of its rule, and no error on any line that another rule would name."""
    data = case_bytes(case.rule, case.case.value)
    report = run_case(case, data, target)
    if own_findings(case, report):
        fail(case, f"expected no finding of {case.rule.code}", data, report)
    if any(finding.severity == Severity.ERROR and is_on_lines(case, finding) for finding in report.findings):
        fail(case, "expected no error on a line", data, report)
    judge = Judge(make_plan(settings(case, target), case.case.method))
    for line in lines_of(data) if not is_on_whole_file(case.rule) else ():
        if any(hit.rule.code == case.rule.code for hit in judge.line(line).hits):
            fail(case, f"the rule finds something on a line that the gate admits: {line!r}", data, report)


def check_refused(case: RuleCase, data: bytes, own: Iterable[Finding], target: str) -> None:
    """The gate must refuse each line where a rule that relies on it finds something."""
    if not case.rule.gated or is_on_whole_file(case.rule):
        return
    gate = Gate(make_plan(settings(case, target), case.case.method))
    lines = lines_of(data)
    for finding in own:
        line = lines[(finding.line or 1) - 1]
        if gate.admit(line) is not None:
            raise AssertionError(f"{case}: the gate admits {line!r}, where {case.rule.code} finds: {finding.message}")


def check_fix(case: RuleCase, data: bytes, report: Report, target: str) -> None:
    """Fixes are of the kind that the rule declares, give what the case says, and take their findings away."""
    own = own_findings(case, report)
    fixes = [finding.fix for finding in own if finding.fix is not None]
    declared = case.rule.fixable
    if any(declared != ("safe" if fix.safe else "unsafe") for fix in fixes):
        fail(case, f"the rule declares fixable={declared!r}, its fixes are otherwise", data, report)
    expected = case.case.fixed
    if expected is not msgspec.UNSET and not fixes:
        fail(case, "the case says what the fix gives, and there is no fix", data, report)
    after = repaired(case, data, target)
    if after == data and expected is msgspec.UNSET:
        return
    if expected is not msgspec.UNSET and not is_same(after, case_bytes(case.rule, expected), expected):
        fail(case, f"expected the fix to give {case_bytes(case.rule, expected)!r}, not {after!r}", data, report)
    if len(own_findings(case, run_case(case, after, target))) > len(own) - len(fixes):
        fail(case, f"findings are left after the fix, which gives {after!r}", data, report)


def repaired(case: RuleCase, data: bytes, target: str) -> bytes:
    """The data as `jsonl-lint fix --unsafe` makes it when this rule alone is selected; placeholders show their kinds."""
    own, code = case.case, case.rule.code
    out = io.BytesIO()
    given: dict[str, Any] = {"target": target, "method": own.method, "facts": own.facts, "ignore": own.ignore}
    fix(data, out, unsafe=True, select=[code], plugins=case.plugins, **given)
    return PLACEHOLDER.sub(rb"[\1]", out.getvalue())


def run_case(case: RuleCase, data: bytes, target: str = DEFAULT_TARGET) -> Report:
    """The report of a case's file, with its rule switched on."""
    run = Run(settings(case, target))
    if case.case.validation is not None:
        held_out = case_bytes(case.rule, case.case.validation)
        run.check_stream("validation.jsonl", io.BytesIO(held_out).read, "validation.jsonl", role="validation")
    run.check_stream(case.case.name, io.BytesIO(data).read, case.case.name)
    report = run.finished()
    if report.failures:
        raise AssertionError(f"{case}: {'; '.join(report.failures)}")
    return report


def settings(case: RuleCase, target: str) -> Settings:
    """The settings that a case is checked with."""
    own = case.case
    codes = () if case.rule.code in own.ignore else (case.rule.code,)
    given: dict[str, Any] = {"plugins": case.plugins}
    given |= {"target": target, "method": own.method, "facts": own.facts, "ignore": own.ignore, "extend_select": codes}
    given["no_tokens"] = case.rule.at not in OF_TOKENS
    given["check_urls"] = own.check_urls
    return msgspec.convert({**given, **own.settings}, Settings)


def apply_edits(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Data with edits made in it; `AssertionError` if two of them overlap."""
    end = len(data)
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end), reverse=True):
        if not edit.start <= edit.end <= end:
            raise AssertionError(f"edits overlap, or lie outside of the data: {edit}")
        data = data[: edit.start] + edit.text + data[edit.end :]
        end = edit.start
    return data


def is_same(data: bytes, expected_data: bytes, expected: Any) -> bool:
    """Whether the result of a fix is the expected one: byte for byte if that is given as bytes, else by value."""
    if isinstance(expected, bytes):
        return data == expected_data
    return list(map(json.loads, lines_of(data))) == list(map(json.loads, lines_of(expected_data)))


def lines_of(data: bytes) -> list[bytes]:
    """The lines of a file without their line feeds, as the engine passes them on."""
    return data.removeprefix(BOM).removesuffix(b"\n").split(b"\n")


def own_findings(case: RuleCase, report: Report) -> list[Finding]:
    """The findings of the case's own rule."""
    return [finding for finding in report.findings if finding.code == case.rule.code]


def is_on_whole_file(rule: Rule) -> bool:
    """Whether a rule looks at files or datasets, not at lines."""
    return rule.at in WHOLE_FILE


def is_on_lines(case: RuleCase, finding: Finding) -> bool:
    """Whether a finding is one that a rule on lines made. A short case never has what a whole file must have."""
    return not is_on_whole_file(all_rules(case.plugins)[finding.code])


def fail(case: RuleCase, why: str, data: bytes, report: Report) -> None:
    """Raise with the reason, the data and everything that was found."""
    found = "\n".join(shown(report.findings)) or "  nothing"
    raise AssertionError(f"{case}: {why}\ndata: {data!r}\nfound:\n{found}")


def shown(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings, one on each line."""
    for finding in findings:
        yield f"  {finding.code} {finding.severity.label} line {finding.line} {finding.pointer!r}: {finding.message}"
