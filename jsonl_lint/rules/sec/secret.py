"""A text holds an access key, a token, a private key or a password.

## What it does
Flags strings that have the form of a vendor's keys and tokens, private keys, passwords in URLs, and values that are
assigned to a password or key by name. The forms are those of gitleaks and detect-secrets (`secrets.json` beside this rule
names the source of each). A form alone is not enough: its characters must be as mixed as a key's (Shannon entropy), and a
password must have both letters and digits. Values of examples and documentation are left alone.

The message shows the first and last two characters.

## Why
What a model was trained on it can be made to say. Keys in training data are given to everybody who uses the model.

## How to repair
Replace it by a made-up value, and revoke the key: it has been copied.

## Fix safety
Unsafe: a placeholder is put in the place of the secret.
"""

from __future__ import annotations

import math
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from jsonl_lint.rule import Case, Pattern, Problem, Text, Trigger, rule
from jsonl_lint.rules.sec.redaction import masked, redaction
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "Which key do we use?"}

EXAMPLES = (
    r"(?i)example|sample|dummy|test(?!_)|fake|placeholder|change_?me|your|xxx|\*\*\*|\.\.\.|redacted|1234567|abcdef|password|passwd|secret"
    r"|todo|none|null|undefined|os\.|env|process|config|getenv|http"
)
# The token on the front page of jwt.io, copied into countless tutorials.
JWT_SAMPLE = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIi"


class Form(msgspec.Struct, frozen=True):
    """One form of secrets: its name and source, what must occur, what it looks like, how mixed it must be.

    `line` is a pattern of bytes that a line with such a secret matches, where that says more than what must occur; `holds`
    are what stands in each match of it.
    """

    name: str
    source: str
    triggers: tuple[str, ...]
    regex: str
    entropy: float
    password: bool = False
    line: str = ""
    holds: tuple[str, ...] = ()

    @property
    def line_triggers(self) -> Sequence[Trigger]:
        """What must occur in a line for such a secret to be there."""
        return [Pattern(self.line, self.holds)] if self.line else self.triggers


class Forms(msgspec.Struct, frozen=True):
    """The forms, and where they were taken from."""

    sources: dict[str, str]
    patterns: tuple[Form, ...]


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """The known forms of secrets."""
    data = pkgutil.get_data(__name__, "secrets.json")
    assert data is not None
    return msgspec.json.decode(data, type=Forms).patterns


@lru_cache(maxsize=64)
def compiled(regex: str) -> re.Pattern[str]:
    """A form's pattern, made when a text first has its trigger."""
    return re.compile(regex)


def pieces(*parts: str) -> str:
    """A made-up secret, put together so that the source of this rule holds none."""
    return "".join(parts)


KEY = pieces("AK", "IA", "QYLPMN5HHHFPZAM2")
PASSWORD = pieces("kX9", "vTq27", "Lm")


def answer(text: str) -> dict[str, object]:
    """A row with an answer."""
    return {"messages": [QUESTION, {"role": "assistant", "content": text}]}


@rule(
    "SEC001",
    at=Text,
    severity="warning",
    repair="replace it by a made-up value, and revoke it",
    fixable="unsafe",
    triggers=[trigger for form in forms() for trigger in form.line_triggers],
    bad=[
        Case(answer(f"It is {KEY}."), at="/messages/1/content", fixed=answer("It is [aws-access-key].")),
        Case(answer(f"postgres://app:{PASSWORD}@db.internal/main"), at="/messages/1/content"),
        Case(answer(f'"password": "{PASSWORD}"'), at="/messages/1/content"),
    ],
    good=[
        Case(answer(KEY[:-7] + "EXAMPLE")),
        Case(answer("password: ask the administrator")),
        Case(answer("postgres://user:password@localhost/main")),
    ],
)
def secret(text: Text, facts: Facts) -> Iterator[Problem]:
    for (start, end), form in secrets_in(text.text).items():
        repair = redaction(form.name.lower().replace(" ", "-"), start, end)
        plain = f"the text holds a secret ({form.name})"
        message = f"{plain}: {masked(text.text[start:end])}"
        yield Problem(message, plain=plain, text_range=(start, end), repair=repair, private=True)


def secrets_in(text: str) -> dict[tuple[int, int], Form]:
    """The places of secrets in a text and their forms; of two that overlap the first form counts."""
    found: dict[tuple[int, int], Form] = {}
    for form in forms():
        if not any(trigger in text for trigger in form.triggers):
            continue
        for match in compiled(form.regex).finditer(text):
            start, end = match.span(1)
            if is_secret(match[1], form) and not any(start < e and s < end for s, e in found):
                found[start, end] = form
    return found


def is_secret(value: str, form: Form) -> bool:
    """Whether a value that has the form of a secret is as mixed as one, and no example."""
    if entropy(value) < form.entropy or value.startswith(JWT_SAMPLE):
        return False
    if not form.password:
        return not value.endswith("EXAMPLE")
    has_both = any(char.isdigit() for char in value) and sum(char.isalpha() for char in value) >= 3
    return (
        has_both
        and not re.search(EXAMPLES, value)
        and not re.fullmatch(r"[\w-]+(?:\.[a-zA-Z_]\w*)+|[A-Z]+(?:_[A-Z0-9]+)+|\d[\d./:-]*\w?", value)
    )


def entropy(value: str) -> float:
    """The Shannon entropy of a text's characters, in bits."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
