"""Where in their lines problems stand, and their repairs as edits of the lines' bytes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from jsonl_lint.fault import Span
from jsonl_lint.finding import Edit, Fix, Path
from jsonl_lint.judge import Hit
from jsonl_lint.rule import Remove, Repair, Replace, ReplaceStart, ReplaceText, Step
from jsonl_lint.scan import inside_string, locate
from jsonl_lint.values import decode, marks, says_all

__all__ = ["Place", "Placeholder", "place"]

Placeholder = Callable[[str, str], str]
"""Writes what takes the place of a redacted text, from the kind of it and the text."""


class Place(msgspec.Struct, frozen=True):
    """Where in its line a problem stands, in bytes, with its fix in bytes of the line."""

    start: int
    end: int
    fix: Fix | None = None


def plain_placeholder(kind: str, _text: str) -> str:
    """A placeholder that tells nothing but the kind, so that a report is the same in every run."""
    return f"[{kind}]"


def place(text: bytes, hits: Iterable[Hit], placeholder: Placeholder = plain_placeholder) -> list[Place]:
    """Where each problem stands in its line; `placeholder` writes what takes the place of redacted text."""
    hits = list(hits)
    text = text.removesuffix(b"\r")
    shift = marks(text)
    wanted = {path for hit in hits for path in paths_of(hit)}
    spans = locate(text[shift:], wanted) if wanted else {}
    return [place_of(hit, text, spans, shift, placeholder) for hit in hits]


def paths_of(hit: Hit) -> Iterator[Path]:
    """The paths that must be located for a problem and its repair."""
    if hit.problem.span is not None:
        return
    yield (*hit.base, *hit.problem.path)
    if hit.problem.repair is not None:
        for step in hit.problem.repair.steps:
            yield (*hit.base, *step.path)


def place_of(hit: Hit, text: bytes, spans: dict[Path, Span], shift: int, placeholder: Placeholder) -> Place:
    """Where one problem stands; the start of the line if its value can't be found there."""
    problem = hit.problem
    if problem.span is not None:
        return Place(*problem.span, problem.fix)
    span = spans.get((*hit.base, *problem.path), Span(0, 0))
    start, end = (span.key_start, span.key_end) if problem.on_key else (span.start, span.end)
    if problem.text_range is not None and text[shift + start : shift + start + 1] == b'"':
        # Of a string that is not UTF-8 the characters can't be counted; then all of it is meant.
        with contextlib.suppress(UnicodeDecodeError):
            start, end = inside_string(text[shift:], span, *problem.text_range)
    fix = problem.fix
    if problem.repair is not None:
        fix = fix_of(problem.repair, hit.base, text[shift:], spans, placeholder)
        fix = fix and moved(fix, shift)
    return Place(start + shift, end + shift, fix)


def fix_of(repair: Repair, base: Path, text: bytes, spans: dict[Path, Span], placeholder: Placeholder) -> Fix | None:
    """A repair of values as edits of the line's bytes; None if a value of it can't be found."""
    edits: list[Edit] = []
    for step in repair.steps:
        path = (*base, *step.path)
        span = spans.get(path)
        if span is None:
            return None
        edit = edit_of(step, text, span, placeholder)
        if edit is None or (isinstance(step, Remove) and uncovers(edit, text, span, path)):
            return None
        edits.append(edit)
    return Fix(repair.title, repair.safe, tuple(sorted(edits, key=lambda edit: edit.start)))


def uncovers(edit: Edit, text: bytes, span: Span, path: Path) -> bool:
    """Whether behind the removal of a member another one of the same name counts, which stands before it."""
    return span.key_start >= 0 and path in locate(text[: edit.start] + edit.text + text[edit.end :], {path})


def moved(fix: Fix, by: int) -> Fix:
    """The same fix in a text that is longer by some bytes at its start."""
    if not by:
        return fix
    return msgspec.structs.replace(fix, edits=tuple(Edit(e.start + by, e.end + by, e.text) for e in fix.edits))


def edit_of(step: Step, text: bytes, span: Span, placeholder: Placeholder) -> Edit | None:
    """One step of a repair as an edit; None if what it replaces is not as the step says, or not all of it is known."""
    if isinstance(step, ReplaceStart):
        start, old = span.start + 1, step.old.encode()
        return Edit(start, start + len(old), step.new.encode()) if text.startswith(old, start) else None
    if isinstance(step, Replace):
        spelled = text[span.start : span.end]
        if not says_all(decode(spelled), spelled):
            return None
        return Edit(span.start, span.end, written(step.value, text))
    if isinstance(step, Remove):
        return removal(text, span)
    if text[span.start : span.start + 1] != b'"':
        return None
    try:
        start, end = inside_string(text, span, step.start, step.end)
    except UnicodeDecodeError:
        return None
    put = step.text if isinstance(step, ReplaceText) else placeholder(step.kind, json.loads(b'"%b"' % text[start:end]))
    return Edit(start, end, written(put, text)[1:-1])


def written(value: Any, text: bytes) -> bytes:
    """A value as JSON, with escapes for all but ASCII where the line is written so, or holds half of a surrogate pair."""
    try:
        return json.dumps(value, ensure_ascii=text.isascii()).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def removal(text: bytes, span: Span) -> Edit:
    """The edit that takes a member or element out, with the comma that it leaves behind."""
    start = span.key_start if span.key_start >= 0 else span.start
    after = len(text) - len(text[span.end :].lstrip())
    if text[after : after + 1] == b",":
        after += 1
        return Edit(start, len(text) - len(text[after:].lstrip()), b"")
    before = len(text[:start].rstrip())
    return Edit(before - 1 if text[before - 1 : before] == b"," else start, span.end, b"")
