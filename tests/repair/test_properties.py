"""What holds of every repair: it comes to an end, loses nothing, and leaves nothing that it could repair."""

from __future__ import annotations

import io
import json
import re
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import jsonl_lint
import planted
from jsonl_lint.targets import METHODS, target_names
from jsonl_lint.testing import OF_TOKENS, all_cases, case_bytes

# What is planted says nothing of what the texts are like.
OPTIONS = {"method": "sft", "ignore": ["DST", "QLT", "SEC"]}
RANDOMS = st.integers(0, 2**64).map(Random)


def fixed(data: bytes, *, unsafe: bool = False, **options: object) -> tuple[bytes, jsonl_lint.FixResult]:
    """The repaired data and what was done."""
    out = io.BytesIO()
    result = jsonl_lint.fix(data, out, unsafe=unsafe, **{**OPTIONS, **options})
    return out.getvalue(), result


def check_settled(data: bytes, result: jsonl_lint.FixResult, *, unsafe: bool, **options: object) -> None:
    """After a repair nothing is left to repair, and repairing again does nothing."""
    left = [finding for finding in result.report.findings if finding.fix and (finding.fix.safe or unsafe)]
    assert not left, left
    again, second = fixed(data, unsafe=unsafe, **options)
    assert again == data
    assert second.fixed == {}
    assert not second.changed


@pytest.mark.parametrize("unsafe", [False, True])
@settings(max_examples=60)
@given(random=RANDOMS)
def test_planted_defects_are_repaired_and_no_other_byte_changes(unsafe: bool, random: Random) -> None:
    data, expected = planted.file(random, unsafe)
    after, result = fixed(data, unsafe=unsafe)
    assert after == expected
    assert not set(result.fixed) & set(result.report.counts.by_code)
    assert result.changed == (data != after)
    check_settled(after, result, unsafe=unsafe)


@settings(max_examples=50)
@given(random=RANDOMS)
def test_values_outside_of_the_repairs_stay_equal(random: Random) -> None:
    bad, good = planted.row(random)
    after, _ = fixed(bad + b"\n")
    assert json.loads(after.decode("utf-8-sig")) == json.loads(good)
    before, now = (
        [message["content"] for message in json.loads(line)["messages"]]
        for line in (bad, after.removeprefix(b"\xef\xbb\xbf"))
    )
    assert before == now


def bad_lines(method: str) -> list[bytes]:
    """The lines of all bad cases of a method's rules."""
    cases = [case for case in all_cases() if case.bad and case.case.method == method and case.rule.at not in OF_TOKENS]
    return [line for case in cases for line in case_bytes(case.rule, case.case.value).split(b"\n")[:20]]


LINES = {method: bad_lines(method) for method in METHODS}


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(random=RANDOMS)
def test_mixes_of_all_bad_cases_settle(method: str, unsafe: bool, random: Random) -> None:
    lines = random.choices(LINES[method], k=random.randint(1, 8))
    data = random.choice([b"\n", b"\r\n", b"\r", b" ", b""]).join(lines)
    try:
        after, result = fixed(data, unsafe=unsafe, method=method)
    except jsonl_lint.InputError:
        # A broken array can't be taken apart without losing something.
        assert data.lstrip().startswith((b"[", b"{", b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]
        return
    check_settled(after, result, unsafe=unsafe, method=method)


ROWS = [case.case.value for case in all_cases() if case.case.method == "sft" and isinstance(case.case.value, dict)]
MESSAGES = [message for row in ROWS if isinstance(row.get("messages"), list) for message in row["messages"]]


@pytest.mark.parametrize("target", target_names())
@settings(max_examples=40)
@given(random=RANDOMS)
def test_mixes_of_bad_messages_settle(target: str, random: Random) -> None:
    beside = {key: value for key, value in random.choice(ROWS).items() if key != "messages"}
    row = {**beside, "messages": random.choices(MESSAGES, k=random.randint(1, 12))}
    data = json.dumps(row, ensure_ascii=random.random() < 0.5).encode() + b"\n"
    options = {"target": target, "extend_select": ["ALL"]}
    after, result = fixed(data, unsafe=True, **options)
    check_settled(after, result, unsafe=True, **options)


@settings(max_examples=100)
@given(data=st.binary(max_size=60) | st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n",
    b"\r", b" ", b"\\", b"'", b"True", b"1", b'"a"', b"\xef\xbb\xbf", b"\xe9", b"\xff\xfe", b"\0"]), max_size=30)
    .map(b"".join))  # fmt: skip
@example(b"\n\xef\xbb\xbf[")
@example(b"\n\xef\xbb\xbf[True")
@example(b"[True")
@example(b'\xef\xbb\xbf\xef\xbb\xbf[{"a":1},\n\xef\xbb\xbf{"a":2}]')
def test_any_bytes_settle_or_are_refused(data: bytes) -> None:
    try:
        after, result = fixed(data, unsafe=True)
    except jsonl_lint.InputError:
        return
    check_settled(after, result, unsafe=True)


@settings(max_examples=50)
@given(random=RANDOMS, data=st.data())
def test_clean_data_stays_as_it_is(random: Random, data: st.DataObject) -> None:
    _, good = planted.file(random)
    after, result = fixed(good, unsafe=True)
    assert after == good
    assert result.fixed == {}


PLACEHOLDER = re.compile(r"\[([a-z-]+)-[0-9a-f]{10}\]")


@settings(max_examples=60)
@given(random=RANDOMS)
def test_defects_of_content_and_repeated_examples_are_repaired(random: Random) -> None:
    lines, meant, again = planted.dataset(random)
    data = b"\xef\xbb\xbf" + b"".join(line + b"\n" for line in lines)
    options = {"ignore": ["DST001", "DST002", "ROW007"]}
    kept = [line for number, line in enumerate(lines) if number not in again]
    after, result = fixed(data, **options)
    assert after == b"\xef\xbb\xbf" + b"".join(line + b"\n" for line in kept)
    assert result.fixed == ({"DST003": len(again)} if again else {})
    check_settled(after, result, unsafe=False, **options)

    after, result = fixed(data, unsafe=True, **options)
    new = after.removeprefix(b"\xef\xbb\xbf").splitlines()
    wanted = [value for number, value in enumerate(meant) if number not in again]
    assert [json.loads(PLACEHOLDER.sub(r"[\1]", line.decode())) for line in new] == wanted
    assert not set(result.fixed) & set(result.report.counts.by_code)
    assert all(old == line for old, line in zip(kept, new, strict=True) if not has_plant(old))
    # The same value has the same placeholder throughout.
    assert all(
        len({place[0] for place in PLACEHOLDER.finditer(after.decode()) if place[1] == kind}) < 2 for kind in KINDS
    )
    check_settled(after, result, unsafe=True, **options)


KINDS = ("email", "aws-access-key")


def has_plant(line: bytes) -> bool:
    """Whether a line holds a text that is to be repaired."""
    return any(wrong in json.loads(line)["messages"][1]["content"] for wrong, _ in planted.CONTENT.values())
