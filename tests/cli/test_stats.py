"""`jsonl-lint stats`, and tokens and costs in `jsonl-lint check`, as their users run them."""

from __future__ import annotations

import json

import jsonschema
import pytest

from jsonl_lint.schema import make_schema
from samples import BOM, LINE, good_data

WEIGHTED = BOM + b"".join(
    json.dumps(
        {
            "messages": [
                {"role": "user", "content": f"What is {number}?"},
                {"role": "assistant", "content": "one two three four", "weight": 0},
                {"role": "user", "content": "More." * (number + 1)},
                {"role": "assistant", "content": "five six seven eight nine ten eleven twelve"},
            ]
        }
    ).encode()
    + b"\n"
    for number in range(120)
)


def test_stats_for_people(command, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(WEIGHTED)
    result = command("stats", "a.jsonl")
    assert (result.returncode, result.stderr) == (0, b"")
    text = result.stdout.decode()
    assert text.startswith("a.jsonl: 120 examples (sft, training), 120 lines, ")
    assert "tokens for gpt-4o-mini-2024-07-18 (o200k_base), one epoch" in text
    # Of 12 tokens of the assistant's 4 have weight 0.
    assert "33.3% of the assistant's" in text
    assert "role assistant" in text
    assert "tokens per example: min " in text
    assert "########################################" in text
    assert "gpt-35-turbo-0613" in text
    assert "Qwen-32B" in text
    assert "ENC001" not in text


def test_stats_for_machines(command, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(WEIGHTED)
    result = command(
        "stats", "a.jsonl", "--format", "json", "--epochs", "2", "--tier", "developer", "--model", "gpt-4.1"
    )
    data = json.loads(result.stdout)
    jsonschema.validate(data, make_schema("stats"))
    by_name = {one["model"]: one for one in data["models"]}
    assert data["models"][0]["model"] == "gpt-4.1-2025-04-14"
    first = data["models"][0]
    assert first["cost"]["billed_tokens"] == 2 * first["tokens"]["billed"]
    assert first["cost"]["price_per_million"] == 12.5
    assert (first["tokens"]["trained"], first["tokens"]["untrained"]) == (8 * 120, 4 * 120)
    assert {one["tokens"]["encoding"] for one in by_name.values() if one["tokens"]} == {"o200k_base", "cl100k_base"}
    assert by_name["Qwen-32B"] == {"model": "Qwen-32B", "tokens": None, "cost": None}
    assert by_name["gpt-35-turbo-0613"]["cost"]["total"] is None


def test_stats_cut_at_each_model_s_own_limit(command, tmp_path):
    row = {"messages": [{"role": "user", "content": "word " * 5000}, {"role": "assistant", "content": "x"}]}
    (tmp_path / "a.jsonl").write_bytes(json.dumps(row).encode() + b"\n")
    models = json.loads(command("stats", "a.jsonl", "--format", "json").stdout)["models"]
    billed = {one["model"]: one["tokens"]["billed"] for one in models if one["tokens"]}
    assert (billed["gpt-35-turbo-0613"], billed["gpt-4o-mini-2024-07-18"] > 5000) == (4096, True)


def test_stats_of_a_file_that_is_not_there(command, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(WEIGHTED)
    result = command("stats", "a.jsonl", "gone.jsonl")
    assert result.returncode == 2
    assert b"gone.jsonl: no such file" in result.stderr
    assert b"a.jsonl: 120 examples" in result.stdout


def test_stats_of_broken_data(command, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(LINE * 3 + b"{\n\n[1]\n")
    result = command("stats", "a.jsonl")
    assert result.returncode == 0
    assert b"not in the sum: 2 examples that can't be read" in result.stdout


@pytest.mark.parametrize("name", ["gpt-4.1-mni", "gpt4o"])
def test_unknown_model_is_refused_with_the_nearest(command, good_file, name):
    for verb in ("check", "stats"):
        result = command(verb, good_file, "--model", name)
        assert result.returncode == 2
        assert b"did you mean gpt-4" in result.stderr


def test_check_tells_tokens_and_cost(command, good_file):
    text = command("check", good_file).stdout.decode()
    assert "\ntokens: 3,500 (o200k_base, gpt-4o-mini-2024-07-18), 800 trained (22.9%); 35 to 35 per example" in text
    assert "\ncost: 0.03 USD for 10,500 tokens (3 epochs) at 3 per million, global; hosting 1.7 USD per hour [" in text


def test_check_says_that_a_price_is_unknown(command, good_file):
    text = command("check", good_file, "--model", "gpt-4-0613").stdout.decode()
    assert "\nnot checked: cost: 100 (price unknown: no price of training gpt-4-0613 is known for global" in text
    assert "\ncost:" not in text


def test_check_without_tokens(command, good_file):
    result = command("check", good_file, "--no-tokens", "--format", "json")
    report = json.loads(result.stdout)
    assert (result.returncode, report["tokens"], report["cost"], report["unchecked"]) == (0, None, None, [])


def hostile(blank):
    """A file in which one text is a million characters of white space, which makes careless patterns go on for ever."""
    user = {"role": "user", "content": "a" + blank * 1_100_000 + "b"}
    row = {"messages": [user, {"role": "assistant", "content": "x"}]}
    return good_data() + json.dumps(row).encode() + b"\n"


@pytest.mark.parametrize(("blank", "codes"), [(" ", []), ("\t", ["TOK001", "TOK002"]), (" \n", ["TOK001", "TOK002"])])
def test_hostile_white_space_ends_well(command, tmp_path, blank, codes):
    (tmp_path / "a.jsonl").write_bytes(hostile(blank))
    result = command("check", "a.jsonl", "--format", "json", "--select", "TOK")
    report = json.loads(result.stdout)
    assert [finding["code"] for finding in report["findings"]] == codes
    assert report["tokens"]["complete"] is True
    assert result.stderr == b""


def test_hostile_white_space_is_counted_for_every_model(command, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(hostile(" \n"))
    result = command("stats", "a.jsonl")
    assert (result.returncode, result.stderr) == (0, b"")
