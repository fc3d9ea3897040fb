"""What a run calls: the target's facts for one method, the rules by what they look at, and their severities."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from jsonl_lint.config import Settings
from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.finding import Severity
from jsonl_lint.parts import Fetched, Image, Tool, ToolCall
from jsonl_lint.registry import all_rules, severities
from jsonl_lint.rule import Conversation, Dataset, Job, Line, Message, Problem, Roles, Row, Rule
from jsonl_lint.rulebook import Head, Rulebook
from jsonl_lint.targets import Facts, Method, Model, Target, load_target

__all__ = ["Plan", "make_plan"]


class Plan:
    """The settings of a run worked out for one method. Holds no state of the run, so that any process can make its own."""

    def __init__(self, settings: Settings, target: Target, method: Method) -> None:
        self.settings = settings
        self.target = target
        self.method = method
        self.facts: Facts = facts_for(settings, target, method)
        self.severity = severities(settings, target, method)
        self.loaded: dict[type[Any], tuple[Rule, ...]] = {}

    def rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """The rules to call on a kind of value: those that are on, and those that stop the way deeper."""
        if at not in self.loaded:
            self.loaded[at] = self.load(self.heads(at))
        return self.loaded[at]

    def ungated_rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """Those of them whose absence the gate does not prove, so that they look at clean lines too."""
        return self.load(head for head in self.heads(at) if not head.gated)

    def calls(self, at: type[Any]) -> bool:
        """Whether there are rules to call on a kind of value."""
        return bool(self.heads(at))

    @cached_property
    def has_ungated(self) -> bool:
        """Whether any rule has to look at lines that the gate admits."""
        kinds = (Line, Row, Message, Roles, Conversation, Tool, ToolCall, Image)
        return any(not head.gated for kind in kinds for head in self.heads(kind))

    @property
    def fetches(self) -> bool:
        """Whether images that are elsewhere are fetched."""
        return self.settings.check_urls and self.calls(Fetched)

    def is_on(self, rule: Rule | Head) -> bool:
        """Whether findings of this rule are reported."""
        return self.severity[rule.code] != Severity.OFF

    def severity_of(self, rule: Rule, problem: Problem) -> Severity:
        """The severity of a problem: its own, unless the target or the user set another one for the rule."""
        severity = self.severity[rule.code]
        return problem.severity if problem.severity is not None and severity == rule.severity else severity

    @cached_property
    def model(self) -> Model | None:
        """The model that is to be trained: the user's, or the target's default for the method."""
        chosen = self.settings.model or self.target.methods[self.method].default_model
        return self.target.model_named(chosen) if chosen else None

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The models that tokens are counted for, the chosen one first."""
        chosen = (self.model,) if self.model else ()
        if not self.settings.all_models:
            return chosen
        return (*chosen, *(one for one in self.target.models if self.method in one.methods and one not in chosen))

    def token_limit(self, model: Model) -> int | None:
        """How many tokens of an example a model takes, the user's or the target's own fact first."""
        return model.max_example_tokens if self.facts.max_example_tokens is None else self.facts.max_example_tokens

    @cached_property
    def keeps_prints(self) -> bool:
        """Whether anything is asked of all examples together."""
        return self.calls(Dataset)

    @cached_property
    def job(self) -> Job:
        """The training that the data is for."""
        today = self.settings.today or datetime.date.today()
        return Job(self.method, self.model, self.target.models, today.isoformat())

    @cached_property
    def by_kind(self) -> dict[str, list[Head]]:
        """The heads of the called rules by the name of what they look at."""
        called = [head for head in self.rulebook.heads if head.blocks or self.is_on(head)]
        by_kind: dict[str, list[Head]] = {}
        for head in called:
            if self.method in head.methods:
                by_kind.setdefault(head.at, []).append(head)
        return by_kind

    @property
    def rulebook(self) -> Rulebook:
        """All rules, called or not."""
        return all_rules(self.settings.plugins)

    def heads(self, at: type[Any]) -> list[Head]:
        """The heads of the rules to call on a kind of value."""
        return self.by_kind.get(at.__name__, [])

    def concerned(self, heads: Iterable[Head], value: Any) -> Iterator[Rule]:
        """The rules with these heads that may find something in a value, each loaded when its turn comes."""
        for head in heads:
            if not head.needs or any(getattr(value, name) for name in head.needs):
                yield self.rulebook[head.code]

    def load(self, heads: Iterable[Head]) -> tuple[Rule, ...]:
        """The rules with these heads."""
        return tuple([self.rulebook[head.code] for head in heads])

    def load_all(self) -> None:
        """Load every rule that may be called, so that processes that begin as copies of this one share them."""
        for heads in self.by_kind.values():
            self.load(heads)


def facts_for(settings: Settings, target: Target, method: Method) -> Facts:
    """The target's facts with the user's own in their place; `UsageError` for one that is unknown or of a wrong type."""
    for name, value in settings.facts.items():
        if name not in Facts.__struct_fields__:
            raise UsageError(f"unknown fact {name!r}{nearest(name, Facts.__struct_fields__)}", "facts", name)
        try:
            msgspec.convert({name: value}, Facts)
        except msgspec.ValidationError as error:
            raise UsageError(f"the fact {name}: {str(error).partition(' - at ')[0]}", "facts", name) from None
    model = target.model_named(settings.model) if settings.model else None
    chosen = {} if model is None or model.vision is not False else {"model_takes_images": False}
    return target.facts_for(method, {**chosen, **settings.facts})


def make_plan(settings: Settings, method: Method) -> Plan:
    """The plan for a method; `UsageError` if the target, a code or a fact is not known."""
    target = load_target(settings.target)
    if method not in target.methods:
        known = ", ".join(target.methods)
        raise UsageError(f"target {target.name} does not train with method {method} (it does with {known})")
    return Plan(settings, target, method)
