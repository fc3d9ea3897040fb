"""The settings of a run: the same names as the command's options, as plain data."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from jsonl_lint.targets import DEFAULT_TARGET

__all__ = ["FailOn", "MethodChoice", "Settings"]

MethodChoice = Literal["sft", "dpo", "rft", "completion", "auto"]
FailOn = Literal["error", "warning", "info", "never"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run was asked to do. Codes in `select`, `extend_select` and `ignore` may be prefixes or rule names.

    `max_findings` bounds the listed findings of each rule in each file; all are counted. None lists all.
    """

    target: str = DEFAULT_TARGET
    method: MethodChoice = "auto"
    model: str | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: dict[str, str] = {}
    facts: dict[str, Any] = {}
    fail_on: FailOn = "error"
    max_findings: int | None = None
