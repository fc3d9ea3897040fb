"""The spool: findings come back in the order of a report, as often as asked, from memory or from the disk."""

from __future__ import annotations

import random
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from jsonl_lint import overflow
from jsonl_lint.cli.spool import Spool
from jsonl_lint.config import Settings
from jsonl_lint.finding import Edit, Excerpt, Finding, Fix, Severity
from jsonl_lint.run import Run, order
from samples import BOM


def finding(path: str, line: int, code: str = "MSG003") -> Finding:
    return Finding(
        code, "role-unknown", Severity.ERROR, "a \u2028 b", path, line, 3, 17, "/a~1b", excerpt=Excerpt("abc", 1, 2),
        fix=Fix("write it", safe=True, edits=(Edit(1, 2, b"\xff\n"),)), fingerprint="0" * 16,
    )  # fmt: skip


@pytest.mark.parametrize("small", [0, 1_000_000])
def test_findings_come_back_in_order_and_again(monkeypatch, small):
    """What is told at a file's end is merged with what was told before, and files stay in their order."""
    monkeypatch.setattr(overflow, "IN_MEMORY", small)
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


def peak_of(path: Path, count: int) -> int:
    """The most memory that a run takes with two findings on each of many long lines."""
    path.write_bytes(BOM + (b'{"messages": []' + b" " * 2_000 + b"}\n") * count)
    found = 0

    def tell(one: Finding) -> None:
        nonlocal found
        found += 1
        kept.add(one)

    with closing(Spool()) as kept:
        tracemalloc.start()
        checking = Run(Settings(method="sft", jobs=1, no_tokens=True), tell, keeps=False)
        checking.check(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    counts = checking.finished().counts
    assert found == counts.error + counts.warning == 2 * count - 1
    return peak


def test_memory_stays_flat_however_many_findings_there_are(monkeypatch, tmp_path):
    monkeypatch.setattr(overflow, "IN_MEMORY", 1000)
    path = tmp_path / "train.jsonl"
    peak_of(path, 3000)  # loads what is needed
    # Those of the longer one take 3,000,000 bytes more in memory; a block that is not yet collected takes 500,000.
    assert peak_of(path, 6000) < peak_of(path, 3000) + 1_000_000
