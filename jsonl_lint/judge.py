"""The slow and exact way: one line, every rule that looks at lines or values, and the place of each problem."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from jsonl_lint.fault import Fault
from jsonl_lint.finding import Edit, Path
from jsonl_lint.formats import clean_message_type, method_of, plain_roles
from jsonl_lint.parts import (
    Image,
    Tool,
    ToolCall,
    Tools,
    conversations,
    declared_tools,
    holder_of,
    image_of,
    tools_of,
)
from jsonl_lint.plan import Plan
from jsonl_lint.proof import FAULTY, faultless
from jsonl_lint.round_trips import calls_of
from jsonl_lint.rule import (
    Conversation,
    Line,
    Message,
    Omission,
    Problem,
    Roles,
    Row,
    Rule,
)
from jsonl_lint.targets import Method
from jsonl_lint.text import has_visible
from jsonl_lint.values import HARD, decode, faults_of, marks

__all__ = ["CR_LINE_END", "Failure", "Hit", "Judge", "Verdict", "same_family"]

# Between two objects a carriage return can only be the line end of old Macintosh files.
CR_LINE_END = re.compile(rb"\}[ \t]*\r(?=[ \t\r]*\{)")

# Orders of roles, gists of messages and lists of tools are remembered up to these numbers, so that data made to have ever new
# ones does not fill the memory.
MAX_ORDERS = 4096
MAX_GISTS = 4096
MAX_TOOLBOXES = 64
MAX_TOOLBOX_BYTES = 1 << 16

Gist = tuple[str, ...]
GIST_KEYS = frozenset({"role", "content", "name", "weight"})
LONGEST_WORD = 100


class Hit(msgspec.Struct, frozen=True):
    """A problem, the rule that named it, and where the value stands that the rule was given."""

    rule: Rule
    problem: Problem
    base: Path = ()

    @property
    def path(self) -> Path:
        """The way from the line's value to the problem."""
        return (*self.base, *self.problem.path)


class Failure(msgspec.Struct, frozen=True):
    """A rule that raised instead of judging."""

    code: str
    error: str


class Verdict(msgspec.Struct):
    """What is known of one line: its problems, what was not gone into, and its value if it has one.

    `blocked_by` are the codes of ignored rules that would have named why nothing deeper was looked at, `other_method` the
    method whose line this is, if it is not the one that is judged for, `cr_ends` how many carriage returns end a line in it,
    `omissions` what rules did not go into, `images` how many there are, `remote` the URLs of those elsewhere and their paths,
    `seen` those that were looked at. If it is not `is_exact`, its hits are those of a line like this one: as many, of the same
    rules and severities.
    """

    hits: list[Hit] = []
    blocked_by: list[str] = []
    failures: list[Failure] = []
    value: Any = msgspec.UNSET
    other_method: Method | None = None
    blank: bool = False
    cr_ends: int = 0
    omissions: list[Omission] = []
    images: int = 0
    remote: list[tuple[str, Path]] = []
    seen: list[Image] = []
    is_exact: bool = True

    def add(self, part: Verdict, base: Path) -> None:
        """Take in what is known of a part of the line that stands at `base`."""
        if part.hits:
            self.hits.extend(Hit(hit.rule, hit.problem, (*base, *hit.base)) for hit in part.hits)
        self.blocked_by += part.blocked_by
        self.failures += part.failures
        self.omissions += part.omissions


class Judge:
    """Judges lines and values by the rules of a plan; `rules` gives those for a kind of value where they are not all.

    `shortcuts` leaves out what is proved to find nothing; what is found does not depend on it.
    """

    def __init__(
        self, plan: Plan, rules: Callable[[type[Any]], tuple[Rule, ...]] | None = None, *, shortcuts: bool = True
    ) -> None:
        self.plan = plan
        self.rules = rules or plan.rules
        self.shortcuts = shortcuts
        self.plain_roles = frozenset(plain_roles(plan.facts))
        self.orders: dict[Roles, Verdict] = {}
        self.gists: dict[Gist, Verdict] = {}
        self.toolboxes: dict[bytes, Verdict] = {}
        self.called: dict[tuple[type[Any], bool, bool], tuple[Rule, ...]] = {}
        self.is_full = rules is None
        # To look at an image costs time, which on lines that were admitted was spent already.
        self.looks_at_images = self.is_full or bool(self.rules(Image))

    @cached_property
    def knows_gists(self) -> bool:
        """Whether what the rules say of messages is remembered: those of others may look at anything in them."""
        return self.shortcuts and all(rule.gated for rule in self.rules(Message))

    @cached_property
    def message_type(self) -> Any:
        """The type of the messages that are as they should be; None where there is none."""
        return clean_message_type(self.plan.facts)

    def line(self, text: bytes) -> Verdict:
        """Everything that is wrong with a line, given without its line feed."""
        verdict = Verdict()
        text = text.removesuffix(b"\r")
        body = text[marks(text) :]
        verdict.cr_ends = len(CR_LINE_END.findall(body)) if b"\r" in body else 0
        if verdict.cr_ends:
            return verdict
        value = faultless(body) if self.shortcuts else FAULTY
        if value is FAULTY:
            self.doubtful_line(text, body, verdict)
        else:
            self.ask(verdict, Line, Line(text), is_proved=len(text) == len(body))
            self.value(value, verdict)
        return verdict

    def doubtful_line(self, text: bytes, body: bytes, verdict: Verdict) -> None:
        """Everything that is wrong with a line whose JSON may have faults; `body` is what follows byte order marks."""
        faults = faults_of(body)
        self.ask(verdict, Line, Line(text, shifted(faults, len(text) - len(body))))
        if not body.strip():
            verdict.blank = True
        elif not any(fault.kind in HARD for fault in faults):
            self.value(decode(body), verdict)

    def value(self, value: Any, verdict: Verdict) -> None:
        """Everything that is wrong with the JSON value of a line, added to its verdict."""
        verdict.value = value
        other = method_of(value)
        if other is not None and not same_family(other, self.plan.method):
            verdict.other_method = other
            return
        row = Row(value, self.plan.method)
        is_talk = self.shortcuts and row.is_talk
        self.ask(verdict, Row, row, is_talk=is_talk)
        holder = holder_of(row)
        tools = declared_tools(holder)
        items = holder.fields.get("tools")
        if isinstance(items, list) and items:
            verdict.add(self.tools(items, tools), (*holder.path, "tools"))
        for base, conversation in conversations(row):
            self.conversation(verdict, base, conversation, tools, is_talk=is_talk)

    def tools(self, items: list[Any], tools: Tools) -> Verdict:
        """What is wrong with each tool of a list; lines repeat them, so that it is remembered."""
        key = written(items) if self.shortcuts else None
        known = self.toolboxes.get(key) if key is not None else None
        if known is not None:
            return known
        found = Verdict()
        for index, tool in enumerate(tools_of(items, tools)):
            self.ask(found, Tool, tool, (index,))
        if key is not None and not found.failures and len(self.toolboxes) < MAX_TOOLBOXES:
            self.toolboxes[key] = found
        return found

    def conversation(
        self, verdict: Verdict, base: Path, conversation: Conversation, tools: Tools, *, is_talk: bool
    ) -> None:
        """What is wrong with a conversation: its messages one by one, then their order, then the whole."""
        known = self.plan.facts.roles
        for index, item in enumerate(conversation.items):
            spelled = item.get("role") if isinstance(item, dict) else None
            role = spelled if isinstance(spelled, str) and spelled in known else None
            self.message(verdict, (*base, index), Message(item, index, role, conversation))
            if isinstance(item, dict):
                self.inside(verdict, (*base, index), item, tools)
        self.order(verdict, base, conversation.roles)
        self.ask(verdict, Conversation, conversation, base, is_talk=is_talk)

    def message(self, verdict: Verdict, base: Path, message: Message) -> None:
        """What is wrong with a message, its calls and images set aside; of those with a text few are different to the rules."""
        gist = gist_of(message) if self.knows_gists else None
        known = self.gists.get(gist) if gist is not None else None
        if known is None:
            known = Verdict()
            self.ask(known, Message, message, is_proved=self.is_plain(message.value, message.conversation))
            if gist is not None and not known.failures and len(self.gists) < MAX_GISTS:
                self.gists[gist] = known
        verdict.add(known, base)

    def inside(self, verdict: Verdict, base: Path, message: dict[str, Any], tools: Tools) -> None:
        """What is wrong with the calls and images in a message."""
        for place, call in enumerate(calls_of(message)):
            self.ask(verdict, ToolCall, ToolCall(call, tools), (*base, "tool_calls", place))
        content = message.get("content")
        if not isinstance(content, list) or not self.looks_at_images:
            return
        for place, part in enumerate(content):
            image = image_of(part, message.get("role"))
            if image is not None:
                self.image(verdict, (*base, "content", place), image)

    def image(self, verdict: Verdict, base: Path, image: Image) -> None:
        """What is wrong with an image."""
        verdict.images += self.is_full
        verdict.seen.append(image)
        if image.is_remote and self.is_full:
            verdict.remote.append((image.url, base))
        self.ask(verdict, Image, image, base)

    def is_plain(self, item: Any, conversation: Conversation) -> bool:
        """Whether a message is as the types want it and has a text or calls, so that no gated rule on messages has a word."""
        if not self.shortcuts or conversation.purpose != "train" or not isinstance(item, dict):
            return False
        content = item.get("content")
        if len(item) > 2 or not isinstance(content, str):
            return self.is_typed(item)
        role = item.get("role")
        return isinstance(role, str) and role in self.plain_roles and has_visible(content)

    def is_typed(self, item: dict[str, Any]) -> bool:
        """Whether a message that is more than a role and a text is as the types want it."""
        if self.message_type is None:
            return False
        try:
            typed = msgspec.convert(item, self.message_type)
        except (msgspec.ValidationError, UnicodeEncodeError):
            # Half of a surrogate pair can't be part of a role or name, nor be asked for.
            return False
        content = item.get("content")
        if isinstance(content, str):
            return has_visible(content)
        is_calling = getattr(typed, "tool_calls", msgspec.UNSET) is not msgspec.UNSET
        return is_calling and ("content" not in item or (content is None and not self.plan.facts.refuses_null_content))

    def order(self, verdict: Verdict, base: Path, roles: Roles) -> None:
        """What is wrong with the order of roles; few orders come again and again, so that it is remembered."""
        known = self.orders.get(roles)
        if known is None:
            known = Verdict()
            self.ask(known, Roles, roles)
            if self.shortcuts and not known.failures and len(self.orders) < MAX_ORDERS:
                self.orders[roles] = known
        verdict.add(known, base)

    def ask(
        self,
        verdict: Verdict,
        at: type[Any],
        value: Any,
        base: Path = (),
        *,
        is_proved: bool = False,
        is_talk: bool = False,
    ) -> None:
        """Call the rules that look at a kind of value, and keep what they say.

        Where the value is proved to be as the types want it, rules that are gated are not called; of a row that is nothing but
        talk those on what is beyond that are not.
        """
        called = self.called.get((at, is_proved, is_talk))
        if called is None:
            called = self.called[at, is_proved, is_talk] = tuple(
                rule for rule in self.rules(at) if not (is_proved and rule.gated) and not (is_talk and rule.beyond_talk)
            )
        facts = self.plan.facts
        for rule in called:
            try:
                found = list(rule.check(value, facts))
            except Exception as error:
                verdict.failures.append(Failure(rule.code, repr(error)))
                continue
            if not found:
                continue
            problems = [problem for problem in found if isinstance(problem, Problem)]
            if self.plan.is_on(rule):
                verdict.omissions.extend(omission for omission in found if isinstance(omission, Omission))
                verdict.hits.extend(Hit(rule, problem, base) for problem in problems)
            elif problems:
                verdict.blocked_by.append(rule.code)


def gist_of(message: Message) -> Gist | None:
    """What rules may tell apart in a message that has a text, and beside it a role, a name and a weight; None for others."""
    fields = message.fields
    content = fields.get("content")
    if not fields.keys() <= GIST_KEYS or not isinstance(content, str) or not has_visible(content):
        return None
    values = [value for key, value in fields.items() if key != "content"]
    # Whether a developer's message is right depends on the others.
    if message.role == "developer" or not all(map(is_word, values)):
        return None
    return (message.conversation.purpose, *fields, *map(repr, values))


def is_word(value: Any) -> bool:
    """Whether a value is a number, a short text or the like, of which not much has to be remembered."""
    return value is None or isinstance(value, float | int) or (isinstance(value, str) and len(value) <= LONGEST_WORD)


def written(items: list[Any]) -> bytes | None:
    """Bytes that no other list is written with; None for one that is too large, or can't be written so."""
    try:
        data = msgspec.msgpack.encode(items)
    except (OverflowError, UnicodeEncodeError, RecursionError):
        return None
    return data if len(data) <= MAX_TOOLBOX_BYTES else None


def same_family(line_method: str, method: str) -> bool:
    """Whether a line that looks like one method can be read for another: chat lines serve sft and rft alike."""
    chat = ("sft", "rft")
    return line_method == method or (line_method in chat and method in chat)


def shifted(faults: tuple[Fault, ...], by: int) -> tuple[Fault, ...]:
    """The same faults in a line that is longer by some bytes at its start."""
    if not by:
        return faults
    return tuple(
        msgspec.structs.replace(
            fault,
            start=fault.start + by,
            end=fault.end + by,
            edits=tuple(Edit(edit.start + by, edit.end + by, edit.text) for edit in fault.edits),
        )
        for fault in faults
    )
