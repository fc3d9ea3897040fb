"""`json`: the whole report as one JSON object, of the schema `schemas/report.schema.json`."""

from __future__ import annotations

from typing import TextIO

import msgspec

from jsonl_lint.report import Report, as_json, finding_data
from jsonl_lint.reporters import View
from jsonl_lint.reporters.listing import listed

__all__ = ["write"]

# No text of the data can hold this: its quotes would be escaped.
NO_FINDINGS = '"findings": []'


def write(report: Report, out: TextIO, view: View) -> None:
    """Write the report, its findings one by one."""
    empty = msgspec.structs.replace(report, findings=[])
    begin, _, end = empty.to_json().partition(NO_FINDINGS)
    out.write(begin + NO_FINDINGS[:-1])
    index = -1
    for index, finding in enumerate(listed(report, view)):
        text = msgspec.json.format(as_json(finding_data(finding)), indent=2).decode()
        out.write((",\n    " if index else "\n    ") + text.replace("\n", "\n    "))
    out.write(("]" if index < 0 else "\n  ]") + end + "\n")
