"""A text was decoded with the wrong encoding.

## What it does
Flags UTF-8 text that was read as another encoding (`cafÃ©`, `donâ€™t`). With the extra `quality`, ftfy judges whether a
text is broken and how it was meant; without it a narrow pattern of its own finds what UTF-8 read as Windows-1252 or
Latin-1 looks like.

## Why
The model learns to write such characters.

## How to repair
Read the source in its real encoding again, which is UTF-8 in most cases.

## Fix safety
Unsafe: the text is put right by the rules of ftfy or of the pattern; a text that is *about* broken characters would lose
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from jsonl_lint.rule import Case, Pattern, Problem, Repair, Replace, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "Where do we meet?"}


def answer(text: str) -> dict[str, object]:
    """A row with an answer."""
    return {"messages": [QUESTION, {"role": "assistant", "content": text}]}


# Two characters of the Latin alphabet that also follow each other in words or prices are proof of nothing.
HARMLESS = r"[ÂÊÎÔÛÄÖÜÃÕÉÈÀÁÍÓÚÑÇÅÆØß][«»“”‘’…–—™®ºª\u00a0•]"

# The same as bytes of a line, escaped or not, somewhat wider: ranges of bytes in place of single characters.
TAIL_BYTES = (
    r"(?:[\xc2\xc5][\x80-\xbf]|\xc6\x92|\xcb[\x86\x9c]|\xe2[\x80-\x84][\x80-\xbf]|\\u(?:0[0-2]|2[01])[0-9a-fA-F]{2})"
)
WESTERN_PAIR = Pattern(
    r"(?:\xc3[\x82-\x9f]|\\u00(?:[cC][2-9a-fA-F]|[dD][0-9a-fA-F]))" + TAIL_BYTES, holds=("\xc3", r"\u00")
)
WESTERN_RUN = Pattern(
    r"(?:\xc3[\xa0-\xb4]|\\u00(?:[eE][0-9a-fA-F]|[fF][0-4]))" + TAIL_BYTES + "{2}", holds=("\xc3", r"\u00")
)
CYRILLIC_RUN = Pattern(
    r"(?:(?:\xd0[\xa0\xa1]|\\u042[01])"
    r"(?:\xc2[\xb0-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xd0[\x80-\x8f]|\xd1[\x90-\x9f]|\xd2[\x90\x91]"
    r"|\\u(?:00[bB][0-9a-fA-F]|04[0159][0-9a-fA-F]|2[01][0-9a-fA-F]{2}))){3}",
    holds=("\xd0", r"\u042"),
)


@rule(
    "QLT001",
    at=Text,
    severity="warning",
    repair="read the source in its real encoding again",
    fixable="unsafe",
    triggers=[WESTERN_PAIR, WESTERN_RUN, CYRILLIC_RUN],
    bad=[
        Case(answer("At the cafÃ©, as always."), at="/messages/1/content", fixed=answer("At the café, as always.")),
        Case(answer("I donâ€™t know."), at="/messages/1/content"),
    ],
    good=[
        Case(answer("NÃO, É À DIREITA: “São João”.")),
        Case(answer("At the café.")),
        Case(answer("Â« Bonjour Â»".replace("Â", ""))),
    ],
)
def mojibake(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.is_arguments or text.text.isascii():
        return
    found = first_broken(text.text)
    if found is None:
        return
    meant = repairer()(text.text)
    if meant == text.text:
        return
    repair = Repair("decode the text as it was meant", False, (Replace((), meant),))
    message = "the text was decoded with the wrong encoding"
    yield Problem(f"{message}: {found[0]}", plain=message, text_range=found.span(), repair=repair)


@lru_cache(maxsize=1)
def looks() -> str:
    """How each byte from 0x80 on looks when it is read as Windows-1252 (as Latin-1 where that has no character for it)."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100))


@lru_cache(maxsize=1)
def broken() -> re.Pattern[str]:
    """What UTF-8 looks like when it is read as Windows-1252 or Latin-1; also as Windows-1251, of which 'Р°' is typical."""
    latin = "".join(map(chr, range(0x80, 0xC0)))
    tail = "[" + re.escape("".join(dict.fromkeys(looks()[:0x40] + latin))) + "]"
    western = f"[Â-ß]{tail}|[à-ï]{tail}{{2}}|[ð-ô]{tail}{{3}}"
    return re.compile(f"(?:{western})+|(?:[РС][\\u00b0-\\u00bf€‚„…†‡‰‘’“”•–—™ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґёєїјЅѕ№]){{3,}}")


def first_broken(text: str) -> re.Match[str] | None:
    """The first run of characters that looks broken and is not harmless."""
    return next((match for match in broken().finditer(text) if not re.fullmatch(HARMLESS, match[0])), None)


@lru_cache(maxsize=1)
def repairer() -> Callable[[str], str]:
    """The function that says how a text was meant: ftfy's, or our own. The text stays where it is in doubt."""
    try:
        import ftfy
    except ImportError:
        return mended
    fix: Callable[[str], str] = ftfy.fix_encoding
    return fix


def mended(text: str) -> str:
    """The text with each run that is UTF-8 in the wrong clothes decoded as it was meant."""
    return broken().sub(lambda match: decoded(match[0]), text)


def decoded(run: str) -> str:
    """What a run of characters says in UTF-8; the run itself if it is none."""
    try:
        return bytes(map(byte_of, run)).decode()
    except ValueError:
        return run


def byte_of(char: str) -> int:
    """The byte that looks like this character in Windows-1252, or in Latin-1."""
    found = looks().find(char)
    return found + 0x80 if found >= 0 else ord(char)
