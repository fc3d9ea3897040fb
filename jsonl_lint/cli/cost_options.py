"""The options on tokens and costs, which `check` and `stats` share."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["cost_options"]

TIERS = click.Choice(["global", "datazone", "regional", "developer"])


def cost_options(command: Any) -> Any:
    """Add the options that a cost is asked for with."""
    options = (
        click.option("--tier", type=TIERS, help="The kind of training that is billed (default: global)."),
        click.option("--region", metavar="NAME", help="The region of regional training, as swedencentral."),
        click.option("--epochs", type=click.IntRange(1), metavar="N", help="How often the data is gone through."),
    )
    for option in reversed(options):
        command = option(command)
    return command
