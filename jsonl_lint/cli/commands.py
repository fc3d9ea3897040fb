"""The group of commands; each is imported when it is called, so that `--help` imports nothing but click."""

from __future__ import annotations

import importlib

import click

from jsonl_lint.errors import nearest
from jsonl_lint.version import __version__

__all__ = ["cli"]

COMMANDS = {
    "check": "Say what a target would refuse or alter in the data.",
    "fix": "Repair the data in place, or show what would change.",
    "split": "Split the examples into a training and a validation file.",
    "convert": "Convert examples between chat, ShareGPT, Alpaca and prompts with completions.",
    "results": "Read a training job's results.csv, with a chart.",
    "config": "Print the settings that hold, and where each comes from.",
    "init": "Write a commented config file to begin with.",
    "rules": "List the rules, or explain one.",
    "schema": "Print a JSON Schema: of a target's lines, of the report, or of config files.",
    "stats": "Count tokens, and say what training costs.",
    "targets": "List the targets, or every fact of one with its source.",
    "completion": "Print the completion script for bash, zsh or fish.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"jsonl_lint.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; an unknown one is refused with the nearest."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hint = nearest(name, COMMANDS) or f" (commands: {', '.join(COMMANDS)})"
            ctx.fail(f"no such command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help text."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: jsonl-lint check train.jsonl --target azure-openai",
)
@click.version_option(__version__, "-V", "--version", prog_name="jsonl-lint")
def cli() -> None:
    """Check chat fine-tuning data in JSON Lines before it is uploaded.

    Says whether the service takes the file and, if not, which line and character, why, and how to repair it. All of it
    happens on this machine; nothing is sent anywhere.
    """
