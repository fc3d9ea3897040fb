"""Conversions lose nothing: what comes back is equal, what would be lost is refused, and our own rules take the result."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint.conversion import alpaca, completion, sharegpt
from jsonl_lint.errors import InputError
from samples import BOM, ROW

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FILLED = TEXTS.map(lambda text: text + "x")


def chat(turns, system=None):
    """A conversation of questions and answers."""
    messages = [] if system is None else [{"role": "system", "content": system}]
    for question, answer in turns:
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": messages}


PAIRS = st.lists(st.tuples(FILLED, FILLED), min_size=1, max_size=3)
CHATS = st.builds(chat, PAIRS, st.none() | FILLED)
SINGLE = st.builds(chat, st.lists(st.tuples(FILLED, FILLED), min_size=1, max_size=1))
SHAREGPT = st.fixed_dictionaries({"conversations": st.lists(
    st.fixed_dictionaries({"from": st.sampled_from(["human", "gpt", "system"]), "value": TEXTS}), min_size=1)})  # fmt: skip
COMPLETIONS = st.fixed_dictionaries({"prompt": TEXTS, "completion": TEXTS})
ALPACAS = st.fixed_dictionaries(
    {"instruction": TEXTS, "input": st.just(""), "output": TEXTS},
    optional={"system": FILLED, "history": st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=2)},
)


@given(CHATS)
def test_chat_comes_back_from_sharegpt_and_alpaca(row):
    assert sharegpt.to_chat(sharegpt.from_chat(row)) == row
    assert alpaca.to_chat(alpaca.from_chat(row)) == row


@given(SINGLE)
def test_chat_comes_back_from_completion(row):
    assert completion.to_chat(completion.from_chat(row)) == row


@given(SHAREGPT)
def test_sharegpt_comes_back(row):
    assert sharegpt.from_chat(sharegpt.to_chat(row)) == row


@given(ALPACAS)
def test_alpaca_comes_back(row):
    assert alpaca.from_chat(alpaca.to_chat(row)) == row


@given(COMPLETIONS)
def test_completion_comes_back(row):
    assert completion.from_chat(completion.to_chat(row)) == row


TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
CALL = {
    "messages": [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"where": "Ulm"}'}}
        ]},
        {"role": "tool", "tool_call_id": "call_1", "content": "no"},
        {"role": "assistant", "content": "No."},
    ],
    "tools": TOOLS,
}  # fmt: skip


def test_calls_of_tools_come_back():
    turns = sharegpt.from_chat(CALL)
    assert [turn["from"] for turn in turns["conversations"]] == ["human", "function_call", "observation", "gpt"]
    assert json.loads(turns["tools"]) == [TOOLS[0]["function"]]
    assert sharegpt.to_chat(turns) == CALL


def converted(row, **options):
    """The lines that come of a file with some rows, and what the call says."""
    data = row if isinstance(row, bytes) else b"".join(json.dumps(one).encode() + b"\n" for one in row)
    out = io.BytesIO()
    path = options.pop("folder") / "data.jsonl"
    path.write_bytes(data)
    result = jsonl_lint.convert(path, out, **options)
    return [json.loads(line) for line in out.getvalue().removeprefix(BOM).splitlines()], result


@pytest.mark.parametrize("source", [
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]},
    {"conversations": [{"from": "user", "value": "Hi"}, {"from": "assistant", "value": "Hello"}], "system": ""},
    {"instruction": "Hi", "output": "Hello"},
    {"instruction": "Hi", "input": None, "output": "Hello", "history": []},
    {"prompt": "Hi", "completion": "Hello"},
    ROW,
])  # fmt: skip
def test_all_ways_to_chat(source, tmp_path):
    rows, result = converted([source, source], to="chat", folder=tmp_path)
    assert rows == [ROW, ROW]
    assert result.examples == 2


def test_the_input_of_alpaca_is_joined_to_the_instruction():
    row = alpaca.to_chat({"instruction": "Add.", "input": "1 2", "output": "3"})
    assert row["messages"][0]["content"] == "Add.\n\n1 2"


def test_a_conversion_says_how_many_inputs_it_joined(command, tmp_path):
    rows = [{"instruction": "Add.", "input": text, "output": "3"} for text in ("1 2", "", "2 1")]
    (tmp_path / "data.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = command("convert", "data.jsonl", "--to", "chat", "-o", "out.jsonl")
    said = b"in 2 examples the input was joined to the instruction; the way back will not part them\n"
    assert result.stderr == b"data.jsonl: 3 examples from alpaca to chat\ndata.jsonl: " + said
    assert command("convert", "data.jsonl", "--to", "alpaca", "-o", "out.jsonl").stderr.count(b"\n") == 1


@settings(max_examples=20)
@given(rows=st.lists(CHATS.filter(lambda row: not any(m["content"].isspace() for m in row["messages"])), min_size=1))
def test_what_comes_out_passes_our_own_rules(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("convert")
    turns = [sharegpt.from_chat(row) for row in rows]
    back, _ = converted(turns, to="chat", folder=folder)
    assert back == rows
    report = jsonl_lint.check(
        b"".join(json.dumps(row).encode() + b"\n" for row in back), select=["JSN", "ROW", "MSG", "TRN"]
    )
    assert report.counts.error == 0, report.findings


def test_calls_pass_our_own_rules():
    row = sharegpt.to_chat(sharegpt.from_chat(CALL))
    report = jsonl_lint.check(json.dumps(row).encode() + b"\n", select=["JSN", "ROW", "MSG", "TRN", "T"])
    assert report.counts.error == 0, report.findings


MESSAGES = ROW["messages"]


@pytest.mark.parametrize(("row", "to", "says"), [
    ({"messages": [MESSAGES[0], {**MESSAGES[1], "weight": 0}]}, "sharegpt", "/messages/1/weight: would be lost: 0"),
    ({"messages": [{"role": "system", "content": "x"}, *MESSAGES]}, "completion", "one question and one answer only"),
    ({"messages": [*MESSAGES, MESSAGES[0]]}, "alpaca", "in turn"),
    ({"messages": [{**MESSAGES[0], "content": [{"type": "text", "text": "Hi"}]}]}, "alpaca", "/messages/0/content"),
    ({**ROW, "parallel_tool_calls": True}, "sharegpt", "/parallel_tool_calls: would be lost: true"),
    ({"messages": [{"role": "developer", "content": "x"}]}, "sharegpt", "/messages/0/role: there is no speaker"),
    ({"prompt": "a", "completion": "b", "id": 7}, "chat", "/id: would be lost: 7"),
    ({"conversations": [{"from": "moon", "value": "x"}]}, "chat", "/conversations/0/from: unknown speaker"),
    ({"conversations": [{"from": "observation", "value": "x"}]}, "chat", "a tool that was not called"),
    ({"conversations": [{"from": "function_call", "value": "x"}]}, "chat", "/conversations/0/value: is not JSON"),
    ({"instruction": "a", "output": "b", "history": ["c"]}, "chat", "/history/0"),
    ({"instruction": "a"}, "chat", "/output: is missing"),
    ({"x": 1}, "chat", "its format can't be told"),
    (b'{"prompt": "a", "prompt": "b", "completion": "c"}', "chat", "a key stands twice"),
    (b'{"prompt": "a", "completion": "\\ud800"}', "chat", "half of a surrogate pair"),
    (b'{"prompt": ', "chat", "not JSON"),
    (b"", "chat", "no example"),
])  # fmt: skip
def test_what_would_be_lost_is_said(row, to, says, tmp_path):
    with pytest.raises(jsonl_lint.InputError) as caught:
        converted(row if isinstance(row, bytes) else [row], to=to, folder=tmp_path)
    assert says in str(caught.value)


@pytest.mark.parametrize(("path", "value", "says"), [
    (("messages", 1, "tool_calls", 0, "id"), "abc", "/messages/1/tool_calls/0/id: the id would be lost"),
    (("messages", 2, "tool_call_id"), "abc", "/messages/2/tool_call_id"),
    (("messages", 1, "tool_calls", 0, "function", "arguments"), '{"where":"Ulm"}', "the spelling of its JSON"),
    (("messages", 1, "tool_calls"), [1, 2], "one call in a turn"),
])  # fmt: skip
def test_what_would_be_lost_of_a_call_is_said(path, value, says, tmp_path):
    row = json.loads(json.dumps(CALL))
    holder = row
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(jsonl_lint.InputError) as caught:
        converted([row], to="sharegpt", folder=tmp_path)
    assert says in str(caught.value)


def test_keys_are_dropped_when_that_is_asked_for(tmp_path):
    rows, _ = converted([{"prompt": "Hi", "completion": "Hello", "id": 7}], to="chat", drop=["id"], folder=tmp_path)
    assert rows == [ROW]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"prompt": "é", "completion": "caf'.encode() + b'\xe9"}', "byte E9 at column 35 is not UTF-8"),
        (b'{"prompt": "a", "completion": "\\ud83d"}', "a text holds half of a surrogate pair, which UTF-8 can't hold"),
        (b'{"prompt": "a", "completion": "b", "x": NaN}', "a number is infinite or NaN, which JSON can't hold"),
        (b'{"prompt": "a", "prompt": "b"}', "not JSON (a key stands twice in an object)"),
    ],
)
def test_what_no_line_can_hold_is_said_in_words(line, says, tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_bytes(line)
    with pytest.raises(InputError, match=re.escape(f": example 1: {says}; nothing was converted")):
        jsonl_lint.convert(str(path), io.BytesIO(), to="completion")


def test_an_array_and_a_mark(tmp_path):
    data = BOM + json.dumps([{"instruction": "Hi", "output": "Hello"}] * 3, indent=2).encode()
    rows, result = converted(data, to="chat", folder=tmp_path)
    assert rows == [ROW] * 3
    assert result.source_format == "alpaca"


def test_the_command_writes_all_or_nothing(command, tmp_path):
    good = b'{"prompt": "Hi", "completion": "Hello"}\n'
    (tmp_path / "data.jsonl").write_bytes(good + b'{"prompt": "Hi", "completion": "Hello", "x": 1}\n')
    result = command("convert", "data.jsonl", "--to", "chat", "-o", "out.jsonl")
    assert result.returncode == 2
    assert b"example 2: /x: would be lost: 1; nothing was converted" in result.stderr
    assert not (tmp_path / "out.jsonl").exists()
    assert command("convert", "data.jsonl", "--to", "chat").stdout == b""
    result = command("convert", "data.jsonl", "--to", "chat", "--drop", "x", "-o", "out.jsonl")
    assert result.returncode == 0
    assert result.stderr == b"data.jsonl: 2 examples from completion to chat\n"
    assert (tmp_path / "out.jsonl").read_bytes() == (json.dumps(ROW).encode() + b"\n") * 2
    assert command("convert", "-", "--to", "chat", input=good).stdout == json.dumps(ROW).encode() + b"\n"
    assert b"sharegpt" in command("convert", "data.jsonl", "--to", "sharegtp").stderr
