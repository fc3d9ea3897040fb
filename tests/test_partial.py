"""Merging: the result of many ranges is that of one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings
from jsonl_lint.engine import Range
from jsonl_lint.finishing import finish
from jsonl_lint.partial import Partial, merge
from jsonl_lint.plan import make_plan
from samples import LINE, good_line

PLAN = make_plan(Settings(max_findings=3), "sft")
CHECKER = Checker(PLAN)

LINES = st.sampled_from(
    [
        LINE,
        good_line(1),
        b"\n",
        LINE.replace(b"\n", b"\r\n"),
        LINE.replace(b'"Hi"', b"'Hi'"),
        LINE.replace(b'"assistant"', b'"gpt"'),
        LINE.replace(b'"Hello"', b'""'),
        b'{"prompt": "a", "completion": "b"}\n',
        b'{"a": 1}{"b": 2}\n',
    ]
)


def check_range(lines: list[bytes], offset: int) -> Partial:
    """The result of some lines that stand at an offset in their file."""
    checked = Range(PLAN, "x", offset, checker=CHECKER)
    checked.feed(b"".join(lines))
    return checked.partial


def finished(partial: Partial) -> object:
    """What is reported of a whole file, in order."""
    finish(PLAN, "x", partial)
    return (partial.summary, partial.findings, partial.counts)


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=12), st.data())
def test_any_cut_gives_the_same_result(lines: list[bytes], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(lines) - 1))) if len(lines) > 1 else [])
    starts = [0, *cuts]
    parts = [lines[start:end] for start, end in zip(starts, [*cuts, len(lines)], strict=True)]
    offsets = [sum(len(line) for line in lines[:start]) for start in starts]
    partials = [check_range(part, offset) for part, offset in zip(parts, offsets, strict=True)]
    left = partials[0]
    for partial in partials[1:]:
        left = merge(left, partial)
    assert finished(left) == finished(check_range(lines, 0))


@settings(max_examples=30)
@given(*[st.lists(LINES, min_size=1, max_size=4)] * 3)
def test_merging_is_associative(one: list[bytes], two: list[bytes], three: list[bytes]) -> None:
    def ranges() -> list[Partial]:
        sizes = [len(b"".join(part)) for part in (one, two)]
        return [check_range(one, 0), check_range(two, sizes[0]), check_range(three, sum(sizes))]

    a, b, c = ranges()
    d, e, f = ranges()
    assert finished(merge(merge(a, b), c)) == finished(merge(d, merge(e, f)))
