"""The gate and the rules: what it admits is clean, what is clean it seldom doubts, what its types refuse is named."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from jsonl_lint.config import Settings
from jsonl_lint.formats import line_type
from jsonl_lint.gate import Gate
from jsonl_lint.judge import Judge
from jsonl_lint.plan import Plan, make_plan
from jsonl_lint.proof import delimiters, strings
from jsonl_lint.rules.img import samples
from jsonl_lint.rules.img.samples import uri
from jsonl_lint.targets import METHODS, Method

TEXTS = ("Hi", "0", 'a "b" \\ c', "back\\\\slash\\", "caf\u00e9", "\U0001f600", "\u200bx", "line\nfeed", "{}", "null")
IMAGES = (
    "https://example.com/a.png",
    "http://example.com/b.jpg",
    uri(samples.PNG_RGB),
    uri(samples.WEBP_RGBA, "image/webp"),
    uri(samples.JPEG_RGB, "image/jpeg"),
)
ROLES = ("system", "developer", "user", "assistant", "tool", "function", "User", "human", "gpt", "narrator", "")
KEYS = ("messages", "role", "content", "name", "weight", "refusal", "tools", "type", "text", "url", "detail", "id", "")
ODD_TEXTS = ("", " ", "\u200b", "\n", "a b", "x\n", "1", "\x00", "\u00a0", "a" * 65, "image_url", "[]")
ODD_NUMBERS = (0, 1, -1, 2, 0.0, 1.0, 0.5, 1e308, 2**53, 2**53 - 1, -(2**64), 10**30)
ODD_VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"type": "text"}, {"role": "user"})

# Tokens of the line as text, and what a careless writer puts in their place.
REWRITES = (
    (b"1", b"1.0"),
    (b"0", b"-0"),
    (b"1", b"1e0"),
    (b"0", b"NaN"),
    (b"1", b"1e999"),
    (b": ", b":"),
    (b"{", b"{ \t"),
    (b'"role"', b'"\\u0072ole"'),
    (b'{"role"', b'{"role": "user", "role"'),
    (b'{"role"', b'{"\\u0072ole": "user", "role"'),
    (b'{"messages"', b'{"messages": [], "messages"'),
    (b'{"type"', b'{"type": "text", "type"'),
    (b'"parameters"', b'"name": "x", "parameters"'),
    (b"image/png", b"image/jpeg"),
    (b"image/jpeg", b"image/jpg"),
    (b"image/webp", b"IMAGE/webp"),
    (b"data:image", b"data:text"),
    (b"AAA", b"AA"),
    (b"AAAA", b""),
    (b"AAAA", b"AA=="),
    (b"/", b"\\/"),
    (b"AAC", b"AAD"),
    (b"of", b"o\\u0066"),
    (b'\\"France\\"', b"7"),
    (b'{\\"of', b'{\\"if'),
    (b'\\"}', b'\\"'),
    (b'"call_0_0"', b'"call_0_1"'),
    (b'"string"', b'["string", "null"]'),
    (b'"string"', b'"integer"'),
    (b'"maxLength"', b'"pattern": "^(a+)+$", "maxLength"'),
    (b'"maxLength"', b'"$ref": "#/$defs/a", "maxLength"'),
    (b'"required"', b'"title": "A", "required"'),
    (b'"properties": {', b'"properties": {"of": {}, '),
    (b"Hi", b"H\\u0069"),
    (b"Hi", b"\\ud800"),
    (b"Hi", b"\xff"),
    (b"Hi", b"\xed\xa0\x80"),
    (b"Hi", b"\x01"),
    (b"}]}", b"}],}"),
    (b"}", b"}}"),
    (b'"Hi"', b'"data:image/png;base64,%s"' % samples.PNG_RGB.encode()),
    (b'"Hi"', b'"<img src=\\"data:image/png;base64,%s\\">"' % samples.PNG_RGB.encode()),
    (b"}", b"} "),
    (b"]", b",]"),
    (b"\\", b""),
    (b'"', b"'"),
)


@cache
def plan(method: Method = "sft") -> Plan:
    """The default target's plan for a method."""
    return make_plan(Settings(method=method), method)


@cache
def gate(method: Method = "sft") -> Gate:
    """The default target's gate for a method."""
    return Gate(plan(method))


@cache
def typed(method: Method) -> Callable[[bytes], Any]:
    """The decoder of the default target's lines, down to their tools."""
    return msgspec.json.Decoder(line_type(plan(method).facts, method)).decode


def structural_codes(line: bytes, method: Method = "sft") -> list[str]:
    """What the rules find on a line of which the gate is to prove the absence."""
    verdict = Judge(plan(method)).line(line)
    assert not verdict.failures
    if verdict.other_method is not None:
        return ["FIL008"]
    return [hit.rule.code for hit in verdict.hits if hit.rule.gated]


def good_line(rng: random.Random, method: Method) -> dict[str, Any]:
    """A good line of a method."""
    if method == "completion":
        return {"prompt": rng.choice(TEXTS), "completion": rng.choice(TEXTS)}
    if method == "sft":
        return good_row(rng)
    row = good_row(rng)
    messages = row["messages"]
    split = max(at for at, item in enumerate(messages) if item["role"] == "user") + 1
    if method == "rft":
        return {**row, "messages": messages[:split], "answer": rng.choice((*TEXTS, 7, None, {"a": []}))}
    source = {**row, "messages": messages[:split]}
    other = [*messages[split:-1], {"role": "assistant", "content": "None of it."}]
    return {"input": source, "preferred_output": messages[split:], "non_preferred_output": other}


def good_row(rng: random.Random) -> dict[str, Any]:
    """A good line: turns with names, weights, parts, images, and calls of tools with their results."""
    messages: list[dict[str, Any]] = []
    if rng.random() < 0.5:
        messages.append(message(rng, "system"))
    has_tools = rng.random() < 0.4
    for turn in range(rng.randint(1, 3)):
        messages.append(message(rng, "user"))
        if has_tools:
            messages.extend(calls_and_results(rng, turn))
        messages.append(message(rng, "assistant"))
    if rng.random() < 0.5:
        messages[-1]["weight"] = 1
    row: dict[str, Any] = {"messages": messages}
    if has_tools:
        row["tools"] = [tool(name) for name in ("capital", "weather")]
        if rng.random() < 0.3:
            row["parallel_tool_calls"] = rng.random() < 0.5
    return row


def message(rng: random.Random, role: str) -> dict[str, Any]:
    """A good message of a role."""
    made: dict[str, Any] = {"role": role, "content": rng.choice(TEXTS)}
    # Arrays of parts are rare outside of the user's messages, where alone they can be images.
    if rng.random() < (0.3 if role == "user" else 0.01):
        made["content"] = [{"type": "text", "text": rng.choice(TEXTS)} for _ in range(rng.randint(1, 2))]
        if role == "user" and rng.random() < 0.5:
            image: dict[str, Any] = {"url": rng.choice(IMAGES)}
            if rng.random() < 0.5:
                image["detail"] = rng.choice(("low", "high", "auto"))
            made["content"].append({"type": "image_url", "image_url": image})
    if rng.random() < 0.2:
        made["name"] = rng.choice(("Ann", "a-b_c", "7"))
    if role == "assistant" and rng.random() < 0.2:
        made["weight"] = 1
    return made


def calls_and_results(rng: random.Random, turn: int) -> list[dict[str, Any]]:
    """A message that calls tools, and the results of the calls."""
    calls = [
        {"id": f"call_{turn}_{number}", "type": "function", "function": {"name": name, "arguments": '{"of": "France"}'}}
        for number, name in enumerate(("capital", "weather")[: rng.randint(1, 2)])
    ]
    results = [{"role": "tool", "tool_call_id": call["id"], "content": rng.choice(TEXTS)} for call in calls]
    return [{"role": "assistant", "tool_calls": calls}, *results]


def tool(name: str) -> dict[str, Any]:
    """A tool that takes the name of a country."""
    parameters = {"type": "object", "properties": {"of": {"type": "string", "maxLength": 80}}, "required": ["of"]}
    return {"type": "function", "function": {"name": name, "description": "Looks it up.", "parameters": parameters}}


def spots(value: Any, found: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """Every member and element inside a value, as its container and its key or index."""
    found = [] if found is None else found
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        spots(value[key], found)
    return found


def odd_value(rng: random.Random) -> Any:
    """A value that seldom stands in a good line; a new one each time, because it is changed in its turn."""
    return copy.deepcopy(rng.choice((*ODD_TEXTS, *ODD_NUMBERS, *ODD_VALUES)))


def mutate(rng: random.Random, row: dict[str, Any]) -> None:
    """Change a line's value in one way, at any place in it."""
    places = spots(row)
    if not places:
        row["messages"] = odd_value(rng)
        return
    holder, key = rng.choice(places)
    way = rng.randrange(9)
    if way == 0:
        del holder[key]
    elif way == 1:
        holder[key] = odd_value(rng)
    elif way == 2:
        holder[key] = [copy.deepcopy(holder[key]) for _ in range(rng.randint(1, 2))]
    elif way == 3:
        holder[key] = json.dumps(holder[key])
    elif way == 4 and isinstance(holder, dict):
        holder[rng.choice((*KEYS, str(key) + "s", str(key).title(), str(key)[:-1]))] = holder.pop(key)
    elif way == 5 and isinstance(holder, dict):
        holder[rng.choice(KEYS)] = odd_value(rng)
    elif way == 6 and isinstance(holder, list):
        holder.insert(rng.randint(0, len(holder)), copy.deepcopy(holder[key]))
    elif way == 7 and isinstance(holder, list):
        other = rng.randrange(len(holder))
        holder[key], holder[other] = holder[other], holder[key]
    else:
        messages = row.get("messages")
        chosen = rng.choice(messages) if isinstance(messages, list) and messages else None
        if isinstance(chosen, dict):
            chosen[rng.choice(("role", "weight", "name"))] = rng.choice((*ROLES, *ODD_NUMBERS))


def deepen(rng: random.Random, row: dict[str, Any]) -> None:
    """Nest something deep in a line."""
    if not spots(row):
        return
    holder, key = rng.choice(spots(row))
    for _ in range(rng.choice((3, 140, 160, 197, 210))):
        holder[key] = {"a": holder[key]} if rng.random() < 0.5 else [holder[key]]


def rewrite(rng: random.Random, line: bytes) -> bytes:
    """Change a line's bytes: a token at one of its places, or any byte."""
    if rng.random() < 0.5:
        old, new = rng.choice(REWRITES)
        places = [at for at in range(len(line)) if line.startswith(old, at)]
        if places:
            at = rng.choice(places)
            return line[:at] + new + line[at + len(old) :]
    at = rng.randrange(len(line) + 1)
    return line[:at] + rng.choice((b"", bytes([rng.randrange(256)]), b'"', b"\\")) + line[at + rng.randrange(3) :]


def changed_line(rng: random.Random, method: Method = "sft") -> bytes:
    """A good line with one to three changes."""
    row = good_line(rng, method)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        mutate(rng, row)
    if rng.random() < 0.05:
        deepen(rng, row)
    line = json.dumps(row, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        line = rewrite(rng, line)
    return line.replace(b"\n", b" ")


# Seeds, because a generator that Hypothesis steers draws thousands of times for one line.
CHANGED_LINES = st.integers(0, 2**32).map(lambda seed: changed_line(random.Random(seed)))


CHANGED_LINES_OF_METHODS = st.tuples(st.sampled_from(METHODS), st.integers(0, 2**32)).map(
    lambda drawn: (drawn[0], changed_line(random.Random(drawn[1]), drawn[0]))
)


def chat(*messages: dict[str, Any], **beside: Any) -> bytes:
    """A line with these messages."""
    return json.dumps({"messages": messages, **beside}).encode()


QUESTION = {"role": "user", "content": "Hi"}
ANSWER = {"role": "assistant", "content": "Hello"}


@settings(max_examples=1000)
@given(CHANGED_LINES)
@example(chat(QUESTION, {"role": "assistant", "content": [{"type": "refusal", "refusal": ""}]}))
@example(chat(QUESTION, {**ANSWER, "weight": 0}))
@example(chat(QUESTION, ANSWER)[:-1] + b', "messages": []}')
@example(chat({**QUESTION, "name": "Ann\n"}, ANSWER))
@example(chat({"role": "system", "content": [{"text": "Hi"}]}, QUESTION, ANSWER, Role=1).replace(b"Role", b"messages"))
@example(
    chat({"role": "system", "content": [{"text": "Hi"}]}, QUESTION, ANSWER).replace(
        b'"user"', b'"user", "role": "user"'
    )
)
def test_gate_admits_nothing_that_a_rule_names(line: bytes) -> None:
    """Whatever the exact way finds on a line, the gate refuses the line."""
    if gate().admit(line) is not None:
        assert structural_codes(line) == []


@settings(max_examples=1000)
@given(CHANGED_LINES_OF_METHODS)
def test_gate_admits_nothing_that_a_rule_names_in_any_method(drawn: tuple[Method, bytes]) -> None:
    """The same for lines of each method."""
    method, line = drawn
    if gate(method).admit(line) is not None:
        assert structural_codes(line, method) == []


@settings(max_examples=1000)
@given(CHANGED_LINES_OF_METHODS)
def test_what_the_types_refuse_has_a_finding(drawn: tuple[Method, bytes]) -> None:
    """No line breaks the target's types without a rule that says so."""
    method, line = drawn
    # Empty text beside a refusal is legal; the types leave it to the rules.
    assume(b'"refusal"' not in line)
    try:
        typed(method)(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        assert structural_codes(line, method) != [] or not line.strip()


@pytest.mark.parametrize("method", ["sft", "dpo", "completion"])
def test_gate_seldom_doubts_a_good_line(method: Method) -> None:
    """Good lines go the fast way, all but a few."""
    rng = random.Random(20)
    lines = [json.dumps(good_line(rng, method), ensure_ascii=rng.random() < 0.5).encode() for _ in range(500)]
    assert [structural_codes(line, method) for line in lines] == [[]] * len(lines)
    assert sum(gate(method).admit(line) is None for line in lines) < 0.02 * len(lines)


def test_changed_lines_are_of_both_kinds() -> None:
    """The properties above mean something: a fair share of the changed lines is admitted, and a fair share is not."""
    rng = random.Random(20)
    admitted = sum(gate().admit(changed_line(rng)) is not None for _ in range(500))
    assert 50 < admitted < 450


@pytest.mark.parametrize("purpose", ["preferred_output", "non_preferred_output"])
def test_gate_judges_outputs_as_the_rules_do(purpose: str) -> None:
    """The order of turns in an output is judged for what it is."""
    row: dict[str, Any] = {"input": {"messages": [QUESTION]}, "preferred_output": [ANSWER]}
    row["non_preferred_output"] = [{**ANSWER, "content": "Bye"}]
    assert gate("dpo").admit(json.dumps(row).encode()) is not None
    row[purpose] = [ANSWER, {**ANSWER, "content": "So long"}]
    assert structural_codes(json.dumps(row).encode(), "dpo") == ["TRN004"]
    assert gate("dpo").admit(json.dumps(row).encode()) is None


@pytest.mark.parametrize("number", ["9007199254740992", "-9007199254740992", "1e400"])
def test_numbers_out_of_range_are_doubted(number: str) -> None:
    """A number in a tool's parameters that not every reader takes is left to the rules."""
    line = json.dumps({"messages": [QUESTION, ANSWER], "tools": [tool("capital")]})
    assert gate().admit(line.replace("80", "9007199254740991").encode()) is not None
    assert gate().admit(line.replace("80", number).encode()) is None


def test_missing_role_does_not_hide_a_doubled_key() -> None:
    """Where only the assistant may speak, a message without a role and a key that stands twice do not make up."""
    lone = make_plan(Settings(method="dpo", facts={"output_roles": ["assistant"]}), "dpo")
    row = {"input": {"messages": [QUESTION]}, "preferred_output": [{"content": "Hi"}], "non_preferred_output": [ANSWER]}
    line = json.dumps(row).replace('"user"', '"user", "role": "user"').encode()
    assert "JSN003" in [hit.rule.code for hit in Judge(lone).line(line).hits]
    assert Gate(lone).admit(line) is None


def test_prompts_are_judged_as_prompts() -> None:
    """A prompt for reinforcement need not end with the assistant, and has nothing to train on."""
    closed = make_plan(Settings(method="rft", facts={"extra_row_keys": False}), "rft")
    assert Gate(closed).admit(chat(QUESTION)) is not None
    assert Gate(closed).admit(chat({"role": "assistant", "content": "Hi"}, QUESTION)) is None


@pytest.mark.parametrize("text", ['""', '"a"', r'"\""', r'"\\"', r'"\\\""', r'"\\\\"', '["", {"": ""}]', r'"\u0022"'])
def test_quotes_are_counted(text: str) -> None:
    """Twice as many delimiters as strings, whatever is escaped."""
    assert delimiters(text.encode()) == 2 * strings(json.loads(text))


def test_where_no_rule_looks_at_calls_their_arguments_are_not_evaluated() -> None:
    """Then a line is clean whose arguments break the schema of a declared tool; to find that out may take long."""
    call = {"id": "a", "type": "function", "function": {"name": "capital", "arguments": '{"of": 5}'}}
    result = {"role": "tool", "tool_call_id": "a", "content": "Paris"}
    line = chat(QUESTION, {"role": "assistant", "tool_calls": [call]}, result, ANSWER, tools=[tool("capital")])
    weighted = line.replace(b'"content": "Paris"}, {', b'"content": "Paris"}, {"weight": 1, ')
    idle = Gate(make_plan(Settings(method="sft", ignore=("ALL",)), "sft"))
    for each in (line, weighted):
        assert gate().admit(each) is None
        assert idle.admit(each) is not None
