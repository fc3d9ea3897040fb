"""Template text was left in.

## What it does
Flags what stands for something that should have been filled in: `{{name}}`, `<insert name here>`, `[Your Name]`, `TODO` or
`FIXME` with a colon or alone, `lorem ipsum`. Code (between backticks, or in a fence) and texts that speak of templates
themselves are left alone, and so are system messages and the arguments of calls.

## Why
The model learns to write the template instead of what belongs there.

## How to repair
Fill it in, or remove the example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jsonl_lint.rule import Case, Pattern, Problem, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "Write a letter to the bank."}

FILLERS = (
    "your|the|my|recipient['’]?s?|customer['’]?s?|company|client['’]?s?|insert|enter|add|"
    "ihr|ihre|dein|deine|votre|su|tu|il tuo|seu|nome"
)
NOUNS = (
    "name|company|email|e-mail|address|phone|phone number|date|title|position|city|signature|contact information|organization|"
    "first name|last name|full name|job title|company name|recipient|product|amount|number|link|url|adresse|datum|unternehmen|"
    "nom|prénom|entreprise|nombre|dirección|empresa|fecha|apellido|nome|azienda|indirizzo|endereço|telefon|telefonnummer|"
    "vorname|nachname"
)
NAMES = (
    "Name|Ihr Name|Votre nom|Su nombre|Il tuo nome|Seu nome|Datum|您的姓名|你的名字|姓名|公司名称|お名前|会社名|名前|имя"
    "|Ваше имя|Название компании"
)
PATTERN = (
    r"(?<![{$}\w])(?<!f[\"'])\{\{\s*[A-Za-zÀ-ÿ][\w .-]{0,40}\s*\}\}(?!\})"
    r"|<(?:insert|enter|your|add|fill in|hier|einfügen|insérer|insertar|inserisci|inserir)\b[^<>\n]{0,60}>"
    rf"|\[(?i:{FILLERS})[ _](?i:{NOUNS})(?: here)?\]"
    r"|\[(?i:insert|enter|fill in|add)\b[^\[\]\n]{1,60}\]"
    r"|\[(?:YOUR|INSERT|COMPANY|CUSTOMER|CLIENT|RECIPIENT|FIRST|LAST|PRODUCT)[ _]"
    r"(?:NAME|EMAIL|ADDRESS|PHONE|DATE|TITLE|NUMBER|HERE|LINK)\]"
    r"|(?:^|(?<=[\n>*-] )|(?<=\n))(?:TODO|FIXME|TBD)(?:\s*[:(]|\s*$|\s*\n)"
    r"|\b[Ll]orem ipsum dolor\b"
    rf"|\[(?:{NAMES})\]"
)
ABOUT = (
    r"(?i)template|jinja|mustache|handlebars|placeholder|vue|angular|liquid|latex|helm|ansible|variable|platzhalter|vorlage|gabarit"
    r"|plantilla|marcador|lorem|dummy text|blindtext|占位符|模板|プレースホルダ|テンプレート|шаблон|filler text"
)
# What each of these begins with, and the same as bytes, so that lines without are not even decoded.
STARTS = r"\{\{|<|\[|TODO|FIXME|TBD|[Ll]orem"
BRACES = Pattern(r"\{\{(?:\s|\\[nrtbf])*(?:[A-Za-z\x80-\xff]|\\u)", holds=("{{",))
FILLED = Pattern(
    r"\[(?:(?:your|the|my|recipient[^ _\]]{0,9}|customer[^ _\]]{0,9}|company|client[^ _\]]{0,9}|ihre?|deine?|votre|su|tu"
    r"|il tuo|seu|nome|first|last|product)[ _]|(?:insert|enter|add|fill in)[^a-z0-9])",
    holds=tuple("[" + letter for letter in "acdefilmnprstvy"),
    flags=re.IGNORECASE,
)
TO_DO = Pattern(r'(?:"|(?:\\n|\\u000[aA]|[>*-]) ?)(?:TODO|FIXME|TBD)', holds=("TODO", "FIXME", "TBD"))

CODE = r"(?s)```.*?(?:```|\Z)|`[^`\n]*`"


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """What stands for something that should have been filled in."""
    return re.compile(PATTERN)


@rule(
    "QLT003",
    at=Text,
    severity="warning",
    repair="fill it in, or remove the example",
    triggers=[
        BRACES,
        FILLED,
        TO_DO,
        "orem ipsum dolor",
        "<insert",
        "<enter",
        "<your",
        "<add",
        "<fill in",
        "<hier",
        "<einf",
        "<insérer",
        "<inserisci",
        *(f"[{name}]" for name in NAMES.split("|")),
    ],
    bad=[
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "Dear {{bank}}, ..."}]}, at="/messages/1/content"
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "Yours, [Your Name]"}]}, at="/messages/1/content"
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Write `{{ name }}` there."}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "In Jinja, {{ name }} is replaced."}]}),
    ],
)
def placeholder(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.is_arguments or text.role in ("system", "developer", "tool", "function"):
        return
    match = next(matches(text.text), None)
    if match is None or re.search(ABOUT, text.text.replace(match[0], "")):
        return
    plain = "template text was left in"
    yield Problem(f"{plain}: {match[0].strip()}", plain=plain, text_range=match.span())


def matches(text: str) -> Iterator[re.Match[str]]:
    """The matches outside of code; places stay what they are."""
    outside = re.sub(CODE, lambda match: " " * len(match[0]), text) if "`" in text else text
    for start in re.finditer(STARTS, outside):
        match = pattern().match(outside, start.start())
        if match is not None:
            yield match
