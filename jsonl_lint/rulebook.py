"""The rules by their codes. Of a built-in one its head is known at once, and its module is loaded when the rule is asked for.

A clean file needs few of the rules, and to load them all takes longer than to check it. What the heads say stands in
`rules/index.json`, which is made from the rules by `scripts/generate.py`.
"""

# Here annotations are no strings, which would have to be compiled before anything can be decoded into these types.
import importlib
import os
import re
from collections.abc import Iterable, Iterator, MutableMapping
from types import ModuleType

import msgspec

from jsonl_lint.finding import Severity
from jsonl_lint.rule import RULE_ATTRIBUTE, Rule, Trigger
from jsonl_lint.search import Pattern, spellings
from jsonl_lint.targets import METHODS, Method

__all__ = ["Head", "Rulebook", "built_in_rules", "head_of", "index_text", "rules_in"]

PACKAGE = "jsonl_lint.rules"
INDEX = os.path.join(os.path.dirname(__file__), "rules", "index.json")


class Head(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is known of a rule before it is loaded: whether a run calls it, and how it stands in a list of rules.

    `at` is the name of the kind of value that it looks at, the rest is as in `Rule`. `triggers` are its triggers as they are
    spelled in a file, in Latin-1; `has_search` says that it finds by itself the lines that it has to see.
    """

    code: str
    name: str
    module: str
    at: str
    level: str
    summary: str
    methods: tuple[Method, ...] = METHODS
    fixable: str | None = None
    default: bool = True
    gated: bool = False
    blocks: bool = False
    needs: tuple[str, ...] = ()
    triggers: tuple[str | Pattern, ...] | None = None
    has_search: bool = False

    @property
    def severity(self) -> Severity:
        """The rule's own severity."""
        return Severity.parse(self.level)


def head_of(rule: Rule) -> Head:
    """The head of a rule that is loaded."""
    return Head(
        code=rule.code,
        name=rule.name,
        module=rule.module,
        at=rule.at.__name__,
        level=rule.severity.label,
        summary=rule.summary,
        methods=rule.methods,
        fixable=rule.fixable,
        default=rule.default,
        gated=rule.gated,
        blocks=rule.blocks,
        needs=rule.needs,
        triggers=None if rule.triggers is None else tuple(spelled(rule.triggers)),
        has_search=rule.suspects is not None,
    )


def spelled(triggers: Iterable[Trigger]) -> Iterator[str | Pattern]:
    """What is searched for in a file to find triggers there."""
    for trigger in triggers:
        if isinstance(trigger, Pattern):
            yield trigger
        elif isinstance(trigger, re.Pattern):
            yield Pattern(trigger.pattern.decode("latin-1"), flags=trigger.flags)
        else:
            texts = spellings(trigger) if isinstance(trigger, str) else [trigger]
            yield from (text.decode("latin-1") for text in texts)


class Rulebook(MutableMapping[str, Rule]):
    """Rules by their codes, in the order of these: the built-in ones, and those that are put in."""

    def __init__(self) -> None:
        self.known = {head.code: head for head in built_in_heads()}
        self.loaded: dict[str, Rule] = {}

    @property
    def heads(self) -> list[Head]:
        """What is known of each rule, in the order of the codes."""
        return [self.known[code] for code in self]

    def __getitem__(self, code: str) -> Rule:
        if code not in self.loaded:
            module = importlib.import_module(self.known[code].module)
            self.loaded.update((rule.code, rule) for rule in rules_in(module))
        return self.loaded[code]

    def __setitem__(self, code: str, rule: Rule) -> None:
        self.known[code] = head_of(rule)
        self.loaded[code] = rule

    def __delitem__(self, code: str) -> None:
        del self.known[code]
        self.loaded.pop(code, None)

    def __contains__(self, code: object) -> bool:
        return code in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.known))

    def __len__(self) -> int:
        return len(self.known)


def rules_in(module: ModuleType) -> list[Rule]:
    """The rules that are declared in a module."""
    found = [getattr(value, RULE_ATTRIBUTE) for value in vars(module).values() if hasattr(value, RULE_ATTRIBUTE)]
    return [rule for rule in found if rule.module == module.__name__]


def built_in_heads() -> list[Head]:
    """The heads of the built-in rules, as the index has them."""
    with open(INDEX, "rb") as file:
        return msgspec.json.decode(file.read(), type=list[Head])


def built_in_rules() -> list[Rule]:
    """The built-in rules, all loaded, found by walking their package; what the index is made from."""
    import pkgutil

    package = importlib.import_module(PACKAGE)
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")]
    return sorted((rule for module in modules for rule in rules_in(module)), key=lambda rule: rule.code)


def index_text() -> str:
    """What has to stand in the index: a list of heads, each on its line."""
    heads = (msgspec.json.encode(head_of(rule)).decode() for rule in built_in_rules())
    return "[\n" + ",\n".join(heads) + "\n]\n"
