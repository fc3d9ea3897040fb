"""The shape of what is known of a target: limits, roles, keys, models and prices, each with its source and date."""

# Here annotations are no strings, which would have to be compiled before anything can be decoded into these types.
from typing import Any, Literal

import msgspec

__all__ = [
    "METHODS",
    "Bom",
    "Cited",
    "Facts",
    "ImageTokens",
    "Method",
    "Model",
    "Price",
    "RoleFacts",
    "Source",
    "Target",
]

Method = Literal["sft", "dpo", "rft", "completion"]
METHODS: tuple[Method, ...] = ("sft", "dpo", "rft", "completion")

Bom = Literal["required", "forbidden", "optional"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where facts were read: a document or measurement and its date."""

    title: str
    date: str


class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value with the keys of its sources; `note` says which was followed where they disagree."""

    value: Any
    source: str
    date: str
    note: str = ""


class RoleFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message of one role may hold: its keys beside `role`, and the kinds of content parts."""

    keys: tuple[str, ...]
    parts: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The plain values of a target for one method, without their sources. None means: no limit is documented.

    Sizes are bytes, except `max_tokens_in_job` (tokens times epochs) and `max_example_tokens`, which goes before the model's.
    `model_takes_images` is set by the chosen model.
    """

    bom: Bom = "optional"
    extension: str = ".jsonl"
    max_file_bytes: int | None = None
    decimal_file_bytes: int | None = None
    portal_file_bytes: int | None = None
    min_examples: int | None = None
    advised_examples: int | None = None
    max_examples: int | None = None
    row_keys: tuple[str, ...] = ("messages",)
    extra_row_keys: bool = False
    roles: dict[str, RoleFacts] = {}
    output_roles: tuple[str, ...] = ("assistant",)
    last_role: str | None = None
    advises_system: bool = False
    weight_values: tuple[int, ...] = (0, 1)
    max_tools: int | None = None
    refused_schema_constructs: tuple[str, ...] = ()
    refuses_null_content: bool = False
    call_id_pattern: str | None = None
    max_images_per_example: int | None = None
    max_image_examples: int | None = None
    max_image_bytes: int | None = None
    image_formats: tuple[str, ...] = ()
    image_modes: tuple[str, ...] = ()
    image_roles: tuple[str, ...] = ()
    image_url_schemes: tuple[str, ...] = ()
    image_details: tuple[str, ...] = ("low", "high", "auto")
    max_tokens_in_job: int | None = None
    model_takes_images: bool = True
    max_example_tokens: int | None = None


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What training costs in US dollars, by tier and region; `unit` says per what."""

    unit: Literal["million-tokens", "hour"]
    tiers: dict[str, float]
    regional: dict[str, float]
    hosting_per_hour: dict[str, float]
    source: str
    date: str


class ImageTokens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a model counts the tokens of an image: `base + tile x tiles` of 512 pixels, or 32-pixel patches x multiplier."""

    kind: Literal["tile", "patch"]
    base: int = 0
    tile: int = 0
    multiplier: float = 1.0


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model that the target trains, or trained. Dates are ISO 8601; None means unknown."""

    name: str
    methods: tuple[Method, ...]
    source: str
    date: str
    aliases: tuple[str, ...] = ()
    vision: bool | None = None
    max_example_tokens: int | None = None
    encoding: str | None = None
    image_tokens: ImageTokens | None = None
    retires: str | None = None
    status: str = "available"
    price: Price | None = None
    note: str = ""


class MethodData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one training method adds to or changes of the target's common facts."""

    default_model: str | None = None
    facts: dict[str, Cited] = {}
    severity: dict[str, str] = {}


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One provider or trainer as its data file describes it."""

    name: str
    title: str
    facts_as_of: str
    sources: dict[str, Source]
    methods: dict[Method, MethodData]
    facts: dict[str, Cited] = {}
    severity: dict[str, str] = {}
    models: tuple[Model, ...] = ()
    contradictions: tuple[str, ...] = ()

    def model_named(self, name: str) -> Model | None:
        """The model of this name, alias or fine-tuned name; None if it is not known."""
        plain = name.split(".ft-", maxsplit=1)[0].removeprefix("ft:").split(":")[0].lower()
        by_name = {alias.lower(): model for model in self.models for alias in (model.name, *model.aliases)}
        return by_name.get(plain)

    def cited(self, method: Method) -> dict[str, Cited]:
        """Every fact that holds for a method, with its source."""
        return {**self.facts, **self.methods[method].facts}

    def facts_for(self, method: Method, overrides: dict[str, Any] | None = None) -> Facts:
        """The plain values for a method, a user's own values first; `msgspec.ValidationError` on a wrong one."""
        values = {name: fact.value for name, fact in self.cited(method).items()}
        return msgspec.convert({**values, **(overrides or {})}, Facts)

    def severities(self, method: Method) -> dict[str, str]:
        """The severities, by code, that differ from the rules' own for a method."""
        return {**self.severity, **self.methods[method].severity}
