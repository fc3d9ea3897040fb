"""`jsonl-lint convert`: from one format of examples to another."""

from __future__ import annotations

import sys

import click

from jsonl_lint.conversion.convert import FORMAT_NAMES, convert
from jsonl_lint.source import STDIN
from jsonl_lint.text import plural

__all__ = ["command"]

FORMATS = click.Choice(FORMAT_NAMES)


@click.command("convert")
@click.argument("path")
@click.option("--to", required=True, type=FORMATS, help="The format to write.")
@click.option("--from", "source_format", type=FORMATS, help="The format of PATH (default: told from its first line).")
@click.option("-o", "--output", default=STDIN, metavar="FILE", help="Where to write it (default: standard output).")
@click.option("--drop", multiple=True, metavar="KEY", help="Leave this top-level key out, whatever it holds.")
def command(path: str, *, to: str, source_format: str | None, output: str, drop: tuple[str, ...]) -> None:
    """Convert examples between chat messages, ShareGPT, Alpaca, and prompts with completions.

    PATH is JSON Lines or one JSON array. Where something would be lost nothing is written, and it is said what and where.
    """
    destination = sys.stdout.buffer if output == STDIN else output
    result = convert(path, destination, to=to, source_format=source_format, drop=drop)
    click.echo(f"{path}: {plural(result.examples, 'example')} from {result.source_format} to {to}", err=True)
    if result.joined:
        joined = f"in {plural(result.joined, 'example')} the input was joined to the instruction"
        click.echo(f"{path}: {joined}; the way back will not part them", err=True)
