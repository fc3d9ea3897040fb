"""What a run calls: the target's facts for one method, the rules by what they look at, and their severities."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any

import msgspec

from jsonl_lint.config import Settings
from jsonl_lint.errors import UsageError, nearest
from jsonl_lint.finding import Severity
from jsonl_lint.parts import Fetched, Image, Tool, ToolCall
from jsonl_lint.registry import all_rules, severities
from jsonl_lint.rule import Conversation, Dataset, Job, Line, Message, Problem, Roles, Row, Rule
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

    def rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """The rules to call on a kind of value: those that are on, and those that stop the way deeper."""
        return self.by_kind.get(at, ())

    def ungated_rules(self, at: type[Any]) -> tuple[Rule, ...]:
        """Those of them whose absence the gate does not prove, so that they look at clean lines too."""
        return tuple(rule for rule in self.rules(at) if not rule.gated)

    @cached_property
    def has_ungated(self) -> bool:
        """Whether any rule has to look at lines that the gate admits."""
        return any(
            self.ungated_rules(kind) for kind in (Line, Row, Message, Roles, Conversation, Tool, ToolCall, Image)
        )

    @property
    def fetches(self) -> bool:
        """Whether images that are elsewhere are fetched."""
        return self.settings.check_urls and bool(self.rules(Fetched))

    def is_on(self, rule: Rule) -> bool:
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
        return bool(self.rules(Dataset))

    @cached_property
    def job(self) -> Job:
        """The training that the data is for."""
        today = self.settings.today or datetime.date.today()
        return Job(self.method, self.model, self.target.models, today.isoformat())

    @cached_property
    def by_kind(self) -> dict[type[Any], tuple[Rule, ...]]:
        """The called rules by what they look at."""
        called = [rule for rule in all_rules(self.settings.plugins).values() if rule.blocks or self.is_on(rule)]
        called = [rule for rule in called if self.method in rule.methods]
        kinds = {rule.at for rule in called}
        return {kind: tuple(rule for rule in called if rule.at is kind) for kind in kinds}


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
