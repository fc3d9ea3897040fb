"""An example of the training file is in the validation file.

## What it does
Flags a training example that is equal to one of a validation file (`--validation`), and one whose prompt alone is the same,
which the message says. Values are compared, not spellings; examples that ask nothing, or of which it is not certain what
they ask (see `DST003`), only as wholes.

## Why
What the model was trained on says nothing about how well it answers what it has not seen: the validation loss looks better
than the model is.

## How to repair
Remove the example from one of the two files.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Dataset, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

ROW = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
OTHER_ANSWER = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Good day"}]}
OTHER = {"messages": [{"role": "user", "content": "Bye"}, {"role": "assistant", "content": "See you"}]}


@rule(
    "DST006",
    at=Dataset,
    severity="warning",
    repair="remove the example from one of the two files",
    needs=["may_overlap"],
    bad=[
        Case([OTHER, ROW], validation=[ROW], line=2),
        Case([OTHER, ROW, OTHER_ANSWER], validation=[OTHER_ANSWER], count=2, line=2),
    ],
    good=[Case([ROW, ROW]), Case([ROW], validation=[OTHER])],
)
def validation_overlap(dataset: Dataset, facts: Facts) -> Iterator[Problem]:
    for repeat in dataset.held_out():
        where = f"in {quoted(repeat.path, 200)} too, on line {repeat.first_line}"
        message = f"stands {where}" if repeat.whole else f"its prompt stands {where}, with another answer"
        yield Problem(message, plain=message, line=repeat.line, span=(repeat.start, repeat.end))
