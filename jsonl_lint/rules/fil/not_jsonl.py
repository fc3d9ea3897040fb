"""The file is JSON, and not JSON Lines.

## What it does
Flags a file that is one JSON array, or JSON that is printed over many lines. Nothing else in such a file is looked at.

## Why
In JSON Lines each line is one whole value. To a service the first line of such a file is broken JSON, and so are most of
the others.

## How to repair
`jsonl-lint fix` writes each value on a line of its own; then check it again. In Python, write `json.dumps(example)` and a
line feed for each example, without `indent`.

## Fix safety
Safe: the values stay the same; only the white space between them, and the array's own brackets and commas, go.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, FileSummary, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
PRETTY = ROW.replace(b": [", b": [\n  ").replace(b"}, ", b"},\n  ").replace(b"]}", b"\n]}")
WHAT = {"array": "one JSON array", "pretty": "JSON printed over many lines"}


@rule(
    "FIL007",
    at=FileSummary,
    severity="error",
    repair="`jsonl-lint fix` writes each value on a line of its own",
    fixable="safe",
    gated=True,
    blocks=True,
    needs=["container"],
    bad=[
        Case(b"[" + ROW.strip() + b", " + ROW.strip() + b"]\n", fixed=ROW * 2),
        Case(b"[\n" + ROW.strip() + b",\n" + ROW + b"]\n", fixed=ROW * 2),
        Case(PRETTY * 2, fixed=ROW * 2),
        Case(PRETTY, fixed=ROW),
    ],
    good=[Case(ROW), Case(ROW * 2)],
)
def not_jsonl(file: FileSummary, facts: Facts) -> Iterator[Problem]:
    if file.container is None:
        return
    what = WHAT.get(file.container, file.container)
    fix = Fix("write each value on a line of its own", safe=True)
    yield Problem(f"the file is {what}; it must hold one object on each line", span=(0, 0), fix=fix)
