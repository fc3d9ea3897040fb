"""`jsonl-lint rules`: the rules, and the manual page of each."""

from __future__ import annotations

import sys
from typing import Any

import click

from jsonl_lint.cli.outputs import terminal_width, wants_color
from jsonl_lint.cli.prose import rendered
from jsonl_lint.cli.settings import complete_codes, configured, source_options, told
from jsonl_lint.config import Display
from jsonl_lint.manual import level_of, manual, repaired_by
from jsonl_lint.registry import all_rules, find_rules
from jsonl_lint.rule import Rule
from jsonl_lint.rulebook import Rulebook

__all__ = ["command"]

PAGE_WIDTH = 100


@click.command("rules")
@click.argument("codes", nargs=-1, metavar="[CODE...]", shell_complete=complete_codes)
@source_options
def command(codes: tuple[str, ...], **options: Any) -> None:
    """List the rules, or explain those of the given codes or names.

    Levels are those of the default target; `off` are rules that a target or `--extend-select` switches on.
    """
    rules = known_rules(options)
    if codes:
        found = [rule for code in codes for rule in find_rules(code, rules)]
        out = sys.stdout
        color = wants_color(Display(), out)
        width = min(terminal_width(out) or PAGE_WIDTH, PAGE_WIDTH)
        click.echo("\n".join(explained(rule, color, width) for rule in found), nl=False, color=color)
        return
    width = max(len(head.name) for head in rules.heads)
    for head in rules.heads:
        level = head.level if head.default else "off"
        fix = {"safe": "fix", "unsafe": "unsafe fix"}.get(head.fixable or "", "")
        click.echo(f"{head.code}  {head.name:<{width}}  {level:<8} {fix:<10}  {head.summary}".rstrip())


def known_rules(options: dict[str, Any]) -> Rulebook:
    """The built-in rules, those of installed plugins, and those of the files that the configuration names."""
    configuration = configured((), options)
    with told(configuration):
        return all_rules(configuration.settings().plugins)


def explained(rule: Rule, color: bool, width: int) -> str:
    """A rule's manual page as a terminal shows it."""
    head = f"# {rule.code} {rule.name}\n{level_of(rule)}; repaired {repaired_by(rule)}"
    page = rendered(f"{head}\n\n{manual(rule)}", width, color)
    return "\n".join(page) + "\n"
