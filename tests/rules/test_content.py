"""The rules on texts are precise: each is held against texts of several languages, written to mislead it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint.registry import find_rule
from jsonl_lint.rules.qlt import mojibake
from jsonl_lint.search import compiled
from samples import ROOT

FOLDER = ROOT / "fixtures" / "content"
NAMES = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
MIN_PRECISION, MIN_RECALL = 0.98, 0.9
AT_LEAST = 40

# Parts of made-up secrets are kept apart in the files, so that nothing there looks like a real one.
SEAM = "⟂"


def labelled(name: str) -> list[dict[str, Any]]:
    """The texts for a rule, and whether it is to find something in each."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [{**json.loads(line), "text": json.loads(line)["text"].replace(SEAM, "")} for line in lines if line]


def row(text: str, role: str) -> dict[str, Any]:
    """A row with the text in it."""
    if role == "user":
        return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Well."}]}
    return {"messages": [{"role": "user", "content": "What?"}, {"role": "assistant", "content": text}]}


def lines_found(name: str, texts: list[dict[str, Any]], ascii_only: bool = False) -> set[int]:
    """The numbers of the texts in which the rule finds something, all in one file."""
    rows = (row(item["text"], item.get("role", "assistant")) for item in texts)
    data = b"".join(json.dumps(value, ensure_ascii=ascii_only).encode() + b"\n" for value in rows)
    report = jsonl_lint.check(data, select=[name])
    assert report.failures == []
    return {(finding.line or 0) - 1 for finding in report.findings}


def test_every_rule_on_texts_has_its_texts():
    from jsonl_lint.registry import all_rules
    from jsonl_lint.rule import Text

    assert sorted(rule.name for rule in all_rules().values() if rule.at is Text) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_precision_and_recall(name, capsys):
    texts = labelled(name)
    found = lines_found(name, texts)
    wanted = {index for index, item in enumerate(texts) if item["found"]}
    assert len(wanted) >= AT_LEAST
    assert len(texts) - len(wanted) >= AT_LEAST
    precision = len(found & wanted) / max(len(found), 1)
    recall = len(found & wanted) / len(wanted)
    with capsys.disabled():
        counts = f"{len(wanted):>3} to find, {len(texts) - len(wanted):>3} to leave"
        print(f"\n{find_rule(name).code} {name:<22} {counts}: precision {precision:.3f}, recall {recall:.3f}", end="")
    assert precision >= MIN_PRECISION, [texts[index]["text"] for index in sorted(found - wanted)]
    assert recall >= MIN_RECALL, [texts[index]["text"] for index in sorted(wanted - found)]


@pytest.mark.parametrize("name", NAMES)
def test_escapes_and_the_search_for_many_texts_change_nothing(name):
    texts = labelled(name)
    plain = lines_found(name, texts)
    assert lines_found(name, texts, ascii_only=True) == plain
    assert {index % len(texts) for index in lines_found(name, texts * 20)} == plain


@given(st.from_regex(mojibake.broken(), fullmatch=True), st.booleans(), st.booleans())
def test_broken_texts_hold_what_lines_are_searched_for(text, ascii_only, upper):
    line = json.dumps(text, ensure_ascii=ascii_only).encode()
    if upper:
        line = re.sub(rb"\\u[0-9a-f]{4}", lambda escape: b"\\u" + escape[0][2:].upper(), line)
    patterns = (mojibake.WESTERN_PAIR, mojibake.WESTERN_RUN, mojibake.CYRILLIC_RUN)
    assert any(compiled(pattern).search(line) for pattern in patterns)
