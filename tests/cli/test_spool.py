"""The spool: findings come back in the order of a report, as often as asked, from memory or from the disk."""

from __future__ import annotations

import random
from contextlib import closing

import pytest

from jsonl_lint.cli import spool
from jsonl_lint.cli.spool import Spool
from jsonl_lint.finding import Edit, Excerpt, Finding, Fix, Severity
from jsonl_lint.run import order


def finding(path: str, line: int, code: str = "MSG003") -> Finding:
    return Finding(
        code, "role-unknown", Severity.ERROR, "a \u2028 b", path, line, 3, 17, "/a~1b", excerpt=Excerpt("abc", 1, 2),
        fix=Fix("write it", safe=True, edits=(Edit(1, 2, b"\xff\n"),)), fingerprint="0" * 16,
    )  # fmt: skip


@pytest.mark.parametrize("small", [0, 1_000_000])
def test_findings_come_back_in_order_and_again(monkeypatch, small):
    """What is told at a file's end is merged with what was told before, and files stay in their order."""
    monkeypatch.setattr(spool, "SMALL", small)
    lines = sorted(random.Random(1).sample(range(1, 10_000), 500))
    late = [finding("b", line, "TRN001") for line in (1, 4_000, 9_999)]
    early = [finding("b", line) for line in lines]
    others = [finding("a", 7), finding("a", 9)]
    with closing(Spool()) as kept:
        for one in (*early, *late, *others):
            kept.add(one)
        expected = [*sorted([*early, *late], key=order), *others]
        assert list(kept) == expected
        assert list(zip(kept, kept, strict=True)) == list(zip(expected, expected, strict=True))


def test_a_spool_without_findings():
    with closing(Spool()) as kept:
        assert list(kept) == []
