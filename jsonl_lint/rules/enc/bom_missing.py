"""The byte order mark is missing.

## What it does
Flags a file that does not begin with the UTF-8 byte order mark (the bytes `EF BB BF`), where the target demands one.

## Why
The documents of Azure OpenAI up to early 2026 demand UTF-8 with a byte order mark. Those rewritten in October 2026 no
longer mention it, and the provider's own samples have none: if your uploads pass without, relax the fact with
`--severity ENC001=off`, or `facts.bom = "optional"` in the configuration.

## How to repair
`jsonl-lint fix` puts the mark in front. In Python, write the file with `encoding="utf-8-sig"`.

## Fix safety
Safe: the mark is no part of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Edit, Fix
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import BOM

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "ENC001",
    at=FileSummary,
    severity="error",
    repair='`jsonl-lint fix` adds it; relax the fact with --severity ENC001=off (or facts.bom = "optional")',
    fixable="safe",
    gated=True,
    bad=[Case(ROW, fixed=BOM + ROW)],
    good=[Case(BOM + ROW), Case(ROW, facts={"bom": "optional"})],
)
def bom_missing(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    # A file without content, or in another encoding, is named by the rules for that.
    if facts.bom != "required" or file.bom is not False or file.encoding is not None or file.is_empty:
        return
    fix = Fix("add the byte order mark", safe=True, edits=(Edit(0, 0, BOM),))
    yield Problem("no UTF-8 byte order mark at the start of the file; the target demands one", span=(0, 0), fix=fix)
