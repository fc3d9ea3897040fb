"""The example holds a text that the tokenizer can't take.

## What it does
Flags an example whose tokens can't be counted, because the tokenizer gives up on one of its texts. The example is left out
of every sum, and the report says that the sums are incomplete.

## Why
Tokenizers are made for language. On which texts they give up differs between their versions: on a million blanks in a row,
for example, many did. What the service does with such a text is not documented; it is hardly one to learn from.

## How to repair
Look at the example's longest text, and take out what is no language: runs of white space, binary data, dumps.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Length, Problem, rule
from jsonl_lint.targets import Facts

BLANKS = {"messages": [{"role": "user", "content": "Hi" + " " * 3000}, {"role": "assistant", "content": "Hello"}]}


@rule(
    "TOK005",
    at=Length,
    severity="warning",
    repair="take out what is no language: runs of white space, binary data, dumps",
    bad=[Case(Length("a-model", error="tiktoken gives up on a text of 3 characters"))],
    good=[Case(BLANKS), Case(Length("a-model", 10, total=20, kept=10))],
)
def uncountable(length: Length, facts: Facts) -> Iterator[Problem]:
    if length.error is not None:
        yield Problem(f"the example's tokens can't be counted: {length.error}")
