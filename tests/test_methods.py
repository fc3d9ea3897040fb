"""Whole files of each method: which one `auto` takes them for, what is clean, what is counted as unchecked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jsonl_lint import check
from jsonl_lint.config import Settings
from jsonl_lint.formats import method_of
from jsonl_lint.gate import Gate
from jsonl_lint.plan import make_plan
from jsonl_lint.rules.img import samples
from jsonl_lint.rules.img.samples import uri
from jsonl_lint.targets import Method

QUESTION = {"role": "user", "content": "What is the weather in Paris?"}
ANSWER = {"role": "assistant", "content": "It rains."}
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}
LINE_RULES = ("ENC", "FIL", "DST", "ROW007")


def call(name: str, arguments: str = '{"city": "Paris"}') -> dict[str, Any]:
    """A call of the tool."""
    return {"id": name, "type": "function", "function": {"name": "weather", "arguments": arguments}}


def result(name: str) -> dict[str, Any]:
    """The result of a call."""
    return {"role": "tool", "tool_call_id": name, "content": "Rain"}


OTHER = {"role": "assistant", "content": "It snows."}
CALLING = {"role": "assistant", "tool_calls": [call("a"), call("b")]}
LAST_CALL = {"role": "assistant", "tool_calls": [call("c")]}
PICTURED = {
    "role": "user",
    "content": [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": uri(samples.PNG_RGB), "detail": "low"}},
        {"type": "image_url", "image_url": {"url": uri(samples.JPEG_RGB, "image/jpeg")}},
    ],
}

ROWS: dict[str, tuple[Method, dict[str, Any]]] = {
    "tools": ("sft", {"messages": [QUESTION, CALLING, result("b"), result("a"), ANSWER], "tools": [TOOL]}),
    "call at the end": (
        "sft",
        {"messages": [QUESTION, LAST_CALL], "tools": [TOOL], "parallel_tool_calls": False},
    ),
    "images": ("sft", {"messages": [PICTURED, ANSWER]}),
    "dpo": (
        "dpo",
        {"input": {"messages": [QUESTION]}, "preferred_output": [ANSWER], "non_preferred_output": [OTHER]},
    ),
    "dpo with tools": (
        "dpo",
        {
            "input": {"messages": [QUESTION, LAST_CALL], "tools": [TOOL]},
            "preferred_output": [result("c"), ANSWER],
            "non_preferred_output": [ANSWER],
        },
    ),
    "rft": ("rft", {"messages": [QUESTION], "answer": "rain", "nested": {"a": [1, None]}}),
    "rft with tools": ("rft", {"messages": [QUESTION], "tools": [TOOL], "answer": "rain"}),
    "completion": ("completion", {"prompt": "Rain or", "completion": " snow"}),
}


@pytest.mark.parametrize("name", ROWS)
def test_good_file_is_clean(name: str) -> None:
    """No error and nothing unchecked, and `auto` sees the method."""
    method, row = ROWS[name]
    report = check(b"".join(json.dumps(row).encode() + b"\n" for _ in range(3)), ignore=LINE_RULES, no_tokens=True)
    assert report.counts.error == 0, report.findings
    assert report.unchecked == []
    assert [entry.method for entry in report.files] == [method]


@pytest.mark.parametrize(
    "name", [name for name, (method, _) in ROWS.items() if method != "rft" and name != "dpo with tools"]
)
def test_good_line_goes_the_fast_way(name: str) -> None:
    """The gate admits it; the tools of the row are those of the line. An input that ends with a call is warned of."""
    method, row = ROWS[name]
    gate = Gate(make_plan(Settings(method=method), method))
    admitted: Any = gate.admit(json.dumps(row).encode())
    assert admitted is not None
    if "tools" in row:
        assert [tool.function.name for tool in admitted.tools] == ["weather"]


def test_repeated_tools_are_judged_once() -> None:
    """Lines with the same bytes of tools share what is known of them."""
    gate = Gate(make_plan(Settings(method="sft"), "sft"))
    _, row = ROWS["tools"]
    first: Any = gate.admit(json.dumps(row).encode())
    second: Any = gate.admit(json.dumps({**row, "messages": [*row["messages"][:1], ANSWER]}).encode())
    assert first.tools is second.tools
    assert len(gate.toolboxes.kept) == 1


def test_short_rows_keep_the_size_of_their_images() -> None:
    """What the gate leaves of an image's URL still tells how large the image is."""
    from jsonl_lint.images import image_size

    gate = Gate(make_plan(Settings(method="sft"), "sft"))
    _, row = ROWS["images"]
    admitted: Any = gate.admit(json.dumps(row).encode())
    urls = [part.image_url.url for part in admitted.messages[0].content[1:]]
    assert [image_size(url) for url in urls] == [(2, 2), (2, 2)]


@pytest.mark.parametrize(
    ("value", "method"),
    [
        ({"messages": []}, "sft"),
        ({"messages": [QUESTION]}, "sft"),
        ({"messages": [QUESTION, ANSWER, QUESTION], "answer": 1}, "rft"),
        ({"messages": [QUESTION, ANSWER, QUESTION]}, "sft"),
        ({"input": {"messages": []}}, "dpo"),
        ({"prompt": "a", "chosen": "b", "rejected": "c"}, "dpo"),
        ({"preferred_completion": []}, "dpo"),
        ({"prompt": "a"}, "completion"),
        ({"text": "a"}, None),
        ([], None),
        ("messages", None),
    ],
)
def test_method_of_a_line(value: Any, method: str | None) -> None:
    """By its keys alone, those of other trainers included."""
    assert method_of(value) == method


def test_message_rules_hold_inside_preferences() -> None:
    """With the right pointers."""
    row = {
        "input": {"messages": [{"role": "human", "content": "Hi"}], "tools": [TOOL]},
        "preferred_output": [{"role": "assistant", "content": ""}],
        "non_preferred_output": [{"role": "assistant", "tool_calls": [call("a", "{}")]}],
    }
    found = {
        (finding.code, finding.pointer)
        for finding in check(json.dumps(row).encode() + b"\n", ignore=LINE_RULES).findings
    }
    assert found == {
        ("MSG003", "/input/messages/0/role"),
        ("MSG006", "/preferred_output/0/content"),
        ("TUL006", "/non_preferred_output/0/tool_calls/0/function/arguments"),
    }


def test_images_are_counted_over_processes_and_blocks() -> None:
    """Examples with images, wherever they stand in the file."""
    plain = json.dumps({"messages": [QUESTION, ANSWER]}).encode() + b"\n"
    pictured = json.dumps(ROWS["images"][1]).encode() + b"\n"
    remote = json.dumps(samples.example("https://example.com/a.png")).encode() + b"\n"
    content = (plain * 400 + pictured + remote * 2) * 5
    report = check(
        content, ignore=LINE_RULES, no_tokens=True, extend_select=["IMG003"], facts={"max_image_examples": 14}
    )
    assert [finding.code for finding in report.findings] == ["IMG003"]
    assert "15 examples" in report.findings[0].message
    assert ("image", 10) in [(item.what, item.count) for item in report.unchecked]


@pytest.mark.parametrize(("model", "codes"), [("gpt-4o", []), ("gpt-4.1-mini", ["IMG013"]), (None, [])])
def test_model_without_vision(model: str | None, codes: list[str]) -> None:
    """Said of a model that was chosen, not of the default one."""
    report = check(json.dumps(ROWS["images"][1]).encode() + b"\n", ignore=LINE_RULES, model=model)
    assert [finding.code for finding in report.findings] == codes


@pytest.mark.parametrize("size", [100, 400_000])
def test_damage_in_one_of_many_images_is_found(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line, and nothing else, whichever way the file goes."""
    monkeypatch.setattr("jsonl_lint.run.FAST_FROM_BYTES", 100_000)
    good = json.dumps(ROWS["images"][1]).encode() + b"\n"
    bad = good.replace(b"AAAA", b"AAAB", 1)
    count = size // len(good) // 2 + 1
    report = check(good * count + bad + good * count, ignore=LINE_RULES)
    assert {finding.line for finding in report.findings} == {count + 1}
    assert report.findings[0].code.startswith("IMG")
