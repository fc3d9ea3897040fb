"""How a problem is told: in which words, and with what of its line around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsonl_lint.finding import Excerpt, Path
from jsonl_lint.plan import Plan
from jsonl_lint.rule import FileSummary, Job, Problem, Rule
from jsonl_lint.text import printable

if TYPE_CHECKING:
    from jsonl_lint.placing import Place

__all__ = ["excerpt", "known_path", "said"]

# The bytes on each side of a spot that an excerpt keeps.
EXCERPT_BYTES = 200

# The keys of all formats; any other is the data's own.
KNOWN_KEYS = frozenset(
    "messages role content name weight refusal tool_calls tool_call_id function_call id type function arguments tools "
    "parallel_tool_calls functions parameters description strict text image_url url detail input preferred_output "
    "non_preferred_output prompt completion".split()
)


def said(plan: Plan, rule: Rule, problem: Problem) -> str:
    """What a finding says, on one line: its message; where no word of the data may be shown, one that holds none."""
    shows_data = not plan.settings.redact or rule.at in (FileSummary, Job)
    return printable(problem.message if shows_data else problem.plain or rule.summary)


def known_path(plan: Plan, path: Path) -> Path:
    """A path; where no word of the data may be shown, with a star for each key that is the data's own."""
    if not plan.settings.redact:
        return path
    return tuple(step if isinstance(step, int) or step in KNOWN_KEYS else "*" for step in path)


def excerpt(text: bytes, spot: Place) -> Excerpt:
    """The surroundings of a spot in its line."""
    start, end = max(spot.start - EXCERPT_BYTES, 0), min(spot.end, spot.start + EXCERPT_BYTES)
    stop = min(max(end, spot.start) + EXCERPT_BYTES, len(text))
    before = text[start : spot.start].decode("utf-8", "ignore" if start else "replace")
    marked = text[spot.start : end].decode("utf-8", "replace")
    after = text[end:stop].decode("utf-8", "ignore")
    return Excerpt(before + marked + after, len(before), len(before) + len(marked), start > 0, stop < len(text))
