"""`jsonl-lint split`: a training and a validation file out of one."""

from __future__ import annotations

import os

import click

from jsonl_lint.errors import UsageError
from jsonl_lint.source import STDIN
from jsonl_lint.splitting import Stratum, split
from jsonl_lint.text import plural

__all__ = ["command"]


@click.command("split")
@click.argument("path")
@click.option("--share", type=float, metavar="SHARE", help="The share of examples for validation (default: 0.1).")
@click.option("--count", type=click.IntRange(1), metavar="N", help="The number of examples for validation.")
@click.option("--seed", type=int, default=0, metavar="N", help="Another seed draws other examples (default: 0).")
@click.option(
    "--stratify", type=click.Choice(["system", "tools"]), help="Draw from each system message or set of tools."
)
@click.option("--train", metavar="FILE", help="Where the training examples go (default: PATH with .train in its name).")
@click.option("--validation", metavar="FILE", help="Where the others go (default: PATH with .validation in its name).")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
def command(
    path: str,
    *,
    share: float | None,
    count: int | None,
    seed: int,
    stratify: Stratum | None,
    train: str | None,
    validation: str | None,
    force: bool,
) -> None:
    """Split the examples of PATH into a training and a validation file.

    Examples with the same prompt go to the same file, so that nothing leaks from one into the other. The same data and
    seed give the same files.
    """
    if path == STDIN:
        raise UsageError("split reads its file twice; standard input can't be")
    outputs = (train or named(path, "train"), validation or named(path, "validation"))
    if os.path.realpath(outputs[0]) == os.path.realpath(outputs[1]):
        raise UsageError("split: both outputs are the same file")
    for output in outputs:
        if not force and os.path.exists(output):
            raise UsageError(f"{output} is there already; --force replaces it")
    result = split(path, *outputs, share=share, count=count, seed=seed, stratify=stratify)
    click.echo(f"{outputs[0]}: {plural(result.train, 'example')}")
    click.echo(f"{outputs[1]}: {plural(result.validation, 'example')}")


def named(path: str, part: str) -> str:
    """A path with a part put before its ending: `data.train.jsonl`."""
    plain = path.removesuffix(".gz").removesuffix(".zst")
    stem, ending = os.path.splitext(plain)
    return f"{stem}.{part}{ending or '.jsonl'}"
