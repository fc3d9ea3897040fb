"""The formats for machines, each against its own schema or a parser that others use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import lru_cache

import jsonschema
import pytest
from junitparser import JUnitXml

from jsonl_lint import check
from jsonl_lint.reporters import FORMATS, View, load_reporter
from jsonl_lint.schema import make_schema
from samples import ROOT, good_data, good_line

HOSTILE = "</script>%0A::error::x<script>alert(1)</script> ]]> & \x1b[31m \u202e | `x` @someone #1"


def broken(*, hostile: bool = True) -> bytes:
    """Data with findings of each severity, hostile text in one of them, and one rule with several."""
    role = HOSTILE if hostile else "gpt"
    bad = json.loads(good_line(100))
    bad["messages"][2]["role"] = role
    blank = json.loads(good_line(101))
    blank["messages"][1]["content"] = " "
    return good_data() + json.dumps(bad).encode() + b"\n" + json.dumps(blank).encode() + b"\n\n\n\n" + b'{"a": 1,}'


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b,c").mkdir()
    (tmp_path / "a b,c" / "bad:1.jsonl").write_bytes(broken())
    (tmp_path / "good.jsonl").write_bytes(good_data())
    return check("a b,c/bad:1.jsonl", "good.jsonl", "gone.jsonl")


def written(report, name, tmp_path, **view):
    """What a format writes, through a file, so that what can't be encoded is seen."""
    path = tmp_path / "report.out"
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        load_reporter(name).write(report, out, View(**view))
    return path.read_text(encoding="utf-8")


def test_the_report_has_what_the_formats_are_tried_with(report):
    assert {finding.severity.label for finding in report.findings} == {"error", "warning", "info"}
    assert report.counts.by_code["FIL005"] == 3
    assert report.input_errors


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_an_empty_and_a_full_report(report, tmp_path, name):
    assert written(report, name, tmp_path, statistics=True, verbose=True)
    assert written(check(good_data()), name, tmp_path)


PLUGIN = """
from jsonl_lint.rule import Message, Problem, rule

@rule("QUI001", at=Message, severity="error", repair="say less", bad=[], good=[])
def quiet(message, facts):
    yield Problem("too loud")
"""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_findings_of_local_rules(tmp_path, name):
    (tmp_path / "rules.py").write_text(PLUGIN)
    report = check(good_data(), plugins=[str(tmp_path / "rules.py")])
    assert "QUI001" in written(report, name, tmp_path, limit=5)


@lru_cache
def sarif_validator():
    """A validator of the schema that SARIF 2.1.0 was published with."""
    schema = json.loads((ROOT / "tests/vendored/sarif/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def test_sarif_fits_its_schema(report, tmp_path):
    document = json.loads(written(report, "sarif", tmp_path))
    sarif_validator().validate(document)
    document["runs"][0]["results"][0]["level"] = "bad"
    assert not sarif_validator().is_valid(document)
    sarif_validator().validate(json.loads(written(check(good_data()), "sarif", tmp_path)))


def test_sarif_has_rules_with_help_regions_and_levels(report, tmp_path):
    (run,) = json.loads(written(report, "sarif", tmp_path))["runs"]
    rules = run["tool"]["driver"]["rules"]
    (role,) = [result for result in run["results"] if result["ruleId"] == "MSG003"]
    assert rules[role["ruleIndex"]]["id"] == "MSG003"
    assert "## How to repair" in rules[role["ruleIndex"]]["help"]["markdown"]
    place = role["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b%2Cc/bad%3A1.jsonl", "uriBaseId": "%SRCROOT%"}
    line = broken().decode("utf-8-sig").splitlines()[100]
    start, end = place["region"]["startColumn"], place["region"]["endColumn"]
    assert line[start - 1 : end - 1] == json.dumps(HOSTILE) == place["region"]["snippet"]["text"]
    assert place["region"]["startLine"] == 101
    assert role["level"] == "error"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "gone.jsonl" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_says_what_it_does_not_list(report, tmp_path):
    (run,) = json.loads(written(report, "sarif", tmp_path, limit=1))["runs"]
    assert [result["ruleId"] for result in run["results"]].count("FIL005") == 1
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert "... and 2 more findings of FIL005 (--max-findings)" in notes


def test_sarif_fixes_are_bytes_of_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = good_data() + good_line(100).replace(b'"assistant"', b'"Assistant"')
    (tmp_path / "a.jsonl").write_bytes(data)
    (run,) = json.loads(written(check("a.jsonl"), "sarif", tmp_path))["runs"]
    (replacement,) = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    start = replacement["deletedRegion"]["byteOffset"]
    end = start + replacement["deletedRegion"]["byteLength"]
    repaired = data[:start] + replacement["insertedContent"]["text"].encode() + data[end:]
    assert repaired == good_data() + good_line(100)


def test_fingerprints_survive_moved_lines_and_not_changed_ones():
    def fingerprints(data: bytes) -> list[str]:
        return [finding.fingerprint for finding in check(data, select=["MSG003"]).findings]

    bad, other = good_line(100).replace(b"assistant", b"gpt"), good_line(101).replace(b"assistant", b"gpt")
    (first,) = fingerprints(good_data() + bad)
    assert len(first) == 16
    assert fingerprints(bad + good_data()[3:]) == [first]
    assert fingerprints((good_data() + bad).replace(b"\n", b"\r\n")) == [first]
    assert fingerprints(good_data() + other) != [first]
    two = fingerprints(good_data() + bad.replace(b'"user"', b'"human"'))
    assert first not in two
    assert len(set(two)) == 2


def test_gitlab_has_the_documented_fields(report, tmp_path):
    issues = json.loads(written(report, "gitlab", tmp_path))
    assert len(issues) == len(report.findings)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert json.loads(written(check(good_data()), "gitlab", tmp_path)) == []


def test_junit_is_read_by_a_parser_and_agrees_with_the_exit_code(report, tmp_path):
    written(report, "junit", tmp_path)
    suites = list(JUnitXml.fromfile(str(tmp_path / "report.out")))
    assert [suite.name for suite in suites] == ["a b,c/bad:1.jsonl", "good.jsonl", "jsonl-lint"]
    assert suites[0].failures == report.counts.error
    assert suites[0].tests == len(report.findings)
    assert (suites[1].tests, suites[1].failures) == (1, 0)
    assert suites[2].errors == 1
    failed = [case.name for case in suites[0] if case.result]
    assert len(failed) == report.counts.error
    assert any("</script>" in case.result[0].message for case in suites[0] if case.result)


def test_github_annotations_hold_nothing_but_what_they_say(report, tmp_path):
    lines = written(report, "github", tmp_path).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(report.findings)
    (role,) = [line for line in commands if "MSG003" in line]
    assert role.startswith("::error file=a b%2Cc/bad%3A1.jsonl,line=101,col=133,title=MSG003 role-unknown::")
    assert "%250A::error::x" in role
    assert "\x1b" not in role
    assert any(line.startswith("::warning ") for line in commands)
    assert any(line.startswith("::notice ") for line in commands)


def test_gitlab_says_what_it_does_not_list(report, tmp_path):
    *issues, rest = json.loads(written(report, "gitlab", tmp_path, limit=1))
    assert len(issues) == len(report.findings) - 2
    assert rest["description"] == "... and 2 more findings of FIL005 (--max-findings)"
    assert rest["severity"] == "major"
    (alone,) = json.loads(written(report, "gitlab", tmp_path, limit=0))
    assert "more findings of FIL005" in alone["description"]
    assert set(alone) == set(rest) == set(issues[0])


def test_gitlab_tells_equal_findings_apart_beyond_those_it_remembers(tmp_path, monkeypatch):
    monkeypatch.setattr("jsonl_lint.reporters.gitlab_format.REMEMBERED", 1)
    line = good_line(100).replace(b"assistant", b"gpt")
    report = check(good_data() + (line + good_line(101).replace(b"assistant", b"gpt")) * 3, select=["MSG003"])
    issues = json.loads(written(report, "gitlab", tmp_path))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 6


@pytest.mark.parametrize("limit", [0, 1])
def test_junit_says_what_it_does_not_list(report, tmp_path, limit):
    written(report, "junit", tmp_path, limit=limit)
    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(tmp_path / "report.out"))}
    (case,) = suites["jsonl-lint: not listed"]
    assert "more findings of FIL005 (--max-findings)" in case.result[0].text
    assert suites["jsonl-lint: not listed"].failures == 1


def test_junit_passes_where_what_it_does_not_list_does(tmp_path):
    report = check(good_data() + b"\n" * 3, severity={"FIL005": "warning"})
    assert report.ok
    written(report, "junit", tmp_path, limit=1)
    suites = list(JUnitXml.fromfile(str(tmp_path / "report.out")))
    assert [(suite.tests, suite.failures) for suite in suites] == [(1, 0), (1, 0)]
    assert "and 2 more findings of FIL005" in suites[1]._elem.findtext("testcase/system-out")


def test_github_shows_each_rule_before_the_rest(report, tmp_path):
    lines = [line for line in written(report, "github", tmp_path).splitlines() if line.startswith("::")]
    codes = [line.split("title=")[1].split()[0] for line in lines]
    assert set(codes[: len(report.counts.by_code)]) == set(report.counts.by_code)
    assert codes[-2:] == ["FIL005", "FIL005"]


@pytest.mark.parametrize("data", [good_data(), broken(), broken().replace(b"assistant", "a\u2028b".encode())])
def test_json_is_the_report_of_the_library(tmp_path, data):
    report = check(data)
    assert written(report, "json", tmp_path) == report.to_json() + "\n"


def test_jsonl_is_findings_and_last_the_summary(report, tmp_path):
    *findings, summary = map(json.loads, written(report, "jsonl", tmp_path).splitlines())
    validator = jsonschema.Draft202012Validator(make_schema("report-lines"))
    for line in (*findings, summary):
        validator.validate(line)
    whole = json.loads(report.to_json())
    assert [{**line, "type": None} for line in findings] == [{**line, "type": None} for line in whole["findings"]]
    assert summary == {"type": "summary", **{key: value for key, value in whole.items() if key != "findings"}}


def test_jsonl_is_streamed(command, tmp_path):
    """The first finding is out while the file is still being read: the file is a pipe whose writer waits for it."""
    os.mkfifo(tmp_path / "pipe")
    process = subprocess.Popen(
        [sys.executable, "-m", "jsonl_lint", "check", "pipe", "--format", "jsonl"], cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with open(tmp_path / "pipe", "wb") as pipe:
        pipe.write(good_line(1) + (b" " * 9_999 + b"\n") * 60)
        pipe.flush()
        first = json.loads(process.stdout.readline())
        assert (first["code"], first["line"]) == ("FIL005", 2)
        process.stdout.close()
        pipe.write(b"\n")
    assert process.wait(60) == 1


@pytest.mark.parametrize("lines", [80, 120])
def test_what_is_streamed_of_an_empty_file_is_what_is_counted(command, tmp_path, monkeypatch, lines):
    """That a file is empty takes the place of findings on its blank lines, unless these are too many to be held back."""
    monkeypatch.setattr("jsonl_lint.partial.DROPPED", 100)
    (tmp_path / "blank.jsonl").write_bytes((b" " * 9_999 + b"\n") * lines)
    streamed, whole = (command("check", "blank.jsonl", "--format", name).stdout for name in ("jsonl", "json"))
    *findings, summary = map(json.loads, streamed.splitlines())
    assert Counter(finding["code"] for finding in findings) == summary["counts"]["by_code"]
    assert summary["counts"] == json.loads(whole)["counts"]
    assert summary["counts"]["by_code"].get("FIL005", 0) == (0 if lines == 80 else lines)


def test_machine_formats_list_everything(command, tmp_path, monkeypatch):
    """Each lists all findings, though they go over the disk, and in the order of the library's report."""
    monkeypatch.setattr("jsonl_lint.overflow.IN_MEMORY", 1000)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.jsonl").write_bytes(good_data()[3:] + b"\n" * 1_200 + good_line(0) + broken()[3:])
    (tmp_path / "other.jsonl").write_bytes(good_data()[3:])
    formats = ("sarif", "gitlab", "junit", "jsonl")
    further = [word for name in formats for word in ("--report", f"{name}=out.{name}")]
    result = command("check", "bad.jsonl", "other.jsonl", "--format", "json", *further)
    assert result.returncode == 1
    expected = check("bad.jsonl", "other.jsonl")
    assert result.stdout.decode() == expected.to_json() + "\n"
    codes = [finding.code for finding in expected.findings]
    assert codes.count("FIL005") > 1_200
    sarif = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]
    assert [found["ruleId"] for found in sarif["results"]] == codes
    assert sarif["invocations"][0]["toolExecutionNotifications"] == []
    assert [issue["check_name"] for issue in json.loads((tmp_path / "out.gitlab").read_text())] == codes
    suites = list(JUnitXml.fromfile(str(tmp_path / "out.junit")))
    assert [case.name.split()[0] for suite in suites for case in suite] == codes
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == len(codes) + 1


def test_markdown_escapes_and_stays_short_enough_for_a_comment(report, tmp_path):
    text = written(report, "markdown", tmp_path)
    assert "<script>" not in text
    assert "@someone" not in text
    assert "- `a b,c/bad:1.jsonl:101:133` " in text
    many = b"".join(b'{"messages": [], "%d": "%s"}\n' % (number, b"x" * 500) for number in range(3000))
    long = written(check(many), "markdown", tmp_path, limit=None)
    assert len(long) <= 65_536
    assert "no room" in long


def test_machine_formats_keep_no_colour(report, tmp_path):
    for name in ("json", "jsonl", "sarif", "gitlab", "junit", "github", "markdown"):
        assert "\x1b" not in written(report, name, tmp_path), name


def test_several_reports_at_once(command, tmp_path):
    (tmp_path / "bad.jsonl").write_bytes(broken() + b"\n" * 300)
    options = ["--report", "sarif=x.sarif", "--report", "out.jsonl", "--report", "y.html", "--report", "html=z.htm"]
    result = command("check", "bad.jsonl", *options)
    assert result.returncode == 1
    assert result.stdout.count(b": FIL005 [error]") == 100
    assert b"more findings of FIL005" in result.stdout
    assert (tmp_path / "out.jsonl").read_bytes().count(b'"FIL005"') == 303
    assert len(json.loads((tmp_path / "x.sarif").read_text())["runs"][0]["results"]) > 300
    assert (tmp_path / "y.html").read_bytes() == (tmp_path / "z.htm").read_bytes()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--report", "sarf=x"], "unknown format 'sarf' (did you mean sarif?)"),
        (["--report", "x.unknown"], "write FORMAT=FILE"),
        (["--report", "sarif=x", "--report", "json=x"], "two reports go to x"),
        (["--report", "sarif=no/such/folder"], "No such file or directory"),
    ],
)
def test_reports_that_cannot_be_written_are_exit_2(command, good_file, options, says):
    result = command("check", good_file, *options)
    assert result.returncode == 2
    assert says in result.stderr.decode()
