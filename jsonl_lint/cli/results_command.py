"""`jsonl-lint results`: what a training job's results file says."""

from __future__ import annotations

import sys

import click

from jsonl_lint.atomic import written_whole
from jsonl_lint.cli.outputs import terminal_width
from jsonl_lint.job_results.chart import svg, text_chart
from jsonl_lint.job_results.reading import read_results, sentences

__all__ = ["command"]

WIDTH = 80


@click.command("results")
@click.argument("path")
@click.option("--epochs", type=click.IntRange(1), metavar="N", help="For how many epochs the job was run.")
@click.option("--svg", "image", type=click.Path(dir_okay=False), metavar="FILE", help="Write the chart there as SVG.")
def command(path: str, epochs: int | None, image: str | None) -> None:
    """Read a job's results.csv: how the losses went, and whether the model memorised its examples."""
    results = read_results(path, epochs=epochs)
    for sentence in sentences(results):
        click.echo(sentence)
    click.echo()
    for line in text_chart(results, min(terminal_width(sys.stdout) or WIDTH, 120)):
        click.echo(line)
    if image is not None:
        with written_whole(image) as file:
            file.write(svg(results, path).encode("utf-8", "replace"))
