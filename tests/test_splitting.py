"""A split leaks nothing, gives the same every time, and loses no line."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jsonl_lint
from jsonl_lint.splitting import bound, prompt_of, quotas
from samples import BOM, LINE, good_data, good_line


def row(question, answer, system=None, tools=None):
    """A line with one turn."""
    messages = [{"role": "system", "content": system}] if system else []
    messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages, **({"tools": tools} if tools else {})}).encode() + b"\n"


def parts(tmp_path, data, **options):
    """The lines of both files."""
    (tmp_path / "data.jsonl").write_bytes(data)
    result = jsonl_lint.split(tmp_path / "data.jsonl", tmp_path / "t.jsonl", tmp_path / "v.jsonl", **options)
    train, validation = ((tmp_path / name).read_bytes() for name in ("t.jsonl", "v.jsonl"))
    lines = [part.removeprefix(BOM).splitlines(keepends=True) for part in (train, validation)]
    assert (result.train, result.validation) == (len(lines[0]), len(lines[1]))
    return lines


@pytest.mark.parametrize(("options", "wanted"), [({}, 10), ({"share": 0.25}, 25), ({"count": 7}, 7)])
def test_size_order_and_bytes(tmp_path, options, wanted):
    train, validation = parts(tmp_path, good_data(100), **options)
    assert len(validation) == wanted
    lines = [good_line(number) for number in range(100)]
    assert sorted(train + validation) == sorted(lines)
    assert [line for line in lines if line in train] == train
    assert [line for line in lines if line in validation] == validation


def test_the_same_seed_gives_the_same_and_another_one_another(tmp_path):
    first = parts(tmp_path, good_data(200))
    assert parts(tmp_path, good_data(200)) == first
    assert parts(tmp_path, good_data(200), seed=1) != first


def test_the_order_of_the_lines_makes_no_difference(tmp_path):
    lines = [good_line(number) for number in range(100)]
    _, validation = parts(tmp_path, b"".join(lines))
    Random(5).shuffle(lines)
    _, shuffled = parts(tmp_path, b"".join(lines))
    assert sorted(validation) == sorted(shuffled)


@settings(max_examples=40)
@given(numbers=st.lists(st.integers(0, 15), min_size=20, max_size=60), seed=st.integers(0, 99))
def test_no_prompt_stands_on_both_sides(tmp_path_factory, numbers, seed):
    random = Random(seed)
    lines = []
    for number in numbers:
        line = row(f"Question {number}", random.choice(["a", "b"]))
        lines.append(random.choice([line, line.replace(b": ", b":"), line.replace(b"Q", b"\\u0051")]))
    wanted = len(lines) // 3
    try:
        train, validation = parts(tmp_path_factory.mktemp("split"), b"".join(lines), count=wanted, seed=seed)
    except jsonl_lint.UsageError:
        assert max(Counter(numbers).values()) > wanted
        return
    assert Counter(train + validation) == Counter(lines)
    prompts = [{json.dumps(prompt_of(json.loads(line))) for line in part} for part in (train, validation)]
    assert prompts[0].isdisjoint(prompts[1])
    largest = max(Counter(numbers).values())
    assert wanted - largest < len(validation) <= wanted


@pytest.mark.parametrize("stratify", ["system", "tools"])
def test_each_stratum_gives_its_share(tmp_path, stratify):
    sizes = {"A": 60, "B": 30, "C": 10}
    lines = [
        row(f"{name} {number}", "x", **{stratify: name if stratify == "system" else [{"name": name}]})
        for name, size in sizes.items()
        for number in range(size)
    ]
    Random(1).shuffle(lines)
    _, validation = parts(tmp_path, b"".join(lines), share=0.2, stratify=stratify)
    counts = Counter(json.loads(line)["messages"][-2]["content"][0] for line in validation)
    assert counts == {"A": 12, "B": 6, "C": 2}


def test_quotas_add_up():
    assert quotas([3, 3, 3], 5) == [2, 2, 1]
    assert quotas([1, 99], 10) == [0, 10]
    assert sum(quotas([7, 11, 13, 1], 17)) == 17


@given(values=st.lists(st.integers(0, 2**64 - 1) | st.sampled_from([0, 5, 2**48, 2**64 - 1])), share=st.floats(0, 1))
def test_the_bound_takes_as_many_as_fit_without_tearing_a_group(values, share):
    from array import array

    quota = int(len(values) * share)
    taken = [value for value in values if value <= bound(array("Q", values), quota)]
    assert len(taken) <= quota
    left = sorted(set(values) - set(taken))
    if left:
        assert len(taken) + values.count(left[0]) > quota


def test_bom_missing_line_end_blank_lines_and_gzip(tmp_path):
    data = BOM + b"\n".join([LINE.strip(), b"", good_line(1).strip(), b" ", good_line(2).strip()])
    (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(data))
    jsonl_lint.split(tmp_path / "data.jsonl.gz", tmp_path / "t.jsonl", tmp_path / "v.jsonl.gz", count=1)
    train = (tmp_path / "t.jsonl").read_bytes()
    validation = gzip.decompress((tmp_path / "v.jsonl.gz").read_bytes())
    assert train.startswith(BOM)
    assert validation.startswith(BOM)
    both = (train + validation).replace(BOM, b"").splitlines(keepends=True)
    assert sorted(both) == sorted([LINE, good_line(1), good_line(2)])


@pytest.mark.parametrize(("data", "options", "says"), [
    (good_data(3) + b"{\n", {}, "data.jsonl:4: not JSON"),
    (good_data(3) + b"[]\n", {}, "data.jsonl:4: no JSON object"),
    (good_data(3), {"count": 3}, "leave a file empty"),
    (b"", {}, "leave a file empty"),
    (b"".join(row("Question", str(number)) for number in range(9)), {"count": 8}, "have the same prompt and are more than 8"),
    (good_data(3), {"share": 1.5}, "between 0 and 1"),
    (good_data(3), {"share": 0.5, "count": 1}, "not both"),
])  # fmt: skip
def test_what_can_not_be_split_is_said_and_nothing_is_written(tmp_path, data, options, says):
    with pytest.raises(jsonl_lint.JsonlLintError, match=says):
        parts(tmp_path, data, **options)
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_other_methods_are_grouped_by_their_prompts():
    assert prompt_of({"prompt": "a", "completion": "b"}) == "a"
    assert prompt_of({"input": {"messages": [{"role": "user", "content": "a"}]}, "preferred_output": []}) == [
        {"role": "user", "content": "a"}
    ]
    assert prompt_of({"x": 1}) == {"x": 1}


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [{"role": "assistant", "content": "%d"}]},
        {"messages": [], "x": "%d"},
        {"prompt": "", "completion": "%d"},
        {"input": {"messages": []}, "preferred_output": "%d"},
    ],
)
def test_examples_that_ask_nothing_are_no_group(tmp_path, row):
    lines = [json.dumps(row).replace("%d", str(number)).encode() + b"\n" for number in range(20)]
    train, validation = parts(tmp_path, b"".join(lines), share=0.25)
    assert (len(train), len(validation)) == (15, 5)


def test_the_command(command, tmp_path):
    (tmp_path / "data.jsonl").write_bytes(good_data(50))
    result = command("split", "data.jsonl", "--share", "0.2")
    assert result.returncode == 0, result.stderr
    assert result.stdout == b"data.train.jsonl: 40 examples\ndata.validation.jsonl: 10 examples\n"
    again = command("split", "data.jsonl")
    assert again.returncode == 2
    assert b"data.train.jsonl is there already; --force replaces it" in again.stderr
    assert command("split", "data.jsonl", "--force", "--seed", "3").returncode == 0
    assert command("split", "-", input=good_data(50)).returncode == 2
    assert command("check", "data.train.jsonl", "data.validation.jsonl", "--ignore", "DST").returncode == 0
