"""The file is too large.

## What it does
Flags a file of as many bytes as the target's limit, or more. Of a compressed file the decompressed bytes count.

## Why
The service refuses the upload, often after all of it has been sent.

## How to repair
Split the examples over several files or jobs, drop duplicates, and name images by their addresses instead of carrying
them inside the lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "FIL001",
    at=FileSummary,
    severity="error",
    repair="split the examples over several files, drop duplicates, or name images by their addresses",
    gated=True,
    bad=[
        Case(ROW * 3, facts={"max_file_bytes": 3 * len(ROW)}),
        Case(ROW * 3, facts={"max_file_bytes": 2 * len(ROW)}),
    ],
    good=[Case(ROW * 3, facts={"max_file_bytes": 3 * len(ROW) + 1}), Case(ROW, facts={"max_file_bytes": None})],
)
def file_too_large(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    limit = facts.max_file_bytes
    if limit is None or file.size < limit:
        return
    yield Problem(f"the file has {file.size:,} bytes; the target takes fewer than {limit:,}")
