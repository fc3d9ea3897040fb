"""What is said of a file when all of it has gone by: the rules on the file, its dataset, and the job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from jsonl_lint.again import Reopen
from jsonl_lint.baseline import known_findings
from jsonl_lint.dataset import FileData, WholeDataset
from jsonl_lint.errors import InputError
from jsonl_lint.finding import Finding, Severity
from jsonl_lint.fingerprint import fingerprint
from jsonl_lint.meter import job_size
from jsonl_lint.partial import Partial, merged_tally
from jsonl_lint.plan import Plan
from jsonl_lint.prints import MAX_TOOLS
from jsonl_lint.rule import Dataset, Example, FileSummary, Job, JobSize, Problem, Rule, Tally
from jsonl_lint.telling import said

__all__ = ["finish"]


def finish(
    plan: Plan, path: str, partial: Partial, reopen: Reopen | None = None, held_out: Sequence[FileData] = ()
) -> None:
    """Ask the rules on the file and on the dataset, when the whole file has been gone through.

    `reopen` reads the file again, where that can be done; `held_out` are the validation files that were read before.
    """
    summary = partial.summary
    if summary.is_jsonl and not summary.is_empty:
        # What a rule says that has not seen every example may be wrong.
        for rule in (rule for rule in plan.rules(Example) if rule.code not in partial.failures):
            report_whole(plan, path, partial, rule, asked(partial.states[rule.code].finish, summary))
        if partial.prints is not None:
            finish_dataset(plan, partial, FileData(path, partial.prints, reopen), held_out)
        for rule in plan.rules(Job) if summary.role == "training" else ():
            report_whole(plan, path, partial, rule, asked(rule.check, plan.job, plan.facts))
        size = job_size(plan, partial)
        for rule in plan.rules(JobSize) if size else ():
            report_whole(plan, path, partial, rule, asked(rule.check, size, plan.facts))
    # What ignored rules of the loop kept from being looked at is said last.
    heads = sorted(plan.heads(FileSummary), key=lambda head: head.code == "JLT001")
    for rule in plan.concerned(heads, summary):
        report_whole(plan, path, partial, rule, asked(rule.check, summary, plan.facts))


def finish_dataset(plan: Plan, partial: Partial, data: FileData, held_out: Sequence[FileData]) -> None:
    """Ask the rules on all examples together; what they could not prove is said."""
    dataset = WholeDataset(data, partial.summary, held_out)
    for rule in plan.concerned(plan.heads(Dataset), dataset):
        report_whole(plan, data.path, partial, rule, asked(rule.check, dataset, plan.facts))
    if dataset.unproven:
        partial.unchecked["possible repeat", "the input is too long to be kept, and can't be read again"] = (
            dataset.unproven
        )
    if data.prints.has_all_tools:
        return
    partial.unchecked["declaration of tools", f"more than {MAX_TOOLS:,} different tools"] = 1


def report_whole(plan: Plan, path: str, partial: Partial, rule: Rule, problems: Iterable[Problem]) -> None:
    """Count and list the problems that a rule names on a file as a whole."""
    if not plan.is_on(rule):
        note_blocked(partial.summary, rule, guarded(partial, rule, problems))
        return
    known = known_findings(plan.settings.baseline, path)
    is_known = bool(known) and fingerprint(rule.code) in known
    # One by one, because there may be one for each example.
    for number, problem in enumerate(guarded(partial, rule, problems)):
        for code in rule.replaces if number == 0 else ():
            partial.drop(code)
        severity = plan.severity_of(rule, problem)
        if is_known:
            partial.hold(whole_finding(plan, path, rule, problem, severity))
        elif partial.count(rule.code, severity):
            partial.list(whole_finding(plan, path, rule, problem, severity))


def asked(check: Callable[..., Iterable[Problem]], *subjects: Any) -> Iterator[Problem]:
    """What a check says of its subjects, which it is called with when the first problem is asked for."""
    yield from check(*subjects)


def guarded(partial: Partial, rule: Rule, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems that a rule names; if it raises, that is noted, unless an input could not be read."""
    try:
        yield from problems
    except InputError:
        raise
    except Exception as error:
        partial.fail(rule.code, repr(error))


def whole_finding(plan: Plan, path: str, rule: Rule, problem: Problem, severity: Severity) -> Finding:
    """A problem of a file as a whole as a finding."""
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=severity,
        message=said(plan, rule, problem),
        path=path,
        line=problem.line if problem.line is not None else 1,
        column=1 if problem.span is not None else None,
        offset=problem.span[0] if problem.span is not None else None,
        fix=None if plan.settings.redact else problem.fix,
        fingerprint=fingerprint(rule.code),
        url=rule.url,
    )


def note_blocked(summary: FileSummary, rule: Rule, problems: Iterable[Problem]) -> None:
    """Note what was not gone into, and why, where an ignored rule would have named it; a warning keeps nothing back."""
    for problem in problems:
        if (problem.severity or rule.severity) == Severity.ERROR:
            tally = Tally(problem.lines, problem.line or 1)
            summary.blocked_by[rule.label] = merged_tally(summary.blocked_by.get(rule.label), tally, 0) or tally
