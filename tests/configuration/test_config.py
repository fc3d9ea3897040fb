"""Settings from files, environment and options, as users meet them: found, put together, and refused with their line."""

from __future__ import annotations

import json
import os
import sys

import jsonschema
import msgspec
import pytest

from jsonl_lint.cli import main
from jsonl_lint.config import Display, Settings, for_path
from jsonl_lint.configuration import Layer, load, merge
from jsonl_lint.configuration.layer import field_types, read_text
from jsonl_lint.configuration.lines import key_lines
from jsonl_lint.configuration.written import EXAMPLES, commented, description, effective
from jsonl_lint.errors import UsageError
from jsonl_lint.schema import make_schema
from samples import good_data, good_line

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BAD = good_data() + good_line(100).replace(b'"assistant"', b'"gpt"')


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder with data that has one finding, MSG003, and nothing above it that is a config file."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bad.jsonl").write_bytes(BAD)
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("JSONL_LINT_")]:
        monkeypatch.delenv(variable)
    return tmp_path


def test_the_nearest_file_upwards_from_the_data_holds(command, project):
    (project / "pyproject.toml").write_text('[tool.jsonl-lint]\nignore = ["MSG003"]\n')
    assert command("check", "data/bad.jsonl").returncode == 0
    assert command("check", "data").returncode == 0
    assert command("check", project / "data" / "*.jsonl", cwd="/").returncode == 0
    (project / "data" / "pyproject.toml").write_text("[tool.other]\n")
    assert command("check", "data").returncode == 0
    (project / "data" / "jsonl-lint.toml").write_text("")
    assert command("check", "data").returncode == 1


def test_jsonl_lint_toml_comes_before_pyproject_toml(command, project):
    (project / "pyproject.toml").write_text('[tool.jsonl-lint]\nignore = ["MSG003"]\n')
    (project / "jsonl-lint.toml").write_text('ignore = ["WGT"]\n')
    assert command("check", "data").returncode == 1


def test_option_before_environment_before_file_before_default(command, project):
    (project / "jsonl-lint.toml").write_text('fail-on = "never"\nformat = "json"\n')
    assert command("check", "data").returncode == 0
    environment = {**os.environ, "JSONL_LINT_FAIL_ON": "warning"}
    assert command("check", "data", env=environment).returncode == 1
    assert command("check", "data", "--fail-on", "never", env=environment).returncode == 0
    assert command("check", "data", "--isolated").returncode == 1
    assert command("check", "data", "--isolated", env=environment).stdout.startswith(b"data/bad.jsonl:101")
    assert command("check", "data", "--format", "concise").stdout.startswith(b"data/bad.jsonl:101")


def test_a_named_file(command, project):
    (project / "jsonl-lint.toml").write_text('ignore = ["WGT"]\n')
    (project / "other.toml").write_text('ignore = ["MSG003"]\n')
    assert command("check", "data", "--config", "other.toml").returncode == 0
    assert command("check", "data", env={**os.environ, "JSONL_LINT_CONFIG": "other.toml"}).returncode == 0
    assert b"gone.toml: no such file" in command("check", "data", "--config", "gone.toml").stderr
    assert command("check", "data", "--config", "other.toml", "--isolated").returncode == 2


def test_extend_begins_with_another_file(command, project):
    (project / "base").mkdir()
    (project / "base" / "base.toml").write_text('ignore = ["MSG003"]\nformat = "json"\n[severity]\nROW007 = "error"\n')
    (project / "jsonl-lint.toml").write_text('extend = "base/base.toml"\nformat = "concise"\n[severity]\nDST = "off"\n')
    printed = command("config", "data").stdout.decode()
    assert 'ignore = ["MSG003"]  # base/base.toml:1' in printed
    assert 'format = "concise"  # jsonl-lint.toml:2' in printed
    assert 'ROW007 = "error"  # base/base.toml:4' in printed
    assert 'DST = "off"  # jsonl-lint.toml:4' in printed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('target = "azure-openai"\ntargt = "x"', ":2: unknown setting 'targt' (did you mean target?)"),
        ("\n\nmax-findings = true", ":3: max-findings: expected a whole number, not true"),
        ('max-findings = "5"', ":1: max-findings: expected a whole number, not a string"),
        ("max-findings = -1", ":1: max-findings: Expected `int` >= 0"),
        ('select = "MSG"', ":1: select: expected an array, not a string"),
        ("select = [1]", ":1: select: expected a string"),
        ('fail-on = "eror"', ":1: fail-on: 'eror' is not one of error, warning, info, never (did you mean error?)"),
        ('[severity]\nWGT = "info"\nENC001 = "of"', ":3: severity.ENC001: 'of' is not one of"),
        ('severity = { WGT = "info", ENC001 = 5 }', ":1: severity.ENC001: expected"),
        ('severity = ["ENC001"]', ":1: severity is a table"),
        ('# why\nignore = [\n  "MSG03",\n]', ":2: unknown rule 'MSG03' (did you mean MSG003?)"),
        ('[severity]\nMSG003 = "off"\nMSG03 = "off"', ":3: unknown rule 'MSG03'"),
        ('target = "azure"', ":1: unknown target 'azure' (did you mean azure-openai?)"),
        ('model = "gpt-4o-minni"', ":1: target azure-openai does not know the model"),
        ("[facts]\nboom = 1", ":2: unknown fact 'boom' (did you mean bom?)"),
        ('[facts]\nmax_images_per_example = "ten"', ":2: the fact max_images_per_example: Expected `int | null`"),
        ('[per-file-target]\n"a.jsonl" = "azure"', ":2: unknown target 'azure'"),
        ('[per-file-ignores]\n"a.jsonl" = ["MSG03"]', ":2: unknown rule 'MSG03'"),
        ('[per-file-ignores]\n"a.jsonl" = "MSG"', ":2: per-file-ignores.a.jsonl: expected an array"),
        ('format = "jsn"', ":1: unknown format 'jsn' (did you mean json"),
        ('report = ["sarif"]\n', ":1: --report"),
        ('baseline = "gone.txt"', ":1: the baseline"),
        ('extend = "gone.toml"', ":1: extend: gone.toml: no such file"),
        ("extend = 5", ":1: extend: expected a string"),
        ('extend = "jsonl-lint.toml"', "in a circle"),
        ("target = ", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_exit_2_with_file_and_line(project, capfd, text, says):
    (project / "jsonl-lint.toml").write_text(text)
    assert main(["check", "data"]) == 2
    shown = capfd.readouterr()
    assert shown.err.startswith("jsonl-lint: jsonl-lint.toml")
    assert says in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_bytes_that_are_no_text_are_refused(command, project):
    (project / "jsonl-lint.toml").write_bytes(b"target = '\xff'")
    assert b"jsonl-lint.toml: not UTF-8" in command("check", "data").stderr


def test_lines_in_pyproject_are_those_of_the_file(command, project):
    (project / "pyproject.toml").write_text('[project]\nname = "x"\ntargt = 1\n\n[tool.jsonl-lint]\ntargt = "x"\n')
    assert b"pyproject.toml:6: unknown setting 'targt'" in command("check", "data").stderr


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("JSONL_LINT_MAX_FINDINGS", "many", "JSONL_LINT_MAX_FINDINGS: max-findings: expected a whole number"),
        ("JSONL_LINT_QUIET", "maybe", "JSONL_LINT_QUIET: 'maybe' is not one of 1, true"),
        ("JSONL_LINT_SEVERITY", "MSG003", "write CODE=LEVEL"),
        ("JSONL_LINT_SELECT", "MSG03", "JSONL_LINT_SELECT: unknown rule 'MSG03'"),
    ],
)
def test_wrong_variables_are_exit_2_with_their_name(project, monkeypatch, capfd, variable, value, says):
    monkeypatch.setenv(variable, value)
    assert main(["check", "data"]) == 2
    assert says in capfd.readouterr().err


def test_a_misspelt_variable_is_said(command, project):
    result = command("check", "data", env={**os.environ, "JSONL_LINT_TARGT": "azure-openai"})
    assert b"JSONL_LINT_TARGT is no setting (did you mean JSONL_LINT_TARGET?)" in result.stderr
    assert result.returncode == 1


def test_per_file_ignores_and_targets(command, project):
    (project / "more").mkdir()
    (project / "more" / "bad.jsonl").write_bytes(BAD)
    text = '[per-file-ignores]\n"data/*" = ["MSG003"]\n[per-file-target]\n"bad.jsonl" = "azure-openai"\n'
    (project / "jsonl-lint.toml").write_text(text)
    report = json.loads(command("check", "data", "more", "--format", "json").stdout)
    found = [(finding["path"], finding["code"]) for finding in report["findings"]]
    assert found == [("data/bad.jsonl", "JLT001"), ("more/bad.jsonl", "MSG003")]
    assert [file["target"] for file in report["files"]] == ["azure-openai"] * 2
    report = json.loads(command("check", project / "data", "--format", "json", cwd="/").stdout)
    assert report["counts"]["by_code"] == {"JLT001": 1}


def test_facts_of_the_user_decide(command, project):
    (project / "data" / "bad.jsonl").write_bytes(good_data().removeprefix(b"\xef\xbb\xbf"))
    assert command("check", "data").returncode == 1
    (project / "jsonl-lint.toml").write_text('[facts]\nbom = "optional"\n')
    assert command("check", "data").returncode == 0


def test_a_select_begins_the_selection_anew():
    file = Layer({"ignore": ("MSG003",), "extend_select": ("TRN006",)}, {("ignore",): "f:1", ("extend_select",): "f:2"})
    near = Layer({"ignore": ("WGT",)}, {("ignore",): "option --ignore"})
    assert merge([file, near]).values["ignore"] == ("MSG003", "WGT")
    select = Layer({"select": ("MSG003",)}, {("select",): "option --select"})
    assert merge([file, select]).values == {"select": ("MSG003",)}


def test_every_option_of_check_but_these_is_a_setting():
    from jsonl_lint.cli.check_command import command

    options = {parameter.name for parameter in command.params if parameter.name != "paths"}
    assert options - set(field_types()) == {"config", "isolated", "write_baseline"}


def test_every_setting_is_described_and_has_a_value_to_show():
    defaults = msgspec.structs.asdict(Settings()) | msgspec.structs.asdict(Display())
    for name, wanted in field_types().items():
        assert description(wanted).endswith(".")
        assert defaults[name] not in (None, (), {}) or name in EXAMPLES


def test_the_commented_file_is_valid_as_it_stands_and_uncommented(project):
    text = "\n".join(commented())
    schema = make_schema("config")
    assert tomllib.loads(text) == {"target": "azure-openai"}
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    settings = [line for line in lines if line.startswith("[") or " = " in line]
    document = tomllib.loads("\n".join(settings))
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    assert {name.replace("-", "_") for name in document} == set(field_types())
    (project / "jsonl-lint.toml").write_text("\n".join(settings))
    assert load(["data"], {}).values.keys() == set(field_types())


def test_the_schema_refuses_what_the_command_refuses():
    validator = jsonschema.Draft202012Validator(make_schema("config"))
    assert validator.is_valid({"severity": {"ENC001": "off"}, "per-file-ignores": {"*.jsonl": ["MSG"]}})
    for wrong in ({"targt": "x"}, {"max-findings": "5"}, {"severity": {"ENC001": "of"}}, {"select": "MSG"}):
        assert not validator.is_valid(wrong), wrong


def test_what_config_prints_is_a_config_file_of_the_same_meaning(project):
    options = {"severity": ("ENC001=off",), "select": ("MSG,TRN",), "report": ("html=a b.html",), "statistics": True}
    first = load(["data"], options)
    text = "\n".join(effective(first))
    (project / "jsonl-lint.toml").write_text(text)
    second = load(["data"], {})
    assert second.settings() == first.settings()
    assert second.display().statistics


def test_init_writes_once_and_asks_nothing(command, project):
    result = command("init")
    assert result.returncode == 0
    assert command("check", "data").returncode == 1
    before = (project / "jsonl-lint.toml").read_text()
    again = command("init")
    assert again.returncode == 2
    assert b"is there already" in again.stderr
    assert (project / "jsonl-lint.toml").read_text() == before


def test_config_says_where_values_come_from(command, project):
    (project / "jsonl-lint.toml").write_text('ignore = ["WGT"]\n')
    environment = {**os.environ, "JSONL_LINT_STATISTICS": "1"}
    printed = command("config", "data", "--ignore", "MSG003", env=environment).stdout.decode()
    assert 'ignore = ["WGT", "MSG003"]  # jsonl-lint.toml:1, option --ignore' in printed
    assert "statistics = true  # JSONL_LINT_STATISTICS" in printed
    assert 'method = "auto"  # default' in printed
    assert command("config", "data", "--ignore", "MSG03").returncode == 2


def test_lines_of_keys():
    text = '# c\n[a]\nb = """\nc = 1\n"""\n[a.d]\n"e.f" = [\n  {g = 1},\n]\nh.i = 2\n'
    lines = key_lines(text)
    assert lines["a",] == 2
    assert lines["a", "b"] == 3
    assert ("a", "c") not in lines
    assert lines["a", "d"] == 6
    assert lines["a", "d", "e.f"] == lines["a", "d", "e.f", "g"] == 7
    assert lines["a", "d", "h", "i"] == 10


def test_texts_become_values():
    assert read_text("select", ["MSG, TRN", "WGT"], "x") == ("MSG", "TRN", "WGT")
    assert read_text("severity", ["MSG=off,TRN = info"], "x") == {"MSG": "off", "TRN": "info"}
    assert read_text("facts", ["bom=optional,max_examples=5"], "x") == {"bom": "optional", "max_examples": 5}
    assert read_text("per_file_ignores", ["a.jsonl=MSG+TRN"], "x") == {"a.jsonl": ("MSG", "TRN")}
    assert read_text("report", ["html=a,b.html"], "x") == ("html=a,b.html",)
    assert read_text("max_findings", ["7"], "x") == 7
    with pytest.raises(UsageError, match="expected one value"):
        read_text("target", [""], "x")


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.jsonl", "a/b.jsonl", True),
        ("b.*", "a/b.jsonl", True),
        ("a.jsonl", "a/b.jsonl", False),
        ("a/*", "a/b.jsonl", True),
        ("a/*.jsonl", "a/deep/b.jsonl", True),
        ("./a/*.jsonl", "a/b.jsonl", True),
        ("b/*", "a/b.jsonl", False),
        ("s3://bucket/*", "s3://bucket/a.jsonl", True),
    ],
)
def test_patterns(pattern, path, fits):
    settings = for_path(Settings(per_file_ignores={pattern: ("MSG",)}), path)
    assert settings.ignore == (("MSG",) if fits else ())
