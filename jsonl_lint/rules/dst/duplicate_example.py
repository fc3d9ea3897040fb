"""The same example stands in the file again.

## What it does
Flags an example that is equal to an earlier one. Values are compared, not spellings: the order of keys, spaces, escapes
and the spelling of numbers make no difference. Each later one is flagged and names the line of the first. Lines whose
values may say less than they do are the same only byte by byte: those in which a key stands twice, with bytes that are no
UTF-8, with integers of more than 63 bits, NaN or Infinity, or nested more than 150 deep.

## Why
The model is trained on such an example as often as it stands there. It learns it by heart, and the job costs more.

## How to repair
Remove the later line. If an example is to weigh more, say so on purpose and ignore this rule.

## Fix safety
Safe: the line is removed, and an equal one stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.finding import Fix
from jsonl_lint.rule import Case, Dataset, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
OTHER = ROW.replace(b"Hello", b"Good day")
SAME = b'{"messages":[{"content":"H\\u0069","role":"user"},{"content":"Hello","role":"assistant"}]}\n'
TWO_KEYS = ROW.replace(b"]}", b'], "messages": []}')
LONG_NUMBER = ROW.replace(b"]}", b'], "id": 10000000000000000000000}')
NO_UTF8 = ROW.replace(b"Hi", b"caf\xe9")


@rule(
    "DST003",
    at=Dataset,
    severity="warning",
    repair="remove the later line",
    fixable="safe",
    needs=["may_repeat"],
    bad=[
        Case(ROW + ROW, line=2, fixed=ROW),
        Case(ROW + OTHER + SAME, line=3, fixed=ROW + OTHER),
        Case(ROW + b"\n" + ROW * 2, count=2, line=3, fixed=ROW + b"\n"),
        Case(ROW + ROW[:-1], line=2, fixed=ROW),
        Case(TWO_KEYS + NO_UTF8 + TWO_KEYS + NO_UTF8, count=2, line=3, fixed=TWO_KEYS + NO_UTF8),
    ],
    good=[
        Case(ROW + OTHER),
        Case(ROW + ROW.replace(b'"Hello"', b'"Hello", "weight": 1')),
        Case(ROW + ROW.replace(b'"Hello"', b'"hello"')),
        Case(TWO_KEYS + TWO_KEYS.replace(b"Hi", b"Ho"), ignore=("JSN003", "ROW003")),
        Case(LONG_NUMBER + LONG_NUMBER.replace(b"00}", b"01}"), ignore=("JSN007", "ROW004")),
        Case(NO_UTF8 + NO_UTF8.replace(b"\xe9", b"\xe8"), ignore=("ENC003",)),
    ],
)
def duplicate_example(dataset: Dataset, facts: Facts) -> Iterator[Problem]:
    for repeat in dataset.duplicates():
        message = f"the same example as on line {repeat.first_line}"
        fix = Fix("delete the line", True, deletes_line=True)
        yield Problem(message, plain=message, line=repeat.line, span=(repeat.start, repeat.end), fix=fix)
