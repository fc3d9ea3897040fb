"""The exact way: jsonschema, kept from the network and within a budget of steps, so that no schema holds up the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from itertools import islice
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft202012Validator, extend, validator_for
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable

from jsonl_lint.parameters.fault import MAX_FAULTS, SchemaFault, UnevaluatedError
from jsonl_lint.parameters.patterns import effort
from jsonl_lint.parameters.references import objects
from jsonl_lint.text import kind, quoted

__all__ = ["ExactSchema", "meta_faults"]

# Half a second at most, and far more than honest schemas and arguments need.
STEPS = 20_000

# How many steps of a regular expression, or comparisons of items, take as long as one keyword.
PATTERN_STEPS = 1000
COMPARISONS = 20

# What jsonschema works out for these goes past the keywords, and with that past the budget.
UNCOUNTED = ("unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef")

Keyword = Callable[[Any, Any, Any, Any], Any]


class Budget:
    """How many steps an evaluation may still take; each one costs more on large arguments, of which messages are made."""

    def __init__(self, size: int) -> None:
        self.left = STEPS
        self.unit = 1 + size // 1000

    def spend(self, steps: int) -> None:
        """Take steps; `UnevaluatedError` if they were too many."""
        self.left -= steps * self.unit
        if self.left < 0:
            raise UnevaluatedError("its schema takes too many steps to evaluate")


BUDGET: ContextVar[Budget] = ContextVar("BUDGET")


class ExactSchema:
    """A schema as jsonschema evaluates it."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.why_not = why_unevaluated(schema)
        if self.why_not is None:
            known = dialect(schema)
            without = {key: value for key, value in schema.items() if key != "$schema"}
            self.validator = counting(known)(without, registry=REGISTRY)

    def faults(self, arguments: Any, size: int) -> list[SchemaFault]:
        """In what arguments break the schema, the first few of it; `UnevaluatedError` if that can't be found out."""
        if self.why_not is not None:
            raise UnevaluatedError(self.why_not)
        return evaluated(self.validator, arguments, size)


def meta_faults(schema: dict[str, Any]) -> list[SchemaFault]:
    """In what a schema breaks the meta-schema of its dialect; `UnevaluatedError` if that can't be found out."""
    known = dialect(schema)
    return evaluated(known(known.META_SCHEMA, registry=REGISTRY), schema, 0)


def evaluated(validator: Any, value: Any, size: int) -> list[SchemaFault]:
    """What a validator finds."""
    token = BUDGET.set(Budget(size))
    try:
        # A meta-schema of several vocabularies says the same once for each.
        found = islice(validator.iter_errors(value), MAX_FAULTS)
        return list(dict.fromkeys(map(fault_of, found)))
    except RecursionError:
        raise UnevaluatedError("its schema refers to itself without end, or is nested too deep") from None
    except Unresolvable as error:
        raise UnevaluatedError(f"its schema refers to {quoted(error.ref)}, which is not in it") from None
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, jsonschema.exceptions.UnknownType):
        # jsonschema takes a valid schema for granted. Of an invalid one TUL003 speaks.
        raise UnevaluatedError("its schema is not valid") from None
    finally:
        BUDGET.reset(token)


def dialect(schema: dict[str, Any]) -> Any:
    """The validator of the declared draft, or of 2020-12; `UnevaluatedError` for a draft that is not known."""
    declared = schema.get("$schema")
    if declared is None:
        return Draft202012Validator
    known = validator_for(schema, default=None) if isinstance(declared, str) else None
    if known is None:
        raise UnevaluatedError(f"its schema is of an unknown draft: {quoted(declared)}")
    return known


def why_unevaluated(schema: dict[str, Any]) -> str | None:
    """Why a schema can't be evaluated in any case; None if it can."""
    try:
        dialect(schema)
    except UnevaluatedError as error:
        return str(error)
    for path, fields in objects(schema):
        if path and "$schema" in fields:
            return "its schema holds another with a draft of its own"
        for name in UNCOUNTED:
            if name in fields:
                return f"its schema uses {name}"
        for pattern in patterns_of(fields):
            if effort(pattern) is None:
                return f"its schema has a pattern that may take for ever: {quoted(pattern)}"
    return None


def patterns_of(fields: dict[str, Any]) -> Iterator[str]:
    """The regular expressions in one object of a schema."""
    if isinstance(fields.get("pattern"), str):
        yield fields["pattern"]
    by_pattern = fields.get("patternProperties")
    if isinstance(by_pattern, dict):
        yield from by_pattern


@cache
def counting(known: Any) -> Any:
    """The validator of a draft, with checks that take their steps from the budget."""
    return extend(known, {name: counted(name, check) for name, check in known.VALIDATORS.items()})


def counted(name: str, check: Keyword) -> Keyword:
    """A keyword's check that takes its steps from the budget."""

    def spending(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        BUDGET.get().spend(1 + extra_steps(name, value, instance, schema))
        return check(validator, value, instance, schema)

    return spending


def extra_steps(name: str, value: Any, instance: Any, schema: Any) -> int:
    """The steps of a keyword whose work is not that of the keywords below it."""
    if name == "pattern" and isinstance(value, str) and isinstance(instance, str):
        return pattern_steps([value], [instance])
    if name in ("patternProperties", "additionalProperties") and isinstance(instance, dict):
        return pattern_steps(list(patterns_of({"patternProperties": schema.get("patternProperties")})), list(instance))
    if name == "uniqueItems" and isinstance(instance, list):
        return len(instance) ** 2 // COMPARISONS
    return len(value) // COMPARISONS if name == "enum" and isinstance(value, list) else 0


def pattern_steps(patterns: list[str], texts: list[str]) -> int:
    """The steps of trying each pattern on each text."""
    efforts = [found for found in map(effort, patterns) if found is not None]
    return sum(found.steps(len(text)) for found in efforts for text in texts) // PATTERN_STEPS


def fault_of(error: ValidationError) -> SchemaFault:
    """A fault as jsonschema names it, in words that stay short whatever the data is."""
    keyword, wanted, value = str(error.validator), error.validator_value, error.instance
    path = tuple(error.absolute_path)
    if keyword == "type" and isinstance(wanted, (str, list)):
        names = [wanted] if isinstance(wanted, str) else wanted
        shown = kind(value) if isinstance(value, (list, dict)) else quoted(value)
        return SchemaFault(f"{shown} is not of type {' or '.join(map(str, names))}", path, keyword)
    if keyword == "enum" and isinstance(wanted, list):
        return SchemaFault(f"{quoted(value)} is not one of {quoted(wanted, 100)}", path, keyword)
    if keyword == "const":
        return SchemaFault(f"{quoted(value)} is not {quoted(wanted)}", path, keyword)
    return SchemaFault(shortened(error.message), path, keyword)


def shortened(message: str, limit: int = 160) -> str:
    """A message with its middle left out if it is long."""
    return message if len(message) <= limit else f"{message[: limit // 2]} … {message[-limit // 2 :]}"
