"""The file is not named `.jsonl`.

## What it does
Flags a file whose name does not end as the target demands, in small letters. The ending of a compression (`.gz`,
`.zst`) after it is set aside. Data without a name (standard input, bytes, devices) is not flagged.

## Why
Services tell the format by the name: a file with another one is refused, or not offered in the portal's list.

## How to repair
Rename the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
COMPRESSED = (".gz", ".zst")


@rule(
    "FIL004",
    at=FileSummary,
    severity="warning",
    repair="rename the file",
    gated=True,
    bad=[
        Case(ROW, name="train.json"),
        Case(ROW, name="train.JSONL"),
        Case(ROW, name="train.json.gz"),
        Case(ROW, name="data.jsonl/train"),
    ],
    good=[
        Case(ROW, name="train.jsonl"),
        Case(ROW, name="data.v1/train.v2.jsonl"),
        Case(ROW, name="train.jsonl.gz"),
        Case(ROW, name="train.jsonl.zst"),
        Case(ROW, name="/dev/fd/63"),
    ],
)
def file_extension(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    # A device is what a shell's process substitution gives; it has no name of its own.
    if file.name is None or file.name.startswith("/dev/"):
        return
    name = os.path.basename(file.name)
    stem, suffix = os.path.splitext(name)
    if suffix.lower() in COMPRESSED:
        name, suffix = stem, os.path.splitext(stem)[1]
    if name.endswith(facts.extension):
        return
    ending = f"ends in {quoted(suffix)}" if suffix.strip(".") else "has no ending"
    yield Problem(f"the file's name {ending}; it must end in {quoted(facts.extension)}")
