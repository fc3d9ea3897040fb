"""`jsonl-lint completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from jsonl_lint.cli.commands import cli

__all__ = ["command"]

PROGRAM = "jsonl-lint"
VARIABLE = "_JSONL_LINT_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL.

    bash: put `eval "$(jsonl-lint completion bash)"` in ~/.bashrc. zsh: the same with zsh in ~/.zshrc, after compinit.
    fish: write it to ~/.config/fish/completions/jsonl-lint.fish.
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, PROGRAM, VARIABLE).source())
