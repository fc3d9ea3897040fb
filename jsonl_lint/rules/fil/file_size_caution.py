"""The file's size is near a limit.

## What it does
Flags a file that is under the target's limit and yet may be refused: at or over the limit read in decimal megabytes (a
megabyte of 1,000,000 bytes), or over what the target's web portal takes.

## Why
"512 MB" is 536,870,912 or 512,000,000 bytes, and the documents do not say which. The portal's own limit is lower than
that of the programming interface.

## How to repair
Upload with the SDK or the REST interface instead of the portal, or split the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
LIMITS = {"max_file_bytes": 4 * len(ROW), "decimal_file_bytes": 3 * len(ROW), "portal_file_bytes": len(ROW)}


@rule(
    "FIL002",
    at=FileSummary,
    severity="warning",
    repair="upload with the SDK instead of the portal, or split the file",
    gated=True,
    bad=[Case(ROW * 3, facts=LIMITS), Case(ROW * 2, facts=LIMITS)],
    good=[Case(ROW, facts=LIMITS), Case(ROW * 4, facts=LIMITS), Case(ROW)],
)
def file_size_caution(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    limit, decimal, portal = facts.max_file_bytes, facts.decimal_file_bytes, facts.portal_file_bytes
    if limit is not None and file.size >= limit:
        return
    if decimal is not None and file.size >= decimal:
        yield Problem(f"the file has {file.size:,} bytes; if the limit is meant in decimal megabytes it is {decimal:,}")
    elif portal is not None and file.size > portal:
        yield Problem(f"the file has {file.size:,} bytes; the portal takes {portal:,} at most, the SDK takes more")
