"""What a rule is: the values that rules look at, the problems that they name, and the decorators that declare them.

A rule knows nothing of files, processes, targets' names or output. It sees one value and the target's facts, and yields
a `Problem` for each defect. What it looks at is said by `at`: the engine calls it for each such value and for no other.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar

import msgspec

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Fix, Path, Severity
from jsonl_lint.targets import METHODS, Facts, Method
from jsonl_lint.text import BOM
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
    "Variant",
    "rule",
]


class Replace(msgspec.Struct, frozen=True):
    """Put another JSON value in the place of the value at `path`."""

    path: Path
    value: Any


class ReplaceStart(msgspec.Struct, frozen=True):
    """Put other plain ASCII in the place of that which begins the string at `path`; the rest of the string stays."""

    path: Path
    old: str
    new: str


class Remove(msgspec.Struct, frozen=True):
    """Take the member or element at `path` out of its object or array."""

    path: Path


class ReplaceText(msgspec.Struct, frozen=True):
    """Put other text in the place of some characters of the string at `path`; the rest keeps its spelling, escapes too.

    `start` and `end` count the characters of the string as Python reads it.
    """

    path: Path
    start: int
    end: int
    text: str


class Redact(msgspec.Struct, frozen=True):
    """Put a placeholder in the place of some characters of the string at `path`, as `ReplaceText` does with a text.

    `kind` is the word that the placeholder shows for what stood there: `email`, `api-key`.
    """

    path: Path
    start: int
    end: int
    kind: str


Step = Replace | ReplaceStart | ReplaceText | Redact | Remove


class Repair(msgspec.Struct, frozen=True):
    """A repair in terms of values, relative like a problem's path; `safe` when the meaning of the data stays."""

    title: str
    safe: bool
    steps: tuple[Step, ...]


class Problem(msgspec.Struct, frozen=True):
    """One defect, as a rule names it.

    Its place is one of: `path` from the value that the rule was given (`on_key` for the key instead of the value);
    `span`, bytes from the start of the line; `line`, the number of the line in the file, for rules on files and datasets.
    `lines` is how many lines a problem of such a rule speaks for. `text_range` is the part of the text at `path` that is
    meant, in characters. `plain` is the message without a word of the data, for reports that must hold none.
    `private` says that the spot itself must not be shown.
    """

    message: str
    path: Path = ()
    on_key: bool = False
    span: tuple[int, int] | None = None
    line: int | None = None
    lines: int = 1
    severity: Severity | None = None
    repair: Repair | None = None
    fix: Fix | None = None
    private: bool = False
    text_range: tuple[int, int] | None = None
    plain: str | None = None


class Omission(msgspec.Struct, frozen=True):
    """What a rule did not go into, and why: counted and said in the report. A gated rule's makes the gate refuse the line."""

    what: str
    why: str


class Tally(msgspec.Struct, frozen=True):
    """How often something was seen, and the line where it was seen first."""

    count: int
    first_line: int


class FileSummary(msgspec.Struct):
    """What is known of a whole file when its last byte has been read; line numbers count from 1.

    `name` is None for a stream without a name, `bom` for records that come from no file. `container` is "array" or
    "pretty" where the file is not JSONL at all.
    """

    name: str | None = None
    size: int = 0
    lines: int = 0
    blank_lines: int = 0
    examples: int = 0
    bom: bool | None = False
    encoding: str | None = None
    container: str | None = None
    crlf: Tally | None = None
    cr: Tally | None = None
    final_newline: bool = True
    role: str = "training"
    other_methods: dict[str, Tally] = {}
    image_examples: Tally | None = None
    blocked_by: dict[str, Tally] = {}

    @property
    def is_empty(self) -> bool:
        """Whether the file holds nothing but blank lines."""
        return self.lines == self.blank_lines

    @property
    def is_jsonl(self) -> bool:
        """Whether the file could be gone through line by line."""
        return self.encoding is None and self.container is None


class Line(msgspec.Struct, frozen=True):
    """One line as bytes, without its line end, and what the scanner found in it."""

    text: bytes
    faults: tuple[Fault, ...] = ()
    first: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line is empty or white space only, byte order marks at its start set aside."""
        text = self.text
        while text.startswith(BOM):
            text = text[len(BOM) :]
        return not text.strip()


class Row(msgspec.Struct, frozen=True):
    """The JSON value of one line, read for a method."""

    value: Any
    method: Method = "sft"


class Conversation(msgspec.Struct, frozen=True, dict=True):
    """A list of messages, and what it is for: "train" (sft), "prompt" (rft), "input" or "output" (dpo).

    `items` is the list as it stands, whatever it holds. `row` is the object around it, with its `tools`.
    """

    items: Sequence[Any]
    purpose: str = "train"
    row: dict[str, Any] = {}

    @cached_property
    def roles(self) -> Roles:
        """The roles of the messages as they are meant, aliases resolved."""
        order = (intended_role(item.get("role")) if isinstance(item, dict) else None for item in self.items)
        return Roles(tuple(order), self.purpose)


class Roles(msgspec.Struct, frozen=True):
    """The order of the roles in a conversation, as they are meant, and nothing else of it.

    None stands for a message whose role can't be told. Rules that look at this alone get their verdict remembered.
    """

    order: tuple[str | None, ...]
    purpose: str = "train"

    @property
    def is_known(self) -> bool:
        """Whether the role of every message can be told."""
        return None not in self.order


class Message(msgspec.Struct, frozen=True):
    """One message, its place in its conversation, and its role if that is one the target knows."""

    value: Any
    index: int = 0
    role: str | None = None
    conversation: Conversation = Conversation(())

    @property
    def fields(self) -> dict[str, Any]:
        """The message as an object; empty when it is none."""
        return self.value if isinstance(self.value, dict) else {}


class Length(msgspec.Struct, frozen=True):
    """The length in tokens of an example that a model does not take whole, or that can't be counted.

    `kept` is what is left of `total` at the model's `limit`; of that `trained` is learnt, and `lost` would be but is cut
    off. `error` says why the example can't be counted; then there are no numbers.
    """

    model: str
    limit: int | None = None
    total: int = 0
    kept: int = 0
    trained: int = 0
    lost: int = 0
    error: str | None = None


class JobSize(msgspec.Struct, frozen=True):
    """What a training job on one file goes through: the file's tokens, each example cut at the model's limit, and epochs."""

    tokens: int
    epochs: int


class Example(Protocol):
    """One example of the dataset as dataset and content rules see it; `line` counts from the start of what is read."""

    @property
    def line(self) -> int:
        """The line's number."""

    @property
    def value(self) -> dict[str, Any]:
        """The line's JSON object."""

    @property
    def roles(self) -> tuple[str | None, ...]:
        """The order of roles in its first conversation."""


class Batch(Protocol):
    """Neighbouring examples on which the gate found nothing: what a dataset rule sees of many lines at once.

    `first_line` is the number of the first of them; the others follow without a gap. `rows` are their typed rows, by the
    types in `formats`. `texts` are the lines' bytes without line feeds; they are cut when first asked for. Iterating gives
    the examples one by one, which costs as much as `DatasetCheck.add`.
    """

    @property
    def first_line(self) -> int:
        """The first line's number."""

    @property
    def rows(self) -> Sequence[Any]:
        """The typed row of each line."""

    @property
    def texts(self) -> Sequence[bytes]:
        """The bytes of each line."""

    @property
    def roles(self) -> Sequence[tuple[str | None, ...]]:
        """The order of roles in each line's first conversation."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Example]: ...


ROLE_ALIASES = {
    "human": "user",
    "usr": "user",
    "customer": "user",
    "gpt": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "chatgpt": "assistant",
    "assistent": "assistant",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
KNOWN_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


def intended_role(role: object) -> str | None:
    """The role that a spelling stands for: `User` is user, `gpt` is assistant; None for what can't be told."""
    if not isinstance(role, str):
        return None
    if role in KNOWN_ROLES:
        return role
    plain = role.strip().lower()
    return plain if plain in KNOWN_ROLES else ROLE_ALIASES.get(plain)


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
    structure alone. `blocks` says that nothing deeper is looked at where it fires. `replaces` are
    codes whose findings in the same file say no more than this rule's finding says. `triggers` are texts (or
    bytes, as they stand in the file) of which one must occur in a line for a rule on texts to find anything there;
    `suspects` gives places in a block of lines, one at least in each line where it might. With neither it sees every line.
    """

    code: str
    name: str
    at: type[Any]
    check: Any
    severity: Severity
    repair: str
    doc: str
    good: tuple[Case, ...]
    bad: tuple[Case, ...]
    since: str = "0.1"
    methods: tuple[Method, ...] = METHODS
    fixable: str | None = None
    default: bool = True
    gated: bool = True
    blocks: bool = False
    replaces: tuple[str, ...] = ()
    triggers: tuple[str | bytes, ...] | None = None
    suspects: Callable[[bytes], Iterable[int]] | None = None
    module: str = ""

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
    replaces: Sequence[str] = (),
    triggers: Sequence[str | bytes] | None = None,
    suspects: Callable[[bytes], Iterable[int]] | None = None,
    since: str = "0.1",
) -> Callable[[Declared], Declared]:
    """Declare a function, or a class with a dataset rule's state, as the rule `code`.

    The rule's name is that of the function with hyphens, its documentation the docstring of the module it stands in.
    `severity` is "error", "warning" or "info"; `default=False` leaves the rule out unless a user or a target asks for
    it; `fixable` is "safe" or "unsafe"; `repair` says in one line what to do. A rule on texts should name `triggers`, texts
    of which one must occur in a line for it to find anything, so that it costs nothing where none does; or `suspects`, a
    function that gives for a block of lines one place at least in each line where it might find something.
    """

    def declare(check: Declared) -> Declared:
        module = inspect.getmodule(check)
        declared = Rule(
            code=code,
            name=rule_name(check),
            at=at,
            check=check,
            severity=Severity.parse(severity),
            repair=repair,
            doc=inspect.cleandoc((module.__doc__ if module else None) or check.__doc__ or ""),
            good=tuple(good),
            bad=tuple(bad),
            since=since,
            methods=tuple(methods),
            fixable=fixable,
            default=default,
            gated=gated,
            blocks=blocks,
            replaces=tuple(replaces),
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
