"""What all commands that take settings share: their options, and the way from options to settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from jsonl_lint.configuration import Configuration, load
from jsonl_lint.errors import UsageError

__all__ = ["complete_codes", "configured", "selection_options", "source_options", "told"]

# Where an error needs no further hint: the user has just written it, or nobody has.
OBVIOUS = ("option ", "default")

METHODS = click.Choice(["auto", "sft", "dpo", "rft", "completion"])

Command = TypeVar("Command", bound=Callable[..., Any])


def selection_options(command: Command) -> Command:
    """The options that say what the data is checked for and by which rules."""
    options = [
        click.option(
            "--target",
            shell_complete=complete_targets,
            help="The service or trainer that is to take the data (default: azure-openai).",
        ),
        click.option("--method", type=METHODS, help="The training method (default: auto, from the first lines)."),
        click.option("--model", help="The model to be trained, by name or alias (default: the target's)."),
        click.option(
            "--select",
            multiple=True,
            metavar="CODES",
            shell_complete=complete_codes,
            help="Call these rules only: codes or prefixes, as MSG,TRN001.",
        ),
        click.option(
            "--extend-select",
            multiple=True,
            metavar="CODES",
            shell_complete=complete_codes,
            help="Call these rules too.",
        ),
        click.option(
            "--ignore", multiple=True, metavar="CODES", shell_complete=complete_codes, help="Do not call these rules."
        ),
        click.option(
            "--severity", multiple=True, metavar="CODE=LEVEL", help="Set a rule's level: error, warning, info or off."
        ),
    ]
    return applied(options, command)


def source_options(command: Command) -> Command:
    """The options that say where settings are read from."""
    options = [
        click.option(
            "--config", type=click.Path(), metavar="FILE", help="Take settings from this file (default: the nearest)."
        ),
        click.option("--isolated", is_flag=True, help="Read no config file and no environment variable."),
    ]
    return applied(options, command)


def applied(options: Iterable[Callable[[Command], Command]], command: Command) -> Command:
    """A command with options, listed in their order."""
    for option in reversed(list(options)):
        command = option(command)
    return command


def complete_targets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The targets whose names begin so."""
    from jsonl_lint.targets import target_names

    return [name for name in target_names() if name.startswith(incomplete)]


def complete_codes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The rules whose codes begin so; what stands before the last comma is kept."""
    from jsonl_lint.registry import all_rules

    before, comma, last = incomplete.rpartition(",")
    return [before + comma + code for code in all_rules() if code.startswith(last.upper())]


def configured(paths: Iterable[str], options: Mapping[str, Any]) -> Configuration:
    """The configuration for a command that was given paths and options; warnings go to standard error."""
    isolated = bool(options.get("isolated"))
    configuration = load(paths, options, options.get("config"), isolated)
    if not isolated:
        from jsonl_lint.configuration.environment import unknown_variables

        for warning in unknown_variables(os.environ):
            click.echo(f"jsonl-lint: warning: {warning}", err=True)
    return configuration


@contextmanager
def told(configuration: Configuration) -> Iterator[None]:
    """Errors of usage that come up inside say where the wrong setting stands."""
    try:
        yield
    except UsageError as error:
        origin = configuration.origin(error.setting, error.key) if error.setting else "default"
        if origin.startswith(OBVIOUS):
            raise
        raise UsageError(f"{origin}: {error}", error.setting, error.key) from None
