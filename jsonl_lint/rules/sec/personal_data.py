"""A text holds personal data.

## What it does
Flags in texts of the user and the assistant: e-mail addresses of persons, telephone numbers, card numbers, IBANs and
national identity numbers (Spain, Italy, Brazil, China; Poland, the Netherlands and India where the number is named). What has
check digits must have the right ones. A telephone number must be written in the international form, or in one of North
America's. Addresses of roles (`info@`), of domains that are reserved for examples, and the card numbers that payment services
publish for tests are left alone.

The message shows the first and last two characters.

## Why
What a model was trained on it can be made to say.

## How to repair
Replace it by made-up data.

## Fix safety
Unsafe: a placeholder is put in the place of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.rules.sec.identities import AT, DIGITS, findings
from jsonl_lint.rules.sec.redaction import masked, redaction
from jsonl_lint.targets import Facts

KINDS = {
    "an e-mail address": "email",
    "an IBAN": "iban",
    "a card number": "card",
    "an identity number": "identity",
    "a telephone number": "phone",
}


def asked(text: str) -> dict[str, object]:
    """A row with a question."""
    return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Thank you."}]}


@rule(
    "SEC002",
    at=Text,
    severity="info",
    repair="replace it by made-up data",
    fixable="unsafe",
    triggers=[AT, DIGITS],
    bad=[
        Case(asked("Write to jane.doe81@mailbox.org."), at="/messages/0/content", fixed=asked("Write to [email].")),
        Case(asked("My IBAN is DE89 3704 0044 0532 0130 00"), at="/messages/0/content"),
        Case(asked("Card 4539 1488 0343 6467, please"), at="/messages/0/content"),
        Case(asked("Call +49 30 901820 or 212-736-5000"), count=2, at="/messages/0/content"),
    ],
    good=[
        Case(asked("Write to info@mailbox.org or a@example.com.")),
        Case(asked("My IBAN is DE89 3704 0044 0532 0130 01")),
        Case(asked("Order 4539 1488 0343 6468")),
    ],
)
def personal_data(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.role not in ("user", "assistant"):
        return
    for what, start, end in findings(text.text):
        repair = redaction(KINDS[what.partition(" (")[0]], start, end)
        plain = f"the text holds {what}"
        shown = masked(text.text[start:end])
        yield Problem(f"{plain}: {shown}", plain=plain, text_range=(start, end), repair=repair, private=True)
