"""The pages of the documentation that are made from the code: rules, targets, settings, commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import msgspec

from jsonl_lint.cli.commands import COMMANDS, cli
from jsonl_lint.configuration.layer import choices_of, field_types, is_table, option_name
from jsonl_lint.configuration.written import EXAMPLES, defaults, description, toml_value
from jsonl_lint.manual import level_of, manual, repaired_by
from jsonl_lint.rule import Rule
from jsonl_lint.rulebook import built_in_rules
from jsonl_lint.targets import Target, load_target, target_names
from jsonl_lint.targets.model import Cited
from jsonl_lint.text import capital

__all__ = ["pages"]

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
MADE = "<!-- Made by scripts/generate.py; do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """The text of each page, by its path in `docs/`."""
    rules = built_in_rules()
    made = {f"rules/{rule.code}.md": rule_page(rule) for rule in rules}
    made["rules/index.md"] = rules_page(rules)
    targets = [load_target(name) for name in target_names()]
    made |= {f"targets/{target.name}.md": target_page(target) for target in targets}
    made["targets/index.md"] = targets_page(targets)
    made["settings.md"] = settings_page()
    made["commands.md"] = commands_page()
    made["changelog.md"] = CHANGELOG.read_text(encoding="utf-8")
    return {name: MADE + text.rstrip() + "\n" for name, text in made.items()}


def rule_page(rule: Rule) -> str:
    """A rule's manual page with examples."""
    facts = [
        f"**{level_of(rule)}**",
        f"repaired {repaired_by(rule)}",
        f"since {rule.since}",
        f"methods {', '.join(rule.methods)}",
    ]
    return f"# {rule.code} {rule.name}\n\n{' · '.join(facts)}\n\n{manual(rule)}"


def rules_page(rules: list[Rule]) -> str:
    """The table of all rules."""
    rows = "".join(
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {level_of(rule)} | {rule.fixable or ''} | "
        f"{cell(rule.summary)} |\n"
        for rule in rules
    )
    intro = (
        "Levels are those of the default target, azure-openai; other targets set their own. `error` means that the "
        "service refuses, skips or alters the data; `warning` that it takes it, and that it is probably not what is "
        "meant; `info` is advice. Codes never change and are never used again."
    )
    return f"# Rules\n\n{intro}\n\n| code | name | level | fix | finds |\n|---|---|---|---|---|\n{rows}"


def targets_page(targets: list[Target]) -> str:
    """The table of targets."""
    rows = "".join(
        f"| [{target.name}]({target.name}.md) | {cell(target.title)} | {', '.join(target.methods)} | "
        f"{target.facts_as_of} |\n"
        for target in targets
    )
    return f"# Targets\n\n| target | who | methods | facts as of |\n|---|---|---|---|\n{rows}"


def target_page(target: Target) -> str:
    """Every fact of a target with its source and date."""
    parts = [f"# {target.name}\n\n{target.title}. Facts as of {target.facts_as_of}.\n"]
    parts.append("## Every method\n\n" + facts_table(target.facts))
    for method, data in target.methods.items():
        model = f"The default model is `{data.default_model}`.\n\n" if data.default_model else ""
        if data.facts or model:
            parts.append(f"## Method {method}\n\n{model}{facts_table(data.facts)}")
    rows = "".join(
        f"| `{model.name}` | {', '.join(model.methods)} | "
        f"{f'{model.max_example_tokens:,}' if model.max_example_tokens else 'unknown'} | {model.status} | "
        f"{model.retires or ''} | {cell(model.source)}, {model.date} |\n"
        for model in target.models
    )
    if rows:
        head = "| model | methods | tokens per example | status | retires | source |\n|---|---|--:|---|---|---|\n"
        parts.append(f"## Models\n\n{head}{rows}")
    if target.contradictions:
        parts.append(
            "## Where the sources disagree\n\n" + "".join(f"- {cell(line)}\n" for line in target.contradictions)
        )
    sources = "".join(f"| {key} | {cell(source.title)} | {source.date} |\n" for key, source in target.sources.items())
    parts.append(f"## Sources\n\n| key | source | date |\n|---|---|---|\n{sources}")
    return "\n".join(parts)


def facts_table(facts: dict[str, Cited]) -> str:
    """Facts with their sources."""
    if not facts:
        return ""
    rows = "".join(
        f"| `{name}` | `{cell(written(fact.value))}` | {cell(fact.source)}, {fact.date} | {cell(fact.note)} |\n"
        for name, fact in facts.items()
    )
    return f"| fact | value | source | note |\n|---|---|---|---|\n{rows}"


def written(value: Any) -> str:
    """A value as JSON."""
    return msgspec.json.encode(value).decode()


def settings_page() -> str:
    """Every setting."""
    rows = "".join(setting_row(name, wanted) for name, wanted in field_types().items())
    intro = (
        "Each of them is a key of a config file (`fail-on`) and an environment variable (`JSONL_LINT_FAIL_ON`); "
        "[most](commands.md#check) are options of `jsonl-lint check` too (`--fail-on`). "
        "[Configuration](guides/configuration.md) says where they are read from. The JSON Schema for editors is "
        "`schemas/config.schema.json`, and `jsonl-lint schema config` prints it."
    )
    return f"# Settings\n\n{intro}\n\n| setting | what it is for | default | example |\n|---|---|---|---|\n{rows}"


def setting_row(name: str, wanted: Any) -> str:
    """The row of one setting."""
    choices = choices_of(wanted)
    text = description(wanted) + (f" One of {', '.join(choices)}." if choices and not is_table(wanted) else "")
    default = defaults()[name]
    shown = "" if default in (None, (), {}) else f"`{toml_value(default)}`"
    example = f"`{cell(toml_value(EXAMPLES[name]))}`" if name in EXAMPLES else ""
    return f"| `{option_name(name)}` | {cell(text)} | {shown} | {example} |\n"


def commands_page() -> str:
    """The help text of every command."""
    parts = ["# Commands\n"]
    with click.Context(cli, info_name="jsonl-lint", terminal_width=100) as context:
        for name in COMMANDS:
            command = cli.get_command(context, name)
            if command is None:
                raise LookupError(name)
            with click.Context(command, info_name=name, parent=context, terminal_width=100) as inner:
                parts.append(f"## {name}\n\n```text\n{command.get_help(inner).rstrip()}\n```\n")
    return "\n".join(parts)


def cell(text: str) -> str:
    """A text for a table's cell: on one line, bars and angle brackets escaped, its first letter as it is."""
    plain = re.sub(r"\s+", " ", text)
    return plain.replace("|", "\\|") if "`" in plain else capital_only(plain.replace("|", "\\|").replace("<", "&lt;"))


def capital_only(text: str) -> str:
    """A sentence begins with a capital letter; a name does not."""
    return capital(text) if " " in text else text
