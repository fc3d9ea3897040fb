"""Which rules there are, and which of them a run calls with which severity.

Built-in rules come from the `rules` package, third-party ones through the entry points `jsonl_lint.rules` and from files that
a user names.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from jsonl_lint.config import Settings
from jsonl_lint.errors import PluginError, UsageError, nearest
from jsonl_lint.finding import Severity
from jsonl_lint.rule import Rule
from jsonl_lint.rulebook import Rulebook, rules_in
from jsonl_lint.targets import Method, Target

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["ENTRY_POINTS", "all_rules", "find_rule", "find_rules", "severities"]

ENTRY_POINTS = "jsonl_lint.rules"
CODE = r"[A-Z]{2,10}[0-9]{3}"


def all_rules(plugins: tuple[str, ...] = ()) -> Rulebook:
    """Every rule by its code, sorted; `PluginError` if one can't be loaded or two share a code.

    `plugins` are the paths of files with rules, which are loaded because a user named them.
    """
    return rules_with(plugins)


@lru_cache(maxsize=8)
def rules_with(plugins: tuple[str, ...]) -> Rulebook:
    """The same, made once for each choice of files."""
    rules = Rulebook()
    for point in plugin_points():
        add_plugin(rules, point)
    for path in plugins:
        add_file(rules, path)
    return rules


def plugin_points() -> list[EntryPoint]:
    """The entry points of installed plugins; where there are none, the library that reads them is not even imported."""
    if not any(map(may_hold_plugins, sys.path)):
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=ENTRY_POINTS))


def may_hold_plugins(folder: str) -> bool:
    """Whether a folder of packages, or an archive of some, holds one that may have an entry point for rules."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return os.path.exists(folder)
    if any(name.endswith((".egg", ".egg-link")) for name in names):
        return True
    return any(
        ENTRY_POINTS.encode() in content(os.path.join(folder, name, "entry_points.txt"))
        for name in names
        if name.endswith((".dist-info", ".egg-info"))
    )


def content(path: str) -> bytes:
    """What stands in a file; nothing where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def add_plugin(rules: Rulebook, point: EntryPoint) -> None:
    """Add the rules of an entry point, which names a module."""
    owner = point.dist.name if point.dist else point.name
    try:
        module = point.load()
    except Exception as error:
        raise PluginError(f"the rule plugin {owner} ({point.value}) can't be loaded: {error!r}") from error
    if not isinstance(module, ModuleType):
        raise PluginError(f"the rule plugin {owner}: its entry point {point.value} is no module")
    if not add_rules(rules, module, owner):
        raise PluginError(f"the rule plugin {owner} ({point.value}) holds no rule")


def add_file(rules: Rulebook, path: str) -> None:
    """Add the rules of a file."""
    if not add_rules(rules, load_file(path), path):
        raise PluginError(f"the rule plugin {path} holds no rule")


def load_file(path: str) -> ModuleType:
    """The module of a file; it has the same name in every process, so that what it makes can be passed between them."""
    from importlib.util import module_from_spec, spec_from_file_location
    from zlib import crc32

    absolute = os.path.abspath(path)
    name = f"jsonl_lint_plugin_{crc32(absolute.encode()):08x}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, absolute)
    if spec is None or spec.loader is None or not os.path.isfile(absolute):
        raise PluginError(f"the rule plugin {path} can't be loaded: there is no such Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise PluginError(f"the rule plugin {path} can't be loaded: {error!r}") from error
    return module


def add_rules(rules: Rulebook, module: ModuleType, owner: str) -> int:
    """Add the rules that stand in a module; how many they are."""
    own = rules_in(module)
    for rule in own:
        if not re.fullmatch(CODE, rule.code):
            raise PluginError(f"{owner}: {rule.code!r} is no rule code (letters, then three digits)")
        if rule.code in rules and rules[rule.code] != rule:
            raise PluginError(f"{owner}: its rule {rule.code} ({rule.name}) has the code of {rules[rule.code].module}")
        rules[rule.code] = rule
    return len(own)


def find_rule(code: str) -> Rule:
    """The rule of this code; `UsageError` if there is none."""
    return find_rules(code)[0]


def find_rules(item: str, rules: Rulebook | None = None) -> list[Rule]:
    """The rule of this code, or those of this name; `UsageError` with the nearest one if there is none."""
    rules = all_rules() if rules is None else rules
    return [rules[code] for code in find_codes(item, rules)]


def find_codes(item: str, rules: Rulebook) -> list[str]:
    """The codes of the same."""
    if item.upper() in rules:
        return [item.upper()]
    named = [head.code for head in rules.heads if head.name == item.lower()]
    if not named:
        known = [*rules, *(head.name for head in rules.heads)]
        raise UsageError(f"unknown rule {item!r}{nearest(item, known)}; `jsonl-lint rules` lists them")
    return named


def severities(settings: Settings, target: Target, method: Method) -> dict[str, Severity]:
    """The severity of each rule for this run; OFF for those that it does not call.

    The rule's own severity comes first, then the target's, then the selection, then the user's `severity`.
    """
    rules = all_rules(settings.plugins)
    chosen = {head.code: head.severity if head.default else Severity.OFF for head in rules.heads}
    chosen.update({code: Severity.parse(label) for code, label in target.severities(method).items() if code in rules})
    select_only(chosen, rules, settings)
    for code in expand(settings.extend_select, rules, "extend_select"):
        chosen[code] = chosen[code] or rules.known[code].severity
    for code in expand(settings.ignore, rules, "ignore"):
        chosen[code] = Severity.OFF
    for prefix, label in settings.severity.items():
        chosen.update(dict.fromkeys(expand([prefix], rules, "severity"), parse_severity(prefix, label)))
    for head in rules.heads:
        if method not in head.methods:
            chosen[head.code] = Severity.OFF
    chosen["JLT001"] = max(chosen["JLT001"], Severity.WARNING)
    return chosen


def select_only(chosen: dict[str, Severity], rules: Rulebook, settings: Settings) -> None:
    """Switch off what `select` does not name; a rule that it names by its whole code is switched on."""
    if not settings.select:
        return
    selected = expand(settings.select, rules, "select")
    named = expand([item for item in settings.select if not is_prefix(item, rules)], rules, "select")
    for code, severity in chosen.items():
        if code not in selected:
            chosen[code] = Severity.OFF
        elif code in named:
            chosen[code] = severity or rules.known[code].severity


def expand(items: Iterable[str], rules: Rulebook, setting: str) -> set[str]:
    """The codes that codes, prefixes of codes, names, and `ALL` stand for; `setting` is where the items stand."""
    codes: set[str] = set()
    for item in items:
        if is_prefix(item, rules):
            codes.update(code for code in rules if item.upper() == "ALL" or code.startswith(item.upper()))
            continue
        try:
            codes.update(find_codes(item, rules))
        except UsageError as error:
            raise UsageError(str(error), setting, item) from None
    return codes


def is_prefix(item: str, rules: Rulebook) -> bool:
    """Whether an item of a selection is a part of codes, rather than one whole code or name."""
    upper = item.upper()
    return upper == "ALL" or (bool(upper) and upper not in rules and any(code.startswith(upper) for code in rules))


def parse_severity(code: str, label: str) -> Severity:
    """A user's severity; `UsageError` if it is none."""
    try:
        return Severity.parse(label)
    except ValueError as error:
        raise UsageError(f"--severity {code}={label}: {error}") from None
