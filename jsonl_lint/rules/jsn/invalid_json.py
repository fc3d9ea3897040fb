"""The line is not JSON.

## What it does
Flags a line that breaks the grammar of JSON (RFC 8259), at the first character where it does, with the likely cause:
a trailing or a missing comma, single or smart quotes, `True` or `None` of Python, a comment, a control character, a line
that is cut off.

## Why
The service reads each line as one JSON object. A line that is not JSON stops the whole file.

## How to repair
Write the lines with a JSON library instead of by hand: in Python `json.dumps(example)`, one call for each line.

## Fix safety
Unsafe: where one repair is certain to give JSON (a trailing comma, Python's literals, single quotes) it is still a guess
at what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, Line, Problem, rule
from jsonl_lint.targets import Facts

GOOD = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}'


@rule(
    "JSN001",
    at=Line,
    severity="error",
    repair="write the lines with a JSON library, one object on each line",
    fixable="unsafe",
    gated=True,
    blocks=True,
    bad=[
        Case(GOOD.replace(b'"Hi"}', b'"Hi",}'), fixed=GOOD),
        Case(GOOD.replace(b'"Hi"', b"'Hi'"), fixed=GOOD),
        Case(GOOD[:-1]),
        Case(b"{'messages': None}"),
        Case(b"messages: []"),
    ],
    good=[Case(GOOD), Case(GOOD.replace(b"Hi", b"\\u0048\\/"))],
)
def invalid_json(line: Line, facts: Facts) -> Iterator[Problem]:
    for fault in line.faults:
        if fault.kind == "syntax":
            fix = Fix("repair the JSON", False, fault.edits) if fault.edits else None
            yield Problem(fault.message, fault.path, span=(fault.start, fault.end), fix=fix)
