"""`jsonl-lint schema`: the JSON Schemas, for editors and other validators."""

from __future__ import annotations

import click

from jsonl_lint.schema import schema_names, schema_text

__all__ = ["command"]


@click.command("schema")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema NAME: config, report, report-lines, or a target's lines, as azure-openai-sft."""
    click.echo(schema_text(name) if name else "\n".join(schema_names()) + "\n", nl=False)
