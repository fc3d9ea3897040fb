"""The same prompt has different answers.

## What it does
Flags an example whose prompt (everything before the last message, and the tools) stands in the file before, with an answer
that says something else. Spaces at the ends and between words make no difference. Answers of weight 0 are not looked at, nor
are examples that ask nothing, or of which it is not certain what they ask (see `DST003`: a key stands twice, for one).
In a preference file it flags the opposite preference: what is preferred on one line is not on the other.

## Why
Two answers to one prompt pull the model in two directions. Often the older one should have been removed.

## How to repair
Keep the right answer. If all are good, and variety is meant, ignore this rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Dataset, Problem, rule
from jsonl_lint.targets import Facts

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
OTHER = ROW.replace(b"Hello", b"Go away")
LONG = ROW.replace(b'[{"role": "user"', b'[{"role": "system", "content": "Be kind."}, {"role": "user"')
ALONE = b'{"messages": [{"role": "assistant", "content": "Hello"}]}\n'
ASKED = ROW.replace(b"assistant", b"user")
NO_UTF8 = ROW.replace(b"Hi", b"caf\xe9")
PREFERENCE = {
    "input": {"messages": [{"role": "user", "content": "Hi"}]},
    "preferred_output": [{"role": "assistant", "content": "Hello"}],
    "non_preferred_output": [{"role": "assistant", "content": "Go away"}],
}
OPPOSITE = {
    **PREFERENCE,
    "preferred_output": PREFERENCE["non_preferred_output"],
    "non_preferred_output": PREFERENCE["preferred_output"],
}
SECOND = {**PREFERENCE, "non_preferred_output": [{"role": "assistant", "content": "What?"}]}


@rule(
    "DST005",
    at=Dataset,
    severity="warning",
    repair="keep the right answer",
    methods=["sft", "dpo", "completion"],
    needs=["may_repeat"],
    bad=[
        Case(ROW + OTHER, line=2),
        Case(ROW + LONG + OTHER + ROW + OTHER, line=3),
        Case(ROW + OTHER + OTHER.replace(b"Go", b"Come"), count=2, line=2),
        Case(
            b'{"prompt": "1+1=", "completion": "2"}\n{"completion": "3", "prompt": "1+1="}\n',
            method="completion",
            line=2,
        ),
        Case([PREFERENCE, OPPOSITE], method="dpo", line=2),
    ],
    good=[
        Case(ROW + LONG.replace(b"Hello", b"Go away")),
        Case(ROW + ROW.replace(b"Hello", b"Hello ")),
        Case(ROW + ROW),
        Case(ROW + OTHER.replace(b'"Go away"', b'"Go away", "weight": 0') + LONG, ignore=("WGT003",)),
        Case([PREFERENCE, SECOND], method="dpo"),
        Case(ALONE + ALONE.replace(b"Hello", b"Go away")),
        Case(ASKED + ASKED.replace(b"Hello", b"Go away"), ignore=("ROW005",)),
        Case(NO_UTF8 + NO_UTF8.replace(b"\xe9", b"\xe8").replace(b"Hello", b"Go away"), ignore=("ENC003",)),
        Case(
            b'{"prompt": "", "completion": "2"}\n{"prompt": "", "completion": "3"}\n',
            method="completion",
            ignore=("CMP001",),
        ),
        Case([{**PREFERENCE, "input": None}, {**OPPOSITE, "input": None}], method="dpo", ignore=("PRF001",)),
    ],
)
def conflicting_answers(dataset: Dataset, facts: Facts) -> Iterator[Problem]:
    for repeat in dataset.conflicts():
        message = f"another answer to the prompt of line {repeat.first_line}"
        yield Problem(message, plain=message, line=repeat.line, span=(repeat.start, repeat.end))
