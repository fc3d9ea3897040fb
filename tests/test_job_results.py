"""A job's results file is read, whichever names its columns have, and its reading is right."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

import jsonl_lint
from jsonl_lint.job_results.chart import svg, text_chart
from jsonl_lint.job_results.reading import sentences

NEW = (
    "step,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy,full_valid_loss,"
    "full_valid_mean_token_accuracy"
)
OLD = "step,train_loss,training_accuracy,train_mean_token_accuracy,valid_loss,valid_accuracy,valid_mean_token_accuracy"


def results(tmp_path, text, **options):
    """The reading of a file with this text."""
    path = tmp_path / "results.csv"
    path.write_text(text, encoding="utf-8")
    return jsonl_lint.read_results(path, **options)


def job(valid_of, header=NEW, steps=300):
    """A table whose training loss falls, with a validation loss at every tenth step."""
    lines = [header]
    for step in range(1, steps + 1):
        train = 2 * math.exp(-step / 100) + (0.05 if step % 2 else -0.05)
        cells = {"step": str(step), "train_loss": f"{train:.5f}"}
        if step % 10 == 0:
            cells["valid_loss"] = f"{valid_of(step):.5f}"
        lines.append(",".join(cells.get(name, "") for name in header.split(",")))
    return "\n".join(lines) + "\n"


def healthy(step):
    return 2 * math.exp(-step / 120)


def overfitting(step):
    return 0.8 + abs(step - 100) / 100


@pytest.mark.parametrize("header", [NEW, OLD])
def test_both_sets_of_columns(tmp_path, header):
    found = results(tmp_path, job(healthy, header))
    assert found.steps == 300
    assert found.train_start == pytest.approx(2, abs=0.1)
    assert found.train_end == pytest.approx(0.1, abs=0.02)
    assert found.best_step == 300
    assert not found.overfits
    assert "training and validation do not diverge" in list(sentences(found))


def test_overfitting_is_named_and_fewer_epochs_are_advised(tmp_path):
    found = results(tmp_path, job(overfitting), epochs=3)
    assert found.overfits
    assert found.best_step == pytest.approx(100, abs=10)
    assert found.advised_epochs == 1
    said = "\n".join(sentences(found))
    assert "after step 100 the validation loss rises while the training loss falls" in said
    assert "advice: 1 epoch instead of 3" in said
    assert "validation was best after 33% of the steps" in "\n".join(sentences(results(tmp_path, job(overfitting))))


def test_the_loss_over_the_whole_validation_file_is_the_better_judge(tmp_path):
    lines = job(healthy).splitlines()
    for number, value in ((100, 0.5), (200, 0.7), (300, 0.9)):
        lines[number] = lines[number][: -len(",")] + f"{value},0.3"
    found = results(tmp_path, "\n".join(lines), epochs=3)
    assert (found.best_step, found.best_loss, found.valid_end) == (100, 0.5, 0.9)
    assert found.overfits


def test_without_validation(tmp_path):
    found = results(tmp_path, "step,train_loss,valid_loss\n1,2.0,-1\n2,1.0,\n3,0.5,nan\n")
    assert (found.train_start, found.train_end, found.best_step) == (2.0, 0.5, None)
    assert any("no validation loss" in sentence for sentence in sentences(found))


def test_a_single_step(tmp_path):
    found = results(tmp_path, "\ufeffstep,train_loss\n1,2.0\n")
    assert next(iter(sentences(found))) == "1 step; training loss from 2.0000 to 2.0000"
    assert any("." in line for line in text_chart(found))
    ElementTree.fromstring(svg(found))


@pytest.mark.parametrize(("text", "says"), [
    ("", "needs the columns step and train_loss, and has none"),
    ("a,b\n1,2\n", "has a, b"),
    ("step,train_loss\n1,x\n", "results.csv:2: train_loss is no number: 'x'"),
    ("step,train_loss\nx,1\n", "results.csv:2: step is no number: 'x'"),
    ("step,train_loss\n1,\n", "no training loss"),
])  # fmt: skip
def test_what_is_no_results_file_is_said(tmp_path, text, says):
    with pytest.raises(jsonl_lint.InputError, match=says):
        results(tmp_path, text)


def test_the_chart_shows_both_curves_at_their_places(tmp_path):
    found = results(tmp_path, job(overfitting))
    lines = list(text_chart(found, width=80, height=16))
    assert len(lines) == 16 + 3
    assert max(map(len, lines)) <= 80
    body = [line.partition("|")[2] for line in lines[:16]]
    # Training ends at the bottom on the right, validation at the top.
    assert body[15].rstrip().endswith(".")
    assert body[0].rstrip().endswith("o")
    assert "o validation loss" in lines[-1]


def test_the_image_is_well_formed_and_has_every_point(tmp_path):
    found = results(tmp_path, job(overfitting))
    image = ElementTree.fromstring(svg(found, "a <b> & c"))
    lines = image.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.get("points").split()) for line in lines] == [300, 30]
    assert image.find("{http://www.w3.org/2000/svg}title").text == "a <b> & c"


def test_the_command(command, tmp_path):
    (tmp_path / "results.csv").write_text(job(overfitting))
    result = command("results", "results.csv", "--epochs", "3", "--svg", "loss.svg")
    assert result.returncode == 0, result.stderr
    assert b"overfitting" in result.stdout
    assert b"advice: 1 epoch instead of 3" in result.stdout
    assert b". training loss" in result.stdout
    assert (tmp_path / "loss.svg").read_text().startswith("<svg ")
    assert command("results", "gone.csv").returncode == 2
