"""A rule's manual page, the same in the documentation and in the terminal: what it is for, and examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from jsonl_lint.rule import Case, Dataset, Example, FileSummary, Job, JobSize, Line, Rule

__all__ = ["WHOLE_FILE", "case_bytes", "level_of", "manual", "repaired_by"]

# Rules on these look at all lines of a file.
WHOLE_FILE = (FileSummary, Example, Dataset, Job, JobSize)

EXAMPLE_LENGTH = 600
EXAMPLES_SHOWN = 3
FIXES = {"safe": "by `jsonl-lint fix`", "unsafe": "by `jsonl-lint fix --unsafe`"}


def manual(rule: Rule) -> str:
    """The documentation of a rule with examples, as Markdown."""
    shown = "".join(examples("Found", rule, rule.bad)) + "".join(examples("Clean", rule, rule.good))
    return f"{rule.doc.strip()}\n\n## Examples\n\n{shown}" if shown else f"{rule.doc.strip()}\n"


def level_of(rule: Rule) -> str:
    """The rule's level for the default target."""
    return rule.severity.label if rule.default else f"off unless selected ({rule.severity.label})"


def repaired_by(rule: Rule) -> str:
    """Who repairs what the rule finds."""
    return FIXES.get(rule.fixable or "", "by hand")


def examples(title: str, rule: Rule, cases: Iterable[Case]) -> Iterator[str]:
    """Some cases as code blocks; those that are no data but what was counted of it are left out."""
    of_data = [case for case in cases if not isinstance(case.value, msgspec.Struct)]
    for number, case in enumerate(of_data[:EXAMPLES_SHOWN]):
        if number == 0:
            yield f"{title}:\n\n"
        text = case_bytes(rule, case.value).decode("utf-8", "backslashreplace").strip("\n")
        plain = "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)
        cut = plain if len(plain) <= EXAMPLE_LENGTH else plain[:EXAMPLE_LENGTH] + " …"
        yield f"````text\n{cut}\n````\n\n"


def case_bytes(rule: Rule, value: Any) -> bytes:
    """A case's value as the bytes of a file; none where the value is no data but what the rule looks at."""
    if type(value) is rule.at:
        return b""
    if isinstance(value, bytes):
        return value
    rows = value if isinstance(value, list) and rule.at in (*WHOLE_FILE, Line) else [value]
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
