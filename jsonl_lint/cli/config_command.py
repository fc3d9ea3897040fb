"""`jsonl-lint config`: the settings that hold, and where each comes from."""

from __future__ import annotations

from typing import Any

import click

from jsonl_lint.cli.check_command import command as check_command
from jsonl_lint.cli.outputs import wanted_outputs
from jsonl_lint.cli.settings import configured, told
from jsonl_lint.configuration.written import effective
from jsonl_lint.run import Run

__all__ = ["command"]


@click.command("config")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path())
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Print the settings that `check` with the same paths and options would use, and where each comes from.

    What is printed is TOML, so that it can be kept as a config file.
    """
    configuration = configured(paths, options)
    with told(configuration):
        wanted_outputs(configuration.display())
        Run(configuration.settings())
    click.echo("\n".join(effective(configuration)))


command.params.extend(parameter for parameter in check_command.params if isinstance(parameter, click.Option))
