"""The settings of a run: the same names as the command's options, as plain data that is worked out and complete."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jsonl_lint.patterns import is_match
from jsonl_lint.targets import DEFAULT_TARGET

__all__ = ["Color", "Display", "FailOn", "Level", "MethodChoice", "Settings", "Tier", "for_path"]

MethodChoice = Literal["sft", "dpo", "rft", "completion", "auto"]
FailOn = Literal["error", "warning", "info", "never"]
Level = Literal["error", "warning", "info", "off"]
Color = Literal["auto", "always", "never"]
Tier = Literal["global", "datazone", "regional", "developer"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run was asked to do. Codes in `select`, `extend_select` and `ignore` may be prefixes or rule names.

    `max_findings` bounds the listed findings of each rule in each file; all are counted. None lists all. `validation` are
    the paths of validation files, `plugins` those of local files with rules. `redact` keeps every word of the data out of
    the report. `today` is the day to judge by; None is the day of the run.
    """

    target: Annotated[str, Meta(description="The service or trainer that is to take the data.")] = DEFAULT_TARGET
    method: Annotated[
        MethodChoice, Meta(description="The training method; auto tells it from the first lines of each file.")
    ] = "auto"
    model: Annotated[
        str | None, Meta(description="The model to be trained, by name or alias; without it the target's default.")
    ] = None
    select: Annotated[
        tuple[str, ...], Meta(description="Call these rules only: codes, prefixes of codes, names, or ALL.")
    ] = ()
    extend_select: Annotated[tuple[str, ...], Meta(description="Call these rules too.")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="Do not call these rules.")] = ()
    severity: Annotated[
        dict[str, Level], Meta(description="The level of rules: error, warning, info or off, by code or prefix.")
    ] = {}
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Rules that are not called on some files, by a pattern of their paths."),
    ] = {}
    per_file_target: Annotated[
        dict[str, str], Meta(description="The target of some files, by a pattern of their paths.")
    ] = {}
    facts: Annotated[
        dict[str, Any],
        Meta(description="Facts of the target that differ for you; `jsonl-lint targets NAME` lists them."),
    ] = {}
    plugins: Annotated[tuple[str, ...], Meta(description="Files of Python code with rules of your own.")] = ()
    fail_on: Annotated[FailOn, Meta(description="The level from which findings make the exit code 1.")] = "error"
    max_findings: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="List at most so many findings of each rule in each file; all are counted."),
    ] = None
    baseline: Annotated[str | None, Meta(description="A file of known findings, which are not reported again.")] = None
    jobs: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="How many processes share the work on a large file; without it one for each core."),
    ] = None
    no_tokens: Annotated[bool, Meta(description="Count no tokens but those of examples that may be too long.")] = False
    tier: Annotated[Tier | None, Meta(description="The kind of training that the cost is for.")] = None
    region: Annotated[str | None, Meta(description="The region of regional training.")] = None
    epochs: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="How often training goes through the data.")
    ] = None
    validation: Annotated[tuple[str, ...], Meta(description="Validation files, which are checked too.")] = ()
    redact: Annotated[bool, Meta(description="Keep every word of the data out of the report.")] = False
    today: Annotated[datetime.date | None, Meta(description="The day to judge by; without it the day of the run.")] = (
        None
    )
    all_models: Annotated[bool, Meta(description="Count for every model that the target trains.")] = False
    check_urls: Annotated[
        bool,
        Meta(description="Fetch the images that are elsewhere, to see whether they are there and as they must be."),
    ] = False
    allow_private: Annotated[bool, Meta(description="Fetch images from addresses that are not public, too.")] = False


class Display(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a report is to be shown, and where it goes."""

    format: Annotated[str, Meta(description="The format of the report.")] = "text"
    output: Annotated[str | None, Meta(description="The file that the report goes to, instead of the screen.")] = None
    report: Annotated[
        tuple[str, ...], Meta(description="Further reports, each as FORMAT=FILE: `sarif=findings.sarif`.")
    ] = ()
    statistics: Annotated[bool, Meta(description="Add how many findings each rule has.")] = False
    quiet: Annotated[bool, Meta(description="Findings only, no summary.")] = False
    verbose: Annotated[bool, Meta(description="Say which facts were used, and where their sources disagree.")] = False
    progress: Annotated[
        bool | None, Meta(description="Show how far a long run is; without it that is shown on a terminal.")
    ] = None
    color: Annotated[Color, Meta(description="Colours: auto means on a terminal, unless NO_COLOR is set.")] = "auto"


def for_path(settings: Settings, path: str) -> Settings:
    """The settings for one file: its own target, and the rules that are not called on it."""
    if not settings.per_file_ignores and not settings.per_file_target:
        return settings
    ignored = [codes for pattern, codes in settings.per_file_ignores.items() if is_match(path, pattern)]
    targets = [name for pattern, name in settings.per_file_target.items() if is_match(path, pattern)]
    ignore = (*settings.ignore, *(code for codes in ignored for code in codes))
    target = targets[-1] if targets else settings.target
    return msgspec.structs.replace(settings, ignore=ignore, target=target)
