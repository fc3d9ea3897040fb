"""The report's tokens and cost: equal to a straightforward count, however the file is cut and whoever counts."""

from __future__ import annotations

import functools
import io
import itertools
import json
import pickle
import random
import subprocess
import sys

import jsonschema
import pytest

import jsonl_lint
from jsonl_lint import meter
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.parallel import partials
from jsonl_lint.partial import merge
from jsonl_lint.plan import make_plan
from jsonl_lint.run import Run
from jsonl_lint.schema import make_schema
from jsonl_lint.source import open_input
from jsonl_lint.tasks import Span, Work
from jsonl_lint.tokens import text as text_module
from jsonl_lint.tokens.text import TextCounter
from samples import BOM, LINE, good_data, good_line
from straightforward import count, lines

COUNT = 120
FILE = BOM + b"".join(lines(COUNT))
ROWS = [json.loads(line) for line in lines(COUNT)]
# The texts hold odd characters and control tokens on purpose.
CONTENT = ["QLT", "TOK004"]
EXPECTED = count(ROWS)


def sums(figures):
    per = figures.per_example
    return {
        "total": figures.total,
        "trained": figures.trained,
        "untrained": figures.untrained,
        "by_role": figures.by_role,
        "min": per.min,
        "p50": per.p50,
        "p95": per.p95,
        "max": per.max,
        "mean": per.mean,
    }


@pytest.fixture(params=[True, False], ids=["fast", "plain"])
def counting(request, monkeypatch):
    monkeypatch.setattr("jsonl_lint.counting.TextCounter", functools.partial(TextCounter, fast=request.param))


@pytest.mark.usefixtures("counting")
def test_report_is_the_straightforward_count():
    report = jsonl_lint.check(FILE, ignore=CONTENT)
    assert report.counts.by_code == {}
    assert sums(report.tokens) == EXPECTED
    assert (report.tokens.encoding, report.tokens.exact, report.tokens.complete) == ("o200k_base", True, True)
    assert (report.tokens.examples, report.tokens.billed) == (COUNT, EXPECTED["total"])
    assert report.files[0].tokens == EXPECTED["total"]


@pytest.mark.usefixtures("counting")
def test_ranges_that_are_merged_give_the_same():
    plan = make_plan(Settings(), "sft")
    chance = random.Random(5)
    cuts = sorted(chance.sample(range(1, COUNT), 6))
    parts = [lines(COUNT)[start:end] for start, end in zip([0, *cuts], [*cuts, COUNT], strict=True)]
    results = []
    for part in parts:
        checked = Range(plan, "x", 1)
        checked.feed(b"".join(part))
        results.append(pickle.loads(pickle.dumps(checked.partial)))
    whole = functools.reduce(merge, results)
    once = Range(plan, "x", 1)
    once.feed(b"".join(lines(COUNT)))
    assert whole.tokens == once.partial.tokens
    assert [totals.total for totals in whole.tokens.values()] == [EXPECTED["total"]]


def test_lines_that_are_checked_at_once_are_counted_and_placed_alike():
    options = Settings(facts={"max_example_tokens": EXPECTED["p50"]})
    plan = make_plan(options, "sft")
    one_by_one, at_once = Range(plan, "x", fast_from=None), Range(plan, "x", fast_from=0)
    for checked in (one_by_one, at_once):
        checked.feed(FILE)
    assert at_once.partial.tokens == one_by_one.partial.tokens
    assert at_once.partial.findings == one_by_one.partial.findings
    assert len(at_once.partial.findings["TOK001"]) > COUNT // 3


def test_processes_that_share_a_file_give_the_same(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(FILE)
    plan = make_plan(Settings(), "sft")
    with open_input(str(tmp_path / "a.jsonl")) as source:
        assert source.identity is not None
        identity = source.identity
    work = Work(plan.settings, plan.method, source.path)
    ends = (0, 5000, 60_000, len(FILE))
    tasks = [Span(source.path, identity, start, end) for start, end in itertools.pairwise(ends)]
    shared = functools.reduce(merge, partials(work, tasks, 2))
    once = Range(plan, "x")
    once.feed(FILE)
    assert shared.tokens == once.partial.tokens
    assert [totals.total for totals in shared.tokens.values()] == [EXPECTED["total"]]


def test_batches_end_between_examples(monkeypatch):
    monkeypatch.setattr(meter, "BATCH_EXAMPLES", 7)
    assert sums(jsonl_lint.check(FILE).tokens) == EXPECTED
    monkeypatch.setattr(meter, "BATCH_BYTES", 1)
    assert sums(jsonl_lint.check(FILE).tokens) == EXPECTED


def test_lines_with_findings_are_counted_too():
    data = FILE.replace(b'"role": "user"', b'"role": "user", "mood": 1')
    report = jsonl_lint.check(data, ignore=CONTENT)
    assert set(report.counts.by_code) == {"MSG007"}
    assert sums(report.tokens) == EXPECTED


def test_records_are_counted_as_they_come():
    linter = jsonl_lint.Linter(facts={"max_example_tokens": 10}, ignore=CONTENT)
    findings = [next(iter(linter.check_records([row]))) for row in ROWS[:3]]
    assert [(one.code, one.line, one.offset) for one in findings] == [("TOK001", number, None) for number in (1, 2, 3)]
    assert linter.report().tokens.total == count(ROWS[:3])["total"]


def test_another_model_has_its_own_encoding():
    report = jsonl_lint.check(FILE, model="gpt-35-turbo-0613.ft-0123abc", region="swedencentral")
    assert (report.tokens.encoding, report.target.model) == ("cl100k_base", "gpt-35-turbo-0613")
    assert report.tokens.total == count(ROWS, "cl100k_base")["total"]
    assert report.cost.price_per_million == 9.68


def test_cost():
    cost = jsonl_lint.check(FILE).cost
    assert (cost.epochs, cost.billed_tokens, cost.tier) == (3, 3 * EXPECTED["total"], "global")
    assert cost.total == round(3 * EXPECTED["total"] * 3.0 / 1e6, 2)
    assert cost.source
    cost = jsonl_lint.check(FILE, tier="developer", epochs=2).cost
    assert (cost.billed_tokens, cost.price_per_million) == (2 * EXPECTED["total"], 1.5)


@pytest.mark.parametrize("options", [{"tier": "globl"}, {"epochs": 0}, {"model": "gpt-nine"}])
def test_wrong_options(options):
    with pytest.raises(jsonl_lint.UsageError):
        jsonl_lint.check(FILE, **options)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"model": "gpt-35-turbo-0613"}, "price unknown: no price of training gpt-35-turbo-0613 is known for global"),
        ({"model": "gpt-5", "method": "rft"}, "price unknown: no price of training gpt-5-2025-08-07 is known"),
        ({"method": "rft"}, "training o4-mini-2025-04-16 is billed by the hour"),
    ],
)
def test_unknown_price_is_said_and_never_a_nought(options, why):
    report = jsonl_lint.check(FILE, **options)
    assert report.cost is None
    assert report.tokens.total > 0
    (unchecked,) = report.unchecked
    assert (unchecked.what, unchecked.count) == ("cost", COUNT)
    assert unchecked.why.startswith(why)


def test_model_without_a_known_encoding():
    report = jsonl_lint.check(FILE, model="Qwen-32B")
    assert (report.tokens, report.cost, report.files[0].tokens) == (None, None, None)
    assert [(one.what, one.count, one.why) for one in report.unchecked] == [
        ("tokens", COUNT, "the tokenizer of Qwen-32B is not known")
    ]


def test_training_files_add_up():
    run = Run(Settings())
    for data in (FILE, good_data()):
        run.check(data)
    report = run.finished()
    assert report.tokens.total == sum(file.tokens for file in report.files)
    assert report.tokens.examples == COUNT + 100


def test_validation_is_counted_and_not_billed():
    run = Run(Settings())
    run.check(good_data())
    held_out = Range(run.plan("sft"), "validation.jsonl")
    held_out.feed(FILE)
    held_out.partial.summary.role = "validation"
    run.add(held_out.plan, "validation.jsonl", held_out.partial)
    report = run.finished()
    assert report.files[1].tokens == EXPECTED["total"]
    assert report.tokens.total == report.files[0].tokens
    assert report.cost.billed_tokens == 3 * report.files[0].tokens


def test_files_for_different_methods_have_no_sum():
    run = Run(Settings())
    run.check(good_data())
    run.check(b'{"prompt": "a", "completion": "b"}\n' * 10)
    report = run.finished()
    assert (report.tokens, report.cost) == (None, None)
    assert [file.tokens > 0 for file in report.files] == [True, True]
    assert [one.what for one in report.unchecked] == ["sum of tokens and cost"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"[1, 2]", b"\xff\xfe{\x00"])
def test_files_without_examples_have_no_tokens(data):
    report = jsonl_lint.check(data)
    assert (report.tokens, report.cost) == (None, None)


def test_examples_that_cannot_be_read_are_missing_from_the_sum():
    report = jsonl_lint.check(FILE + b'{"messages": [\n' + LINE[:-3] + b"\n")
    assert (report.tokens.unread, report.tokens.complete) == (2, False)
    assert sums(report.tokens) == EXPECTED


def test_a_text_that_the_tokenizer_refuses(monkeypatch):
    class PanicException(BaseException):
        pass

    class Broken:
        def __init__(self, encoding):
            self.encoding = encoding

        def encode_ordinary(self, text):
            if text == "What is 7 plus 7?":
                raise PanicException
            return self.encoding.encode_ordinary(text)

    load = text_module.load_encoding
    monkeypatch.setattr(text_module, "load_encoding", lambda name: Broken(load(name)))
    monkeypatch.setattr("jsonl_lint.counting.TextCounter", functools.partial(TextCounter, fast=False))
    report = jsonl_lint.check(good_data())
    (finding,) = report.findings
    assert (finding.code, finding.line, finding.pointer) == ("TOK005", 8, "")
    assert good_data()[finding.offset :].startswith(good_line(7))
    rest = [json.loads(good_line(number)) for number in range(100) if number != 7]
    assert report.tokens.total == count(rest)["total"]
    assert (report.tokens.uncountable, report.tokens.complete, report.tokens.exact) == (1, False, False)
    assert ("tokens", 1, "a text that the tokenizer can't take") in [(u.what, u.count, u.why) for u in report.unchecked]
    assert report.cost.note.startswith("incomplete: without 1 example that can't be counted")


def test_too_long_examples_are_found_where_they_stand():
    data = good_data(60) + FILE[3:]
    report = jsonl_lint.check(data, facts={"max_example_tokens": EXPECTED["min"] - 1}, select=["TOK"])
    assert [one.line for one in report.findings if one.code == "TOK001"] == list(range(61, 61 + COUNT))
    starts = [data.index(line) for line in lines(COUNT)]
    assert [one.offset for one in report.findings if one.code == "TOK001"] == starts
    assert report.tokens.over_long == COUNT
    assert report.tokens.billed == report.tokens.total - (EXPECTED["total"] - COUNT * (EXPECTED["min"] - 1))


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "high"}}
REMOTE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def with_images(*images):
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, *images]},
        {"role": "assistant", "content": "x"},
    ]
    return json.dumps({"messages": messages}).encode() + b"\n"


def sizes(url):
    return (1024, 1024) if url.startswith("data:") else None


def test_images_are_counted_by_the_model(monkeypatch):
    monkeypatch.setattr("jsonl_lint.counting.image_size", sizes)
    bare = jsonl_lint.check(with_images()).tokens.total
    # 1024 x 1024 is shrunk to 768 x 768: four tiles.
    report = jsonl_lint.check(with_images(IMAGE), model="gpt-4.1")
    assert (report.tokens.images, report.tokens.image_tokens) == (1, 85 + 4 * 170)
    assert report.tokens.total == bare + 85 + 4 * 170
    assert report.tokens.complete
    assert jsonl_lint.check(with_images(IMAGE), model="gpt-4o-mini").tokens.image_tokens == 2833 + 4 * 5667


def test_images_of_unknown_size_are_never_guessed(monkeypatch):
    monkeypatch.setattr("jsonl_lint.counting.image_size", sizes)
    report = jsonl_lint.check(with_images(IMAGE, REMOTE, REMOTE))
    assert (report.tokens.images, report.tokens.uncounted_images, report.tokens.complete) == (3, 2, False)
    assert [(one.what, one.count) for one in report.unchecked if one.what == "image tokens"] == [("image tokens", 2)]


def test_report_fits_its_schema():
    for report in (
        jsonl_lint.check(FILE),
        jsonl_lint.check(with_images(IMAGE)),
        jsonl_lint.check(FILE, no_tokens=True),
    ):
        jsonschema.validate(json.loads(report.to_json()), make_schema("report"))


def test_stream_and_file_give_the_same(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(FILE)
    assert jsonl_lint.check(tmp_path / "a.jsonl").tokens == jsonl_lint.check(io.BytesIO(FILE)).tokens


@pytest.mark.parametrize("options", ["no_tokens=True", "model='Qwen-32B'"])
def test_nothing_is_loaded_where_nothing_is_counted(good_file, options):
    program = (
        f"import sys, jsonl_lint; jsonl_lint.check({str(good_file)!r}, {options}); "
        "assert not {'tiktoken', 'splintr', 'regex'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
