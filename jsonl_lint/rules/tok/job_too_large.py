"""The file has more tokens than the service takes in one job.

## What it does
Flags a training file whose tokens, times the epochs, are more than the target takes in one training job. Without `--epochs`
the number of epochs is the one that the OpenAI cookbook gives as the default for so many examples.

## Why
The service refuses the job, after the file has been uploaded and taken.

## How to repair
Train fewer epochs, choose the best examples, or train in several jobs.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, JobSize, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'


@rule(
    "TOK003",
    at=JobSize,
    severity="error",
    repair="train fewer epochs, choose the best examples, or train in several jobs",
    bad=[Case(ROW * 10, facts={"max_tokens_in_job": 1299}), Case(ROW, facts={"max_tokens_in_job": 300})],
    good=[Case(ROW * 10, facts={"max_tokens_in_job": 1300}), Case(ROW * 10)],
)
def job_too_large(size: JobSize, facts: Facts) -> Iterator[Problem]:
    limit, product = facts.max_tokens_in_job, size.tokens * size.epochs
    if limit is None or product <= limit:
        return
    yield Problem(
        f"{size.tokens:,} tokens x {plural(size.epochs, 'epoch')} are {product:,}; the target takes {limit:,} in a job"
    )
