"""Large files are looked at before they are repaired, which makes no difference to what comes out."""

from __future__ import annotations

import pytest

import jsonl_lint
from jsonl_lint.repair import fixer as fixer_module
from jsonl_lint.source import BLOCK_BYTES
from samples import BOM, good_data, good_line

DEFECTS = {
    "nothing": lambda data: data,
    "a defect on the last line": lambda data: data + good_line(7).replace(b'"assistant"', b'"gpt"'),
    "a line again": lambda data: data + good_line(7) + good_line(7),
    "a blank line": lambda data: data + b"\n",
    "no mark": lambda data: data.removeprefix(BOM),
    "a defect that nothing repairs": lambda data: data + b'{"messages": 1}\n',
}


@pytest.mark.parametrize("defect", DEFECTS)
@pytest.mark.parametrize("unsafe", [False, True])
def test_a_large_file_is_looked_at_first_and_repaired_alike(defect, unsafe, tmp_path, monkeypatch):
    # The beginning that is looked at is one block.
    data = DEFECTS[defect](good_data(4000))
    assert len(data) > BLOCK_BYTES
    results = []
    for limit in (0, 1 << 30):
        path = tmp_path / f"{limit}.jsonl"
        path.write_bytes(data)
        before = path.stat()
        monkeypatch.setattr(fixer_module, "SHARED_FROM_BYTES", limit)
        result = jsonl_lint.fix(path, unsafe=unsafe)
        left = [(found.code, found.line, found.message) for found in result.report.findings]
        results.append((path.read_bytes(), result.fixed, left, result.report.counts.by_code))
        if not result.changed:
            assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert results[0] == results[1]
    assert bool(results[0][1]) == (defect not in ("nothing", "a defect that nothing repairs"))
