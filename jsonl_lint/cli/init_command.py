"""`jsonl-lint init`: a config file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from jsonl_lint.atomic import written_whole
from jsonl_lint.configuration.files import CONFIG_NAME
from jsonl_lint.configuration.written import commented
from jsonl_lint.errors import UsageError

__all__ = ["command"]


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, exists=True))
def command(folder: str) -> None:
    """Write jsonl-lint.toml, in which every setting stands with what it is for, into FOLDER (default: this one)."""
    path = Path(folder, CONFIG_NAME)
    if path.exists():
        raise UsageError(f"{path}: is there already, and is left as it is")
    with written_whole(str(path)) as out:
        out.write("\n".join(commented()).encode())
    click.echo(f"{path}: written; next: jsonl-lint check PATH")
