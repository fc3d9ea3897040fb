"""Examples have no system message.

## What it does
Counts the examples without a system (or developer) message, where other examples of the file have one, or where the
target advises one. One finding for the file, at the first such line.

## Why
The model learns its behaviour under the system message that it sees. If some examples have none, it learns to behave in
that way without; and the answers in use get worse if the system message there was not in training.

## How to repair
Begin each example with the system message that is used later.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Batch, Case, Example, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

SYSTEM = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
WITH = {"messages": [SYSTEM, QUESTION, ANSWER]}
WITHOUT = {"messages": [QUESTION, ANSWER]}


@rule(
    "ROW007",
    at=Example,
    severity="warning",
    repair="begin each example with the system message that is used later",
    methods=["sft"],
    gated=True,
    bad=[
        Case([WITH, WITHOUT, WITH]),
        Case([WITHOUT, WITHOUT]),
        Case([WITH, WITHOUT], facts={"advises_system": False}),
    ],
    good=[
        Case([WITH, WITH]),
        Case([WITHOUT, WITHOUT], facts={"advises_system": False}),
        Case([WITH, {"messages": [{"role": "developer", "content": "Be brief."}, QUESTION, ANSWER]}]),
    ],
)
class SystemMissing:
    """How many examples have a system message, how many have none, and where the first of these stands."""

    def __init__(self, facts: Facts) -> None:
        self.advised = facts.advises_system
        self.having = 0
        self.lacking = 0
        self.first_line = 0

    def add(self, example: Example) -> None:
        """Take in one example; one without messages, or with a role that can't be told, says nothing."""
        roles = example.roles
        if "system" in roles or "developer" in roles:
            self.having += 1
        elif roles and None not in roles:
            self.first_line = self.first_line or example.line
            self.lacking += 1

    def add_batch(self, batch: Batch) -> None:
        """Take in neighbouring examples, the role of every message of which is known."""
        orders = batch.orders
        lacking = [tally for roles, tally in orders if roles and "system" not in roles and "developer" not in roles]
        if lacking and not self.lacking:
            self.first_line = min(tally.first_line for tally in lacking)
        missing = sum(tally.count for tally in lacking)
        self.lacking += missing
        self.having += len(batch) - missing

    def merge(self, other: SystemMissing, lines: int) -> None:
        """Take in the state of the range that follows; its line numbers begin after `lines` lines."""
        if not self.lacking and other.lacking:
            self.first_line = other.first_line + lines
        self.having += other.having
        self.lacking += other.lacking

    def finish(self, file: FileSummary) -> Iterator[Problem]:
        """The problem of the whole file."""
        if not self.lacking or not (self.having or self.advised):
            return
        whole = f"{self.lacking:,} of {plural(self.having + self.lacking, 'example')}"
        reason = f"{self.having:,} have one" if self.having else "the target advises one"
        message = f"no system message in {whole}, first on line {self.first_line}; {reason}"
        yield Problem(message, plain=message, line=self.first_line)
