"""The library as its users call it."""

from __future__ import annotations

import io
import itertools
import json
import re
import threading
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import jsonl_lint
from samples import ROOT, good_data, good_line


def test_paths_bytes_and_file_objects_give_the_same(good_file: Path) -> None:
    data = good_file.read_bytes() + good_line(1).replace(b'"user"', b'"usr"')
    good_file.write_bytes(data)
    reports = [jsonl_lint.check(given) for given in (str(good_file), good_file, data, io.BytesIO(data))]
    found = [
        [(one.code, one.line, one.column, one.offset, one.pointer) for one in report.findings] for report in reports
    ]
    assert found[0] == [("MSG003", 101, 79, 18106, "/messages/1/role")]
    assert all(other == found[0] for other in found)


def test_a_clean_report() -> None:
    report = jsonl_lint.check(good_data())
    assert report.ok
    assert report.complete
    assert report.findings == []
    assert json.loads(report.to_json())["ok"] is True


def test_an_input_that_cannot_be_read_is_not_clean(tmp_path: Path) -> None:
    report = jsonl_lint.check(tmp_path / "gone.jsonl")
    assert not report.ok
    assert not report.complete
    assert "no such file" in report.input_errors[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"target": "azure"}, "azure-openai"),
        ({"select": ["MSG99"]}, "MSG"),
        ({"selct": ["MSG"]}, "selct"),
        ({"method": "sfd"}, "method"),
        ({"facts": {"bom": "maybe"}}, "bom"),
    ],
)
def test_a_wrong_option_is_a_usage_error(options: dict[str, typing.Any], says: str) -> None:
    with pytest.raises(jsonl_lint.UsageError, match=says):
        jsonl_lint.check(b"", **options)


def test_facts_can_be_overridden() -> None:
    data = good_data()[3:]
    assert jsonl_lint.check(data).counts.by_code == {"ENC001": 1}
    assert jsonl_lint.check(data, facts={"bom": "optional"}).ok


def test_records_are_checked_lazily() -> None:
    def records() -> Iterator[dict[str, object]]:
        for number in itertools.count():
            yield {"messages": [{"role": "user", "content": "Hi"}], "number": number}

    linter = jsonl_lint.Linter(select=["ROW004", "ROW005"], method="sft")
    findings = linter.check_records(records())
    assert [(one.line, one.code) for one in itertools.islice(findings, 4)] == [
        (1, "ROW004"), (1, "ROW005"), (2, "ROW004"), (2, "ROW005")
    ]  # fmt: skip


def test_records_report_on_the_data_set_and_have_no_place_in_a_file() -> None:
    linter = jsonl_lint.Linter()
    record = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]}
    (finding,) = linter.check_records([record])
    assert (finding.code, finding.line, finding.column, finding.offset) == ("MSG006", 1, None, None)
    assert finding.pointer == "/messages/1/content"
    report = linter.report()
    assert set(report.counts.by_code) == {"MSG006", "ROW007", "DST001"}
    with pytest.raises(jsonl_lint.UsageError, match="made its report"):
        list(linter.check_records([record]))


def test_records_keep_their_oddities() -> None:
    linter = jsonl_lint.Linter()
    message = {"role": "assistant", "content": "a\ud800"}
    record = {"messages": [{"role": "user", "content": "Hi"}, message], "tools": float("nan")}
    codes = {finding.code for finding in linter.check_records([record])}
    assert {"JSN004", "JSN005"} <= codes


def test_no_records_are_not_clean() -> None:
    assert not jsonl_lint.Linter().report().ok


def test_a_record_that_is_no_json_is_refused() -> None:
    with pytest.raises(jsonl_lint.UsageError, match="set"):
        list(jsonl_lint.Linter().check_records([{"messages": {1, 2}}]))


def test_the_same_findings_are_not_reported_twice_or_lost() -> None:
    linter = jsonl_lint.Linter(select=["MSG003", "MSG006"])
    bad = [{"messages": [{"role": "bot", "content": "x"}]}, {"messages": [{"role": "user", "content": ""}]}] * 300
    found = list(linter.check_records(bad))
    assert [one.line for one in found] == list(range(1, 601))
    assert linter.report().counts.by_code == {"MSG003": 300, "MSG006": 300}


def test_several_threads_each_with_its_own_linter() -> None:
    results: list[int] = []

    def work() -> None:
        linter = jsonl_lint.Linter(select=["MSG003"])
        records = ({"messages": [{"role": "bot", "content": "x"}]} for _ in range(200))
        results.append(sum(1 for _ in linter.check_records(records)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 4


def test_every_public_name_is_there() -> None:
    for name in jsonl_lint.__all__:
        assert getattr(jsonl_lint, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = jsonl_lint.nonsense


def test_the_readme_s_library_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})
    printed = capsys.readouterr().out
    assert printed.startswith("True")
    assert "ROW005" in printed
