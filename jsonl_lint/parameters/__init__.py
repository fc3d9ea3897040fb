"""JSON Schemas that tools declare for their arguments: whether they are valid, and whether arguments conform to them.

Nothing is fetched, and no schema can hold up the run: what would take too long is not evaluated, which is said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import orjson

from jsonl_lint.parameters.fault import MAX_FAULTS, SchemaFault, UnevaluatedError
from jsonl_lint.parameters.plain import breaches, conforms, is_countable, is_plain
from jsonl_lint.parameters.references import reference_faults

__all__ = ["Parameters", "SchemaFault", "UnevaluatedError", "parameters_of"]

# Larger ones are not kept, so that many of them can't fill the memory.
KEPT_BYTES = 1 << 16

# So short arguments are evaluated within any budget, and no more faults than these are ever told.
FEW_BYTES = 1000


class Parameters:
    """The declared parameters of a function, made ready once for all its calls.

    `twin` are others that differ in the names of the parameters alone.
    """

    def __init__(self, schema: dict[str, Any], twin: Parameters | None = None) -> None:
        self.schema = schema
        self.twin = twin
        self.is_plain: bool = is_plain(schema) if twin is None else twin.is_plain
        self.exact: Any = None

    @cached_property
    def is_countable(self) -> bool:
        """Whether faults of arguments can be counted fast."""
        if self.twin is not None:
            return self.twin.is_countable
        return self.is_plain and is_countable(self.schema)

    @cached_property
    def schema_faults(self) -> Sequence[SchemaFault]:
        """What is wrong with the schema itself; `UnevaluatedError` if that can't be found out."""
        if self.is_plain:
            return ()
        from jsonl_lint.parameters.exact import meta_faults

        return meta_faults(self.schema) or list(reference_faults(self.schema))

    @property
    def is_valid(self) -> bool:
        """Whether the schema is sure to be valid."""
        try:
            return not self.schema_faults
        except UnevaluatedError:
            return False

    def are_plainly_met(self, arguments: Any) -> bool:
        """Whether arguments are sure to conform by what is found out fast."""
        return self.is_plain and conforms(self.schema, arguments)

    def breaches(self, arguments: Any, size: int) -> int | None:
        """How many faults arguments have by what is found out fast; None where that does not tell."""
        if not self.is_countable or size > FEW_BYTES:
            return None
        try:
            found = breaches(self.schema, arguments)
        except ValueError:
            return None
        return found if found <= MAX_FAULTS else None

    def accepts(self, arguments: Any, size: int) -> bool:
        """Whether arguments are sure to conform. `size` is how many bytes they take up as JSON."""
        if self.are_plainly_met(arguments):
            return True
        try:
            return not self.faults(arguments, size)
        except UnevaluatedError:
            return False

    def faults(self, arguments: Any, size: int) -> Sequence[SchemaFault]:
        """In what arguments break the schema; `UnevaluatedError` if that can't be found out."""
        if self.are_plainly_met(arguments):
            return ()
        if self.exact is None:
            from jsonl_lint.parameters.exact import ExactSchema

            self.exact = ExactSchema(self.schema)
        found: Sequence[SchemaFault] = self.exact.faults(arguments, size)
        return found


def parameters_of(schema: dict[str, Any]) -> Parameters:
    """The parameters that a schema declares, made ready when it is first seen."""
    text = written(schema)
    return kept_parameters(text) if len(text) <= KEPT_BYTES else Parameters(json.loads(text))


def written(schema: dict[str, Any]) -> bytes:
    """A schema as JSON."""
    try:
        return orjson.dumps(schema)
    except TypeError:
        return json.dumps(schema).encode()


@lru_cache(maxsize=64)
def kept_parameters(text: bytes) -> Parameters:
    """The parameters of a schema that may come again, by its text."""
    return Parameters(json.loads(text))
