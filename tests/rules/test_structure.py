"""The rules on structure together: one defect has one finding, and what is odd but legal has none."""

from __future__ import annotations

import copy
import json
import pickle
from functools import cache
from typing import Any

import pytest

import jsonl_lint
from jsonl_lint.config import Settings
from jsonl_lint.finding import Severity, pointer
from jsonl_lint.judge import Hit, Judge
from jsonl_lint.plan import make_plan
from jsonl_lint.registry import find_rule
from jsonl_lint.rule import FileSummary
from jsonl_lint.rules.row.system_missing import SystemMissing
from jsonl_lint.targets import Facts, Method
from samples import good_data

SYSTEM = {"role": "system", "content": "Be brief."}
DEVELOPER = {"role": "developer", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
REFUSAL = {"role": "assistant", "refusal": "I can't say."}
GOOD = [SYSTEM, QUESTION, ANSWER]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "capital",
            "parameters": {"type": "object", "properties": {"of": {"type": "string"}}, "required": ["of"]},
        },
    }
]
CALLS = [{"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}]
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "Paris"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def chat(*messages: Any, **beside: Any) -> dict[str, Any]:
    """A line with these messages."""
    return {"messages": list(messages), **beside}


def asked(**changes: Any) -> dict[str, Any]:
    """A good line in which the user's message has these members besides, or instead."""
    return chat(SYSTEM, {**QUESTION, **changes}, ANSWER)


def answered(**changes: Any) -> dict[str, Any]:
    """A good line in which the assistant's message has these members besides, or instead."""
    return chat(SYSTEM, QUESTION, {**ANSWER, **changes})


def with_parts(*parts: Any) -> dict[str, Any]:
    """A good line in which the user's content has these parts."""
    return asked(content=list(parts))


@cache
def judge(method: Method = "sft") -> Judge:
    """A judge with every rule that is on by default."""
    return Judge(make_plan(Settings(method=method), method))


def hits_of(value: Any, method: Method = "sft") -> list[Hit]:
    """What the rules find on a line with this value, or on a line as text."""
    text = value if isinstance(value, str) else json.dumps(value)
    verdict = judge(method).line(text.encode())
    assert not verdict.failures
    return verdict.hits


ONE_DEFECT: list[tuple[str, str, Any]] = [
    # The line.
    ("ROW001", "", {"mesages": GOOD}),
    ("ROW001", "", {"Messages": GOOD, "tools": TOOLS}),
    ("ROW001", "", {"conversations": [{"from": "human", "value": "Hi"}]}),
    ("ROW001", "", QUESTION),
    ("ROW001", "", {**ANSWER, "weight": 1}),
    ("ROW001", "", {}),
    ("ROW002", "/messages", {"messages": json.dumps(GOOD)}),
    ("ROW002", "/messages", {"messages": None}),
    ("ROW002", "/messages", {"messages": QUESTION}),
    ("ROW003", "/messages", {"messages": []}),
    ("ROW004", "/message", chat(*GOOD, message=[])),
    ("ROW004", "/role", chat(*GOOD, role="user")),
    ("ROW004", "/Tools", chat(*GOOD, Tools=TOOLS)),
    ("ROW005", "/messages", chat(SYSTEM, QUESTION)),
    ("ROW005", "/messages", chat(QUESTION)),
    ("ROW006", "/messages", chat(SYSTEM, ANSWER)),
    ("ROW006", "/messages", chat(ANSWER)),
    # The message as an object, and its role.
    ("MSG001", "/messages/1", chat(SYSTEM, "What is the capital of France?", ANSWER)),
    ("MSG001", "/messages/2", chat(SYSTEM, QUESTION, None)),
    ("MSG001", "/messages/2", chat(SYSTEM, QUESTION, [ANSWER])),
    ("MSG001", "/messages/0", chat(json.dumps(SYSTEM), QUESTION, ANSWER)),
    ("MSG002", "/messages/2", chat(SYSTEM, QUESTION, {"content": "Paris"})),
    ("MSG002", "/messages/1", chat(SYSTEM, {"from": "human", "value": "Hi"}, ANSWER)),
    ("MSG002", "/messages/1", chat(SYSTEM, {}, ANSWER)),
    ("MSG002", "/messages/2", chat(SYSTEM, QUESTION, {"Role": "assistant", "content": 5, "weight": 2})),
    ("MSG003", "/messages/1/role", asked(role="User")),
    ("MSG003", "/messages/1/role", asked(role="human")),
    ("MSG003", "/messages/2/role", answered(role="gpt")),
    ("MSG003", "/messages/2/role", answered(role="model", weight=2)),
    ("MSG003", "/messages/2/role", answered(role="asistant")),
    ("MSG003", "/messages/1/role", asked(role=None)),
    ("MSG003", "/messages/1/role", asked(role={"name": "user"}, id=1)),
    ("MSG003", "/messages/0/role", chat({**SYSTEM, "role": "SYSTEM"}, QUESTION, ANSWER)),
    # The content.
    ("MSG004", "/messages/2", chat(SYSTEM, QUESTION, {"role": "assistant"})),
    ("MSG004", "/messages/2", chat(SYSTEM, QUESTION, {"role": "assistant", "contents": "Paris"})),
    ("MSG004", "/messages/1", chat(SYSTEM, {"role": "user", "text": "Hi"}, ANSWER)),
    ("MSG004", "/messages/2", chat(SYSTEM, QUESTION, {"role": "assistant", "weight": 1, "refusal": None})),
    ("MSG004", "/messages/2", chat(SYSTEM, QUESTION, {"role": "assistant", "refusal": " "})),
    ("MSG005", "/messages/2/content", answered(content=None)),
    ("MSG005", "/messages/1/content", asked(content=5)),
    ("MSG005", "/messages/1/content", asked(content={"type": "text", "text": "Hi"})),
    ("MSG005", "/messages/2/content", answered(content=None, refusal=None)),
    ("MSG005", "/messages/2/refusal", answered(refusal=False)),
    ("MSG006", "/messages/2/content", answered(content="")),
    ("MSG006", "/messages/1/content", asked(content="\u200b")),
    ("MSG006", "/messages/1/content", with_parts()),
    ("MSG006", "/messages/1/content", with_parts({"type": "text", "text": ""}, {"type": "text", "text": "\n"})),
    ("MSG006", "/messages/2/content", answered(content=[{"type": "refusal", "refusal": ""}])),
    # Other keys of the message.
    ("MSG007", "/messages/1/id", asked(id=1)),
    ("MSG007", "/messages/1/tool_call_id", asked(tool_call_id="call_1")),
    ("MSG007", "/messages/1/refusal", asked(refusal="No.")),
    ("MSG007", "/messages/2/Weight", answered(Weight=0.5)),
    ("MSG007", "/messages/2/contents", answered(contents="Paris")),
    ("MSG007", "/messages/2/refusl", chat(SYSTEM, QUESTION, {"role": "assistant", "refusl": "No."})),
    ("MSG008", "/messages/1/name", asked(name="Ann Lee")),
    ("MSG008", "/messages/1/name", asked(name="Ann\n")),
    ("MSG008", "/messages/2/name", answered(name=None)),
    # The parts.
    ("MSG009", "/messages/1/content/0", with_parts("Hi")),
    ("MSG009", "/messages/1/content/1", with_parts({"type": "text", "text": "Hi"}, {"text": "Ho"})),
    ("MSG009", "/messages/1/content/0/type", with_parts({"type": "image", "image": "a.png"})),
    ("MSG009", "/messages/1/content/0", with_parts({"type": "text", "value": "Hi"})),
    ("MSG009", "/messages/1/content/0/text", with_parts({"type": "text", "text": 5})),
    ("MSG009", "/messages/1/content/0/id", with_parts({"type": "text", "text": "Hi", "id": 5})),
    ("MSG009", "/messages/1/content/0/image_url", with_parts({**IMAGE, "image_url": "https://example.com/a.png"})),
    ("MSG009", "/messages/1/content/0/image_url", with_parts({**IMAGE, "image_url": {"uri": "https://example.com"}})),
    ("MSG009", "/messages/1/content/0/image_url/url", with_parts({**IMAGE, "image_url": {"url": ""}})),
    ("MSG009", "/messages/2/content/0/type", answered(content=[{"type": "input_text", "text": "Paris"}])),
    ("MSG010", "/messages/0/role", chat(DEVELOPER, QUESTION, ANSWER)),
    # The order of turns.
    ("TRN001", "/messages/3", chat(*GOOD, QUESTION)),
    ("TRN002", "/messages/1", chat(QUESTION, SYSTEM, ANSWER)),
    ("TRN002", "/messages/2", chat(SYSTEM, QUESTION, SYSTEM, ANSWER)),
    ("TRN003", "/messages/1", chat(SYSTEM, *GOOD)),
    ("TRN004", "/messages/3", chat(*GOOD, ANSWER)),
    ("TRN004", "/messages/3", chat(*GOOD, ANSWER, ANSWER)),
    ("TRN005", "/messages/1", chat(SYSTEM, ANSWER, QUESTION, ANSWER)),
    # Weights.
    ("WGT001", "/messages/2/weight", answered(weight=0.5)),
    ("WGT001", "/messages/2/weight", answered(weight=True)),
    ("WGT001", "/messages/2/weight", answered(weight=None)),
    ("WGT002", "/messages/1/weight", asked(weight=0)),
    ("WGT002", "/messages/1/weight", asked(weight=0.5)),
    ("WGT003", "/messages", answered(weight=0)),
    # What is no JSON, or no object, is named by the rules for that alone.
    ("JSN004", "/messages/2/content", json.dumps(chat(*GOOD)).replace('"Paris"', "NaN")),
    ("JSN004", "/messages/2/weight", json.dumps(answered(weight=7)).replace("7", "NaN")),
    ("JSN002", "", [QUESTION, ANSWER]),
]


@pytest.mark.parametrize(("code", "at", "value"), ONE_DEFECT)
def test_one_defect_has_one_finding(code: str, at: str, value: Any) -> None:
    """A line with one planted defect has one finding, at its place."""
    hits = hits_of(value)
    assert [hit.rule.code for hit in hits] == [code]
    if not code.startswith("JSN"):
        assert pointer((*hits[0].base, *hits[0].problem.path)) == at


ODD_BUT_LEGAL: list[Any] = [
    chat(QUESTION, ANSWER),
    chat(*GOOD, QUESTION, ANSWER, QUESTION, ANSWER),
    chat(SYSTEM, QUESTION, QUESTION, ANSWER),
    chat({"content": "Hi", "role": "user"}, {"content": "Hello", "role": "assistant"}),
    chat(*GOOD, tools=TOOLS),
    chat(*GOOD, tools=TOOLS, parallel_tool_calls=False),
    answered(weight=1),
    chat(SYSTEM, QUESTION, {**ANSWER, "weight": 0}, QUESTION, ANSWER),
    chat(SYSTEM, QUESTION, {**ANSWER, "weight": 1}, QUESTION, {**ANSWER, "weight": 0}),
    answered(refusal=None),
    chat(SYSTEM, QUESTION, REFUSAL),
    chat(SYSTEM, QUESTION, {**REFUSAL, "content": None}),
    chat(SYSTEM, QUESTION, {**REFUSAL, "content": ""}),
    chat(SYSTEM, QUESTION, {"role": "assistant", "tool_calls": CALLS}, RESULT, ANSWER, tools=TOOLS),
    chat(SYSTEM, QUESTION, {"role": "assistant", "content": "", "tool_calls": CALLS}, RESULT, ANSWER, tools=TOOLS),
    chat(SYSTEM, QUESTION, {"role": "assistant", "tool_calls": CALLS}, tools=TOOLS),
    asked(name="a" * 64),
    asked(name="0-_"),
    asked(content="0"),
    asked(content="\u200bHi\u200b"),
    asked(content="\U0001f600"),
    asked(content="{{}}"),
    asked(content="null"),
    with_parts({"type": "text", "text": "Hi"}),
    with_parts({"text": "Hi", "type": "text"}, {"type": "text", "text": ""}),
    with_parts(IMAGE),
    with_parts({"type": "text", "text": "See:"}, IMAGE, IMAGE),
    answered(content=[{"type": "text", "text": "Paris"}]),
    answered(content=[{"type": "refusal", "refusal": "No."}]),
    chat({**SYSTEM, "content": [{"type": "text", "text": "Be brief."}]}, QUESTION, ANSWER),
    (
        '{"messages":[{"role":"user","content":"\\u0048i"},{"\\u0072ole":"assistant","content":"Hello","weight":-0},'
        ' {"role":"user","content":"Bye"} , {"role":"assistant","content":"Bye"}]}'
    ),
]


@pytest.mark.parametrize("value", ODD_BUT_LEGAL)
def test_what_is_odd_but_legal_has_no_finding(value: Any) -> None:
    """No false alarm."""
    assert [(hit.rule.code, hit.problem.message) for hit in hits_of(value)] == []


SEVERAL_DEFECTS: list[tuple[list[str], Any]] = [
    (["MSG003", "ROW005"], chat(SYSTEM, {"role": "human", "content": "Hi"})),
    (["MSG003", "ROW006"], chat({"role": "gpt", "content": "Hi"})),
    (["MSG003", "TRN004"], chat(*GOOD, {"role": "gpt", "content": "Hi"})),
    (["MSG003", "TRN001"], chat(*GOOD, {"role": "User", "content": "Hi"})),
    (["MSG003", "TRN003"], chat({**SYSTEM, "role": "System"}, *GOOD)),
    (["MSG006", "MSG007", "WGT002"], asked(content=" ", id=1, weight=1)),
    (["WGT001", "WGT003"], answered(weight=False)),
    (["MSG010", "MSG010", "TRN003"], chat(DEVELOPER, DEVELOPER, QUESTION, ANSWER)),
    (["ROW001", "ROW004"], {"mesages": GOOD, "id": 1}),
    (["ROW003", "ROW004"], chat(id=1)),
]


@pytest.mark.parametrize(("codes", "value"), SEVERAL_DEFECTS)
def test_several_defects_have_a_finding_each(codes: list[str], value: Any) -> None:
    """A finding does not hide another defect."""
    assert sorted(hit.rule.code for hit in hits_of(value)) == codes


UNCLEAR: list[tuple[list[str], Any]] = [
    (["MSG003"], chat(SYSTEM, QUESTION, {**ANSWER, "role": "narrator"})),
    (["MSG003"], chat({**SYSTEM, "role": "narrator"}, SYSTEM, QUESTION, ANSWER)),
    (["MSG003"], chat({**SYSTEM, "role": "narrator"}, ANSWER, QUESTION, ANSWER)),
    (["MSG003"], chat(SYSTEM, QUESTION, {**ANSWER, "weight": 0}, {**ANSWER, "role": "narrator"})),
    (["MSG001", "MSG002"], chat(None, {})),
    (["WGT001"], chat(SYSTEM, QUESTION, {**ANSWER, "weight": 0}, QUESTION, {**ANSWER, "weight": "none"})),
]


@pytest.mark.parametrize(("codes", "value"), UNCLEAR)
def test_what_could_be_meant_otherwise_has_no_finding_of_order(codes: list[str], value: Any) -> None:
    """Where a role or weight can't be told, nothing is said of what follows from it."""
    assert sorted(hit.rule.code for hit in hits_of(value)) == codes


def test_other_methods_have_their_own_order() -> None:
    """A prompt for reinforcement ends with the user; an output may begin with the assistant."""
    assert hits_of(chat(DEVELOPER, QUESTION, answer="Paris"), "rft") == []
    row = {"input": chat(SYSTEM, QUESTION), "preferred_output": [ANSWER], "non_preferred_output": [ANSWER]}
    row["non_preferred_output"] = [{**ANSWER, "content": "Lyon"}]
    assert hits_of(row, "dpo") == []
    row["preferred_output"] = [{**ANSWER, "weight": 2}, ANSWER]
    found = {hit.rule.code: pointer((*hit.base, *hit.problem.path)) for hit in hits_of(row, "dpo")}
    assert found == {"WGT001": "/preferred_output/0/weight", "TRN004": "/preferred_output/1"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"mesages": GOOD}, 'is "mesages" meant?'),
        ({"messages": json.dumps(GOOD)}, "a string of JSON"),
        (chat(SYSTEM, QUESTION, {"role": "assistant", "contnet": "Hi"}), 'is "contnet" meant?'),
        (asked(role="human"), "it must be user"),
        (answered(role="asistant"), "did you mean assistant?"),
        (answered(wieght=1), "did you mean weight?"),
        (asked(tool_calls=CALLS), "assistant"),
        (chat(*GOOD, tool=TOOLS), "did you mean tools?"),
        (with_parts({"type": "txt", "text": "Hi"}), "did you mean text?"),
        (answered(weight="1"), 'weight is "1"'),
        (asked(name="a\x1b[31m"), "\\u001b"),
    ],
)
def test_message_names_what_is_meant(value: Any, words: str) -> None:
    """A message names the offending thing and the near one, and holds nothing that a terminal would obey."""
    (hit,) = hits_of(value)
    assert words in hit.problem.message
    assert hit.problem.message.isprintable()


def test_empty_content_is_worse_in_an_answer() -> None:
    """An empty answer is an error, an empty question a warning."""
    assert [hit.problem.severity for hit in hits_of(answered(content=""))] == [Severity.ERROR]
    assert [hit.problem.severity for hit in hits_of(asked(content=""))] == [Severity.WARNING]


def test_developer_is_not_changed_beside_a_system_message() -> None:
    """The fix would make two system messages."""
    (beside_system,) = hits_of(chat(SYSTEM, DEVELOPER, QUESTION, ANSWER))
    (alone,) = hits_of(chat(DEVELOPER, QUESTION, ANSWER))
    assert beside_system.problem.repair is None
    assert alone.problem.repair is not None
    assert alone.problem.repair.safe


def test_alternation_is_asked_for_by_name() -> None:
    """The rule is off by default, and does not repeat what is said of assistant messages in a row."""
    asked_for = Judge(make_plan(Settings(method="sft", extend_select=("TRN006",)), "sft"))
    line = json.dumps(chat(QUESTION, QUESTION, ANSWER, ANSWER)).encode()
    assert [hit.rule.code for hit in asked_for.line(line).hits] == ["TRN004", "TRN006"]
    assert [hit.rule.code for hit in judge().line(line).hits] == ["TRN004"]


class Shown:
    """An example as a dataset rule sees it."""

    def __init__(self, line: int, *roles: str | None) -> None:
        self.line = line
        self.roles = roles
        self.value: dict[str, Any] = {}


WITH, WITHOUT = ("system", "user", "assistant"), ("user", "assistant")


def system_missing(orders: list[tuple[str | None, ...]], facts: Facts) -> SystemMissing:
    """The state of the rule after one range with examples of these orders of roles."""
    state = SystemMissing(facts)
    for line, roles in enumerate(orders, 1):
        state.add(Shown(line, *roles))
    return state


def found(state: SystemMissing) -> list[tuple[str, int | None]]:
    """What the rule finds in the end."""
    return [(problem.message, problem.line) for problem in state.finish(FileSummary())]


@pytest.mark.parametrize("cut", range(6))
@pytest.mark.parametrize("advised", [True, False])
def test_missing_system_messages_merge_to_the_same(cut: int, advised: bool) -> None:
    """Two ranges give what one gives, wherever the file is cut."""
    facts = Facts(advises_system=advised)
    orders: list[tuple[str | None, ...]] = [WITH, (), WITHOUT, WITH, WITHOUT]
    whole = system_missing(orders, facts)
    left, right = (system_missing(part, facts) for part in (orders[:cut], orders[cut:]))
    left = pickle.loads(pickle.dumps(left))
    left.merge(copy.deepcopy(right), cut)
    assert found(left) == found(whole) == [("no system message in 2 of 4 examples, first on line 3; 2 have one", 3)]


def test_missing_system_messages_count_only_where_one_is_due() -> None:
    """Without any system message the target's advice decides; what can't be told does not count."""
    assert found(system_missing([WITHOUT], Facts(advises_system=False))) == []
    assert found(system_missing([WITHOUT], Facts(advises_system=True))) == [
        ("no system message in 1 of 1 example, first on line 1; the target advises one", 1)
    ]
    assert found(system_missing([WITH, (None, "user", "assistant")], Facts())) == []
    assert found(system_missing([WITH, ("developer", "user", "assistant")], Facts())) == []
    assert find_rule("ROW007").check is SystemMissing


def test_an_image_of_more_than_ten_megabytes_is_too_large() -> None:
    def data(size: int) -> bytes:
        url = "data:image/png;base64," + "AAAA" * (size // 3) + "A" * 4 * bool(size % 3)
        return good_data(20) + row({"type": "image_url", "image_url": {"url": url}})

    def row(part: dict[str, object]) -> bytes:
        question = {"role": "user", "content": [part]}
        return json.dumps({"messages": [question, {"role": "assistant", "content": "Nothing."}]}).encode() + b"\n"

    limit = 10 * 1024 * 1024
    assert [found.line for found in jsonl_lint.check(data(limit + 3), select=["IMG004"]).findings] == [21]
    assert jsonl_lint.check(data(limit - 3), select=["IMG004"]).findings == []


def test_half_of_a_surrogate_pair_in_any_string_is_a_finding_and_no_crash() -> None:
    """Neither the proof of typed messages nor a repair of a text trips over it."""
    row = b'{"messages": [{"role": "user", "content": "\xc3\xa9"}, {"role": "gpt\\ud83d", "content": "\\ufffdx", "name": "a"},'
    row += b' {"role": "assistant", "content": "\xe2\x80\x8b\xe2\x80\x8bx\\ud83d"}]}\n'
    report = jsonl_lint.check(row, select=["JSN005", "MSG003", "QLT004"])
    assert {found.code for found in report.findings} == {"JSN005", "MSG003", "QLT004"}
