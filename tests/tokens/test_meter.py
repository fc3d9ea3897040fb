"""Without counting everything, what is too long is found all the same: bytes bound tokens."""

from __future__ import annotations

import base64
import io
import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

import jsonl_lint
from jsonl_lint.config import Settings
from jsonl_lint.counting import Counting, counters_for
from jsonl_lint.meter import most_tokens
from jsonl_lint.plan import make_plan
from jsonl_lint.targets.model import ImageTokens
from jsonl_lint.tokens.example import count_example
from jsonl_lint.tokens.text import TextCounter
from jsonl_lint.values import decode
from samples import good_data, good_line

COUNTERS = [TextCounter("o200k_base"), TextCounter("cl100k_base"), TextCounter("r50k_base")]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "a", "é", "\ufffd", "\x85", "😀 "]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "tools",
                    "functions",
                    "role",
                    "content",
                    "name",
                    "tool_calls",
                    "function_call",
                    "function",
                    "parameters",
                    "properties",
                    "items",
                    "enum",
                    "description",
                    "arguments",
                    "weight",
                    "text",
                    "refusal",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=24,
)


def sharers(**options):
    return [counter.sharers for counter in counters_for(make_plan(Settings(method="sft", **options), "sft")).values()]


def test_counters_of_several_encodings_share_their_memory():
    assert sharers() == [1]
    assert sharers(all_models=True) == [2, 2]


ROWS = st.fixed_dictionaries({}, optional={"messages": VALUES, "tools": VALUES, "functions": VALUES, "input": VALUES})


def enough(line: bytes, method: str = "sft") -> bool:
    """Whether the bound for a line holds in every encoding."""
    bound = most_tokens(line, method)
    value = decode(line)
    return bound is None or all(count_example(value, method, counter).total <= bound for counter in COUNTERS)


@settings(max_examples=200)
@given(ROWS, st.sampled_from(["sft", "dpo", "rft"]), st.booleans())
@example({"tools": [{}] * 9}, "sft", False)
@example({"messages": [{}] * 9}, "sft", False)
@example({"messages": [{"tool_calls": [{}] * 9}]}, "sft", False)
@example({"tools": [{"parameters": {"properties": {"": {"enum": [1] * 50}}}}]}, "sft", False)
@example({"tools": [{"parameters": {"properties": dict.fromkeys("abcdefgh", 1)}}]}, "sft", False)
def test_bytes_bound_tokens(row, method, ascii_only):
    assert enough(json.dumps(row, ensure_ascii=ascii_only, separators=(",", ":")).encode(), method)


@pytest.mark.parametrize(
    "line",
    [
        b'{"\\u0074ools":[' + b",".join([b"{}"] * 30) + b"]}",
        b'{"messages":[{"role":"user","content":"' + b"\xff\xfe\x80" * 40 + b'"}]}',
        b'{"messages":[{"content":"\\ud800\\udc00\\ud800"}]}',
        b'{"messages":[{"content":"' + b"\\u0001\\u0002\x7f" * 30 + b'"}]}',
    ],
)
def test_bound_of_odd_lines(line):
    assert enough(line)


@pytest.mark.parametrize(
    "image",
    [
        b'"image\\u005furl": ""',
        b'"\\u0069mage_url": ""',
        b'"image\\u005Furl": ""',
        b'"image_url": "data:image/png;base64,"',
        b'"image_url": "data:image/png\\u003bbase64,"',
    ],
)
def test_lines_with_data_of_images_have_no_bound(image):
    assert most_tokens(b'{"messages":[{"content":[{' + image + b"}]}]}", "sft") is None


@pytest.mark.parametrize(
    ("images", "count"),
    [
        ([{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}] * 2, 2),
        ([{"image_url": "image_url"}, {"type": "image_url"}, 1], 1),
        ([{"image_url": {"detail": "low"}}, {"type": "text", "text": "image_url"}], 1),
        ({"image_url": {"url": "https://example.com/a.png", "detail": "high"}}, 1),
    ],
)
@pytest.mark.parametrize("is_bad", [False, True])
def test_images_elsewhere_are_said_to_be_uncounted(images, count, is_bad):
    answer = {"role": "assistant", "content": "Yes", "weight": 2 if is_bad else 1}
    rows = [{"messages": [{"role": "user", "content": images}, {**answer, "name": f"n{index}"}]} for index in range(50)]
    data = b"\xef\xbb\xbf" + b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    for no_tokens in (True, False):
        report = jsonl_lint.check(data, no_tokens=no_tokens)
        assert ("image tokens", 50 * count) in [(each.what, each.count) for each in report.unchecked]


def test_images_of_unknown_size_beside_others_are_said_to_be_uncounted():
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in (image_url(9, 9), "https://example.com/a.png")]
    row = {"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "Yes"}]}
    for weight in (1, 2):
        row["messages"][-1]["weight"] = weight
        data = (json.dumps(row).encode() + b"\n") * 20
        for no_tokens in (True, False):
            report = jsonl_lint.check(data, no_tokens=no_tokens)
            assert ("image tokens", 20) in [(each.what, each.count) for each in report.unchecked]


@pytest.mark.parametrize("odd", [{"type": "txt"}, {"name": "x y"}, {"weight": 2}])
def test_bad_lines_with_images_that_are_too_long_are_found_without_counting_everything(odd):
    user = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": image_url(2000, 2000)}}]}
    answer = {"role": "assistant", "content": "Yes"}
    if "type" in odd:
        user["content"][0] |= odd
    else:
        answer |= odd
    text = {"role": "tool", "tool_call_id": "a", "content": image_url(300, 300)}
    for messages in ([user, answer], [user, answer, text], [{"role": "user", "content": user["content"][0]}, answer]):
        data = json.dumps({"messages": messages}).encode() + b"\n"
        total = jsonl_lint.check(data).tokens.total
        for limit, count in ((total, None), (total - 1, 1)):
            report = jsonl_lint.check(data, no_tokens=True, facts={"max_example_tokens": limit})
            assert report.counts.by_code.get("TOK001") == count


def test_plain_lines_are_bound_by_their_length():
    line = '{"messages":[{"role":"user","content":"perché \\u00e8 tools functions"}]}'.encode()
    assert most_tokens(line, "sft") == len(line) + 3


@pytest.mark.parametrize("limit", [20, 40, 60, 100, 200, 400])
def test_the_same_findings_without_counting_everything(monkeypatch, limit):
    monkeypatch.setattr("jsonl_lint.counting.image_size", lambda url: (2000, 2000) if url.startswith("data:") else None)
    chance = random.Random(limit)
    data = good_data(40) + b"".join(line(chance) for _ in range(60))
    options = {"select": ["TOK001", "TOK002"], "facts": {"max_example_tokens": limit}, "method": "sft"}
    counted, bounded = jsonl_lint.check(data, **options), jsonl_lint.check(data, no_tokens=True, **options)
    assert bounded.findings == counted.findings
    assert (bounded.tokens, bounded.cost) == (None, None)
    assert {finding.code for finding in counted.findings} == {"TOK001", "TOK002"}


def line(chance: random.Random) -> bytes:
    """A line of any length, with or without tools and images."""
    parts = [{"type": "text", "text": "perché no? " * chance.randint(1, 30)}]
    if chance.random() < 0.2:
        url = chance.choice(["data:image/png;base64,A", "https://a.b/c.png"])
        parts.append({"type": "image_url", "image_url": {"url": url}})
    answer = {"role": "assistant", "content": "Sì. " * chance.randint(1, 30)}
    row = {"messages": [{"role": "user", "content": parts}, answer]}
    if chance.random() < 0.3:
        schema = {
            "type": "object",
            "properties": {"a": {"type": "integer", "enum": list(range(chance.randint(1, 40)))}},
        }
        row["tools"] = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    return json.dumps(row, ensure_ascii=chance.random() < 0.5).encode() + b"\n"


def test_only_what_may_be_too_long_is_counted(monkeypatch):
    seen = []

    def spy(self, examples, *arguments):
        seen.extend(example.value for example in examples)
        return counted(self, examples, *arguments)

    counted = Counting.counted
    monkeypatch.setattr(Counting, "counted", spy)
    long = {"messages": [{"role": "user", "content": "a " * 200}, {"role": "assistant", "content": "b"}]}
    data = good_data() + json.dumps(long).encode() + b"\n"
    report = jsonl_lint.check(data, no_tokens=True, facts={"max_example_tokens": 300}, select=["TOK"])
    assert seen == [long]
    assert report.findings == []


def test_job_size_is_checked_or_said_not_to_be():
    data = good_data()
    total = jsonl_lint.check(data).tokens.total
    assert jsonl_lint.check(data, select=["TOK"], facts={"max_tokens_in_job": 3 * total}).counts.by_code == {}
    over = jsonl_lint.check(data, select=["TOK"], facts={"max_tokens_in_job": 3 * total - 1})
    assert over.counts.by_code == {"TOK003": 1}
    assert jsonl_lint.check(data, epochs=2, select=["TOK"], facts={"max_tokens_in_job": 3 * total - 1}).ok
    known = jsonl_lint.check(data, no_tokens=True, select=["TOK"], facts={"max_tokens_in_job": 3 * (len(data) + 300)})
    unknown = jsonl_lint.check(data, no_tokens=True, select=["TOK"], facts={"max_tokens_in_job": 3 * total - 1})
    assert known.unchecked == []
    assert [(one.what, one.count) for one in unknown.unchecked] == [("size of the job in tokens", 1)]
    assert len(data) > total


def image_url(width: int, height: int, file_format: str = "PNG") -> str:
    """The data URI of a white image."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, file_format)
    return f"data:image/{file_format.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def pictured_line(chance: random.Random) -> bytes:
    """A line with images of any size and detail, some of them elsewhere."""
    parts: list[dict[str, object]] = [{"type": "text", "text": "What is é? " * chance.randint(1, 40)}]
    for _ in range(chance.randint(1, 3)):
        sides = chance.choice([(1, 1), (513, 20), (700, 1100), (1600, 30)])
        kind = chance.choice(["PNG", "JPEG", "WEBP"])
        url = "https://a.b/c.png" if chance.random() < 0.2 else image_url(*sides, kind)
        detail = chance.choice([{}, {"detail": "low"}, {"detail": "high"}, {"detail": "auto"}])
        parts.append({"type": "image_url", "image_url": {"url": url, **detail}})
    answer = {"role": "assistant", "content": "White. " * chance.randint(1, 40)}
    row = {"messages": [{"role": "user", "content": parts}, answer]}
    return json.dumps(row, ensure_ascii=chance.random() < 0.5).encode() + b"\n"


@pytest.mark.parametrize(
    ("model", "limit"),
    [
        *(("gpt-4o-mini-2024-07-18", limit) for limit in (300, 3000, 12_000, 40_000)),
        *(("gpt-4.1-2025-04-14", limit) for limit in (300, 900, 1500)),
    ],
)
def test_images_are_bound_by_their_dimensions(limit, model):
    chance = random.Random(limit)
    data = good_data(3) + b"".join(pictured_line(chance) for _ in range(30))
    options = {"select": ["TOK"], "facts": {"max_example_tokens": limit}, "model": model}
    counted, bounded = jsonl_lint.check(data, **options), jsonl_lint.check(data, no_tokens=True, **options)
    assert bounded.findings == counted.findings != []


def test_images_that_leave_room_are_not_counted(monkeypatch):
    row = {
        "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": image_url(500, 500)}}]},
            {"role": "assistant", "content": "White."},
        ]
    }
    data = good_data(9) + json.dumps(row).encode() + b"\n"
    options = {"no_tokens": True, "select": ["TOK"], "model": "gpt-4o-mini-2024-07-18"}
    assert jsonl_lint.check(data, facts={"max_example_tokens": 8500}, **options).counts.by_code == {
        "TOK001": 1,
        "TOK002": 1,
    }
    monkeypatch.setattr(Counting, "counted", None)
    assert jsonl_lint.check(data, facts={"max_example_tokens": 9000}, **options).findings == []


def test_data_of_an_image_that_is_a_whole_text_is_counted_as_text():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    messages = [
        {"role": "user", "content": "Draw."},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": image_url(300, 300)},
        {"role": "assistant", "content": "Done."},
    ]
    row = {"messages": messages, "tools": [tool]}
    report = jsonl_lint.check(json.dumps(row).encode() + b"\n")
    assert report.tokens is not None
    assert report.tokens.total == count_example(row, "sft", COUNTERS[0]).total


def test_the_bound_is_not_the_image_rule():
    rule = ImageTokens(kind="tile", base=2833, tile=5667)
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
    row = {"messages": [{"role": "user", "content": [image]}]}
    counted = count_example(row, "sft", COUNTERS[0], image_rule=rule, image_size=lambda _: (9, 9)).total
    assert counted > len(json.dumps(row))
    assert most_tokens(json.dumps(row).encode(), "sft") is None


def test_lines_are_those_of_the_file():
    data = good_data(3) + good_line(3).replace(b"What is", b"What is " * 50)
    report = jsonl_lint.check(data, facts={"max_example_tokens": 50}, select=["TOK"])
    assert [(one.code, one.line, one.column) for one in report.findings] == [("TOK001", 4, 1), ("TOK002", 4, 1)]
