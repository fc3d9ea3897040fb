"""The JSON Schemas: valid themselves, in the wheel as in the repository, and true to the gate."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonl_lint.config import Settings
from jsonl_lint.errors import UsageError
from jsonl_lint.gate import Gate
from jsonl_lint.plan import make_plan
from jsonl_lint.run import check_inputs
from jsonl_lint.schema import make_schema, schema_names, schema_text
from samples import LINE, ROOT, good_line

NAMES = schema_names()


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_valid_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(make_schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_those_that_the_code_makes(name: str) -> None:
    shipped = resources.files("jsonl_lint").joinpath("schemas", f"{name}.schema.json")
    assert shipped.read_text(encoding="utf-8") == schema_text(name)
    assert (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean report"):
        make_schema("raport")


def test_a_report_fits_its_schema() -> None:
    data = good_line(1) + LINE.replace(b'"Hi"', b"'Hi'") + b"\n" + LINE.replace(b"assistant", b"Assistant")
    report = check_inputs([data], Settings())
    assert {"JSN001", "FIL005", "MSG003", "ENC001"} <= set(report.counts.by_code)
    jsonschema.validate(json.loads(report.to_json()), make_schema("report"), jsonschema.Draft202012Validator)


TEXT = st.text(max_size=8)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool", "function", "bot"]), "content": TEXT | st.none()},
    optional={
        "name": TEXT,
        "weight": st.sampled_from([0, 1, 2, 0.5, True]),
        "tool_call_id": TEXT,
        "refusal": TEXT,
        "extra": TEXT,
        "tool_calls": st.just([{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]),
    },
)
PARTS = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(["text", "image_url", "audio"]), "text": TEXT}), max_size=2
)
ROWS = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGE | MESSAGE.flatmap(lambda m: PARTS.map(lambda p: {**m, "content": p})), max_size=4)},
    optional={"tools": st.just([{"type": "function", "function": {"name": "f"}}]), "extra": TEXT},
)
GATE = Gate(make_plan(Settings(), "sft"))
VALIDATOR = jsonschema.Draft202012Validator(make_schema("azure-openai-sft"))


@settings(max_examples=300)
@given(ROWS)
def test_what_the_gate_admits_the_schema_takes(row: dict[str, object]) -> None:
    if GATE.admit(json.dumps(row).encode()) is not None:
        VALIDATOR.validate(row)


def test_the_schema_refuses_what_it_should() -> None:
    row = json.loads(good_line(1))
    assert VALIDATOR.is_valid(row)
    for change in ({"role": "bot"}, {"weight": 2}, {"content": ""}, {"extra": 1}):
        broken = {"messages": [*row["messages"][:-1], {**row["messages"][-1], **change}]}
        assert not VALIDATOR.is_valid(broken), change
