"""What a rule is: the values that rules look at, the problems that they name, and the decorators that declare them.

A rule knows nothing of files, processes, targets' names or output. It sees one value and the target's facts, and yields
a `Problem` for each defect. What it looks at is said by `at`: the engine calls it for each such value and for no other.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from jsonl_lint.finding import Severity
from jsonl_lint.problem import (
    Omission,
    Problem,
    Redact,
    Remove,
    Repair,
    Replace,
    ReplaceStart,
    ReplaceText,
    Step,
)
from jsonl_lint.search import Pattern
from jsonl_lint.targets import METHODS, Facts, Method
from jsonl_lint.views import (
    Batch,
    Conversation,
    Example,
    FileSummary,
    JobSize,
    Length,
    Line,
    Message,
    Roles,
    Row,
    Tally,
    intended_role,
)
from jsonl_lint.whole import Dataset, Job, Lines, Repeat, Text, Variant

__all__ = [
    "Batch",
    "Case",
    "Check",
    "Conversation",
    "Dataset",
    "DatasetCheck",
    "Example",
    "FileSummary",
    "Job",
    "JobSize",
    "Length",
    "Line",
    "Lines",
    "Message",
    "Omission",
    "Pattern",
    "Problem",
    "Redact",
    "Remove",
    "Repair",
    "Repeat",
    "Replace",
    "ReplaceStart",
    "ReplaceText",
    "Roles",
    "Row",
    "Rule",
    "Step",
    "Tally",
    "Text",
    "Trigger",
    "Variant",
    "intended_role",
    "rule",
]


class Case(msgspec.Struct, frozen=True):
    """One example of a rule's documentation and tests.

    `value` is what stands on the line (for rules on rows, messages, conversations: a whole row), as a JSON value or as
    bytes; for rules on files and datasets it is the whole file as bytes or a list of rows; or it is the very value that the
    rule looks at. `at` is the JSON Pointer of
    the finding, `count` how many findings there are, `fixed` the same after the rule's fix. `ignore` are the codes that
    are ignored while it is checked, `settings` further settings, `validation` the rows of a validation file, `line` the line
    of the first finding; `check_urls` has images fetched.
    """

    value: Any
    at: str | None = None
    count: int = 1
    method: Method = "sft"
    facts: dict[str, Any] = {}
    name: str = "train.jsonl"
    ignore: tuple[str, ...] = ()
    check_urls: bool = False
    fixed: Any = msgspec.UNSET
    settings: dict[str, Any] = {}
    validation: Any = None
    line: int | None = None


PAGES = "https://github.com/jsonl-lint/jsonl-lint/blob/main/docs/rules"

Check = Callable[[Any, Facts], Iterator["Problem | Omission"]]

Trigger = str | bytes | Pattern | re.Pattern[bytes]
"""What must occur in a line: a text, or bytes or a pattern of bytes as they stand in the file."""


class DatasetCheck(Protocol):
    """The mergeable state of a dataset rule: made anew for each range of a file, added to, merged in order, finished.

    States go from process to process by pickle. A rule that has much to do may have a method `add_batch(batch: Batch)`
    too, which must come to the same as `add` for each example of the batch: lines without defects come in batches of about
    a hundred, and what costs a microsecond for each line is felt.
    """

    def add(self, example: Example) -> None:
        """Take in one example."""

    def merge(self, other: Any, lines: int) -> None:
        """Take in the state of the range that follows; its line numbers begin after `lines` lines."""

    def finish(self, file: FileSummary) -> Iterator[Problem]:
        """The problems of the whole file."""


class Rule(msgspec.Struct, frozen=True):
    """A rule: what it is called, what it looks at, what it says, and the examples that define it.

    `gated` says that the gate's types prove its absence, so that it runs on doubtful lines only: the built-in rules on
    structure alone. `beyond_talk` says that it finds nothing in a row that is nothing but talk (`Row.is_talk`). `blocks`
    says that nothing deeper is looked at where it fires. `replaces` are codes whose findings in the same file say no more
    than this rule's finding says. `needs` are attributes of a file, a dataset or an order of roles; where all of them are
    false a rule on these finds nothing. `triggers` are texts (or bytes, or patterns of bytes, as they stand in the file) of
    which one must occur in a line for a rule on texts to find anything there; `suspects` gives places in a block of
    lines, one at least in each line where it might. With neither it sees every line.
    """

    code: str
    name: str
    at: type[Any]
    check: Any
    severity: Severity
    repair: str
    text: str
    good: tuple[Case, ...]
    bad: tuple[Case, ...]
    since: str = "0.1"
    methods: tuple[Method, ...] = METHODS
    fixable: str | None = None
    default: bool = True
    gated: bool = True
    blocks: bool = False
    beyond_talk: bool = False
    replaces: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    triggers: tuple[Trigger, ...] | None = None
    suspects: Callable[[bytes], Iterable[int]] | None = None
    module: str = ""

    @property
    def doc(self) -> str:
        """The documentation."""
        return inspect.cleandoc(self.text)

    @property
    def summary(self) -> str:
        """The first sentence of the documentation."""
        return self.doc.strip().partition("\n")[0].rstrip(".")

    @property
    def label(self) -> str:
        """Code and name as they stand in a text: `JSN001 (invalid-json)`."""
        return f"{self.code} ({self.name})"

    @property
    def url(self) -> str:
        """Where the manual page of a built-in rule is on the web; empty for others."""
        is_own = self.module.startswith("jsonl_lint.rules.")
        return f"{PAGES}/{self.code}.md" if is_own else ""

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code.rstrip("0123456789")


RULE_ATTRIBUTE = "__jsonl_lint_rule__"
Declared = TypeVar("Declared", bound=Callable[..., Any])


def rule(
    code: str,
    *,
    at: type[Any],
    severity: str,
    repair: str,
    bad: Sequence[Case],
    good: Sequence[Case],
    methods: Sequence[Method] = METHODS,
    fixable: str | None = None,
    default: bool = True,
    gated: bool = False,
    blocks: bool = False,
    beyond_talk: bool = False,
    replaces: Sequence[str] = (),
    needs: Sequence[str] = (),
    triggers: Sequence[Trigger] | None = None,
    suspects: Callable[[bytes], Iterable[int]] | None = None,
    since: str = "0.1",
) -> Callable[[Declared], Declared]:
    """Declare a function, or a class with a dataset rule's state, as the rule `code`.

    The rule's name is that of the function with hyphens, its documentation the docstring of the module it stands in.
    `severity` is "error", "warning" or "info"; `default=False` leaves the rule out unless a user or a target asks for
    it; `fixable` is "safe" or "unsafe"; `repair` says in one line what to do. A rule on texts should name `triggers`, texts
    of which one must occur in a line for it to find anything, so that it costs nothing where none does (or patterns of the
    line's bytes, without look-around and back-references); or `suspects`, a function that gives for a block of lines one
    place at least in each line where it might find something. A rule on files, datasets or orders of roles may name in
    `needs` attributes of these, of which one must be true for it to find anything.
    """

    def declare(check: Declared) -> Declared:
        module = sys.modules.get(check.__module__)
        declared = Rule(
            code=code,
            name=rule_name(check),
            at=at,
            check=check,
            severity=Severity.parse(severity),
            repair=repair,
            text=(module.__doc__ if module else None) or check.__doc__ or "",
            good=tuple(good),
            bad=tuple(bad),
            since=since,
            methods=tuple(methods),
            fixable=fixable,
            default=default,
            gated=gated,
            blocks=blocks,
            beyond_talk=beyond_talk,
            replaces=tuple(replaces),
            needs=tuple(needs),
            triggers=None if triggers is None else tuple(triggers),
            suspects=suspects,
            module=check.__module__,
        )
        setattr(check, RULE_ATTRIBUTE, declared)
        return check

    return declare


def rule_name(check: Callable[..., Any]) -> str:
    """The rule's name as users see it: `content_empty` and `ContentEmpty` both give `content-empty`."""
    spelled = "".join("_" + letter if letter.isupper() else letter for letter in check.__name__)
    return spelled.strip("_").lower().replace("_", "-")
