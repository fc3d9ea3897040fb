"""What `jsonl-lint stats` prints as JSON: how large the data is, and what it costs for every model."""

from __future__ import annotations

import msgspec

from jsonl_lint.report import REPORT_VERSION, FileEntry, ModelFigures, Report, TargetEntry, ToolEntry, Unchecked

__all__ = ["StatsData", "stats_data"]


class StatsData(msgspec.Struct, frozen=True):
    """The machine format of the statistics: the type that its JSON Schema is made from.

    `models` begins with the chosen model, and holds every other one that the target trains with the method.
    """

    version: int
    tool: ToolEntry
    target: TargetEntry
    complete: bool
    files: list[FileEntry]
    unchecked: list[Unchecked]
    models: list[ModelFigures]


def stats_data(report: Report) -> StatsData:
    """The statistics of a report in their machine format."""
    return StatsData(
        version=REPORT_VERSION,
        tool=report.tool,
        target=report.target,
        complete=report.complete,
        files=report.files,
        unchecked=report.unchecked,
        models=report.models,
    )
