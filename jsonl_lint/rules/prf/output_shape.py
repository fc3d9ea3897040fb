"""An output of a preference is missing or not of the right shape.

## What it does
Flags a line without `preferred_output` or `non_preferred_output`, names the key that seems to be meant (`chosen`,
`preferred_completion`, ...), an output that is no array or an empty one, one in which no message is the assistant's, and
messages of roles that an output does not take (Azure OpenAI takes assistant and tool).

## Why
The service refuses the line. Files made for other trainers have the answers as strings, under other names.

## How to repair
Write each output as an array of messages: `"preferred_output": [{"role": "assistant", "content": ...}]`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from jsonl_lint.rule import Case, Problem, Row, intended_role, rule
from jsonl_lint.rules.prf.input_shape import OTHER_NAMES as INPUT_NAMES
from jsonl_lint.rules.row.messages_missing import is_closest, stand_in
from jsonl_lint.rules.row.messages_type import holds_json
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind, quoted

INPUT = {"input": {"messages": [{"role": "user", "content": "What is the capital of France?"}]}}
ANSWER = {"role": "assistant", "content": "Paris"}
OTHER = {"role": "assistant", "content": "Lyon"}

OUTPUTS = ("preferred_output", "non_preferred_output")
OTHER_NAMES = {
    "preferred_output": ("chosen", "preferred", "preferred_completion", "accepted", "winner"),
    "non_preferred_output": ("rejected", "non_preferred", "non_preferred_completion", "dispreferred", "loser"),
}


def row(preferred: Any, other: Any = (OTHER,)) -> dict[str, Any]:
    """A preference with these outputs."""
    return {**INPUT, "preferred_output": preferred, "non_preferred_output": list(other)}


@rule(
    "PRF002",
    at=Row,
    severity="error",
    repair='write each output as an array: [{"role": "assistant", "content": ...}]',
    methods=["dpo"],
    gated=True,
    blocks=True,
    bad=[
        Case({**INPUT, "preferred_output": [ANSWER]}, at="", method="dpo"),
        Case({**INPUT, "chosen": [ANSWER], "rejected": [OTHER]}, at="", count=2, method="dpo"),
        Case({**INPUT, "prefered_output": [ANSWER], "non_preferred_output": [OTHER]}, at="", method="dpo"),
        Case(row("Paris"), at="/preferred_output", method="dpo"),
        Case(row(ANSWER), at="/preferred_output", method="dpo"),
        Case(row(None), at="/preferred_output", method="dpo"),
        Case(row([]), at="/preferred_output", method="dpo"),
        Case(row([{"role": "user", "content": "Paris"}]), count=2, method="dpo"),
        Case(row([ANSWER, {"role": "user", "content": "Why?"}]), at="/preferred_output/1/role", method="dpo"),
        Case(row([{"role": "tool", "tool_call_id": "a", "content": "1"}]), at="/preferred_output", method="dpo"),
        Case(row([ANSWER], []), at="/non_preferred_output", method="dpo"),
    ],
    good=[Case(row([ANSWER]), method="dpo")],
)
def output_shape(row: Row, facts: Facts) -> Iterator[Problem]:
    if not isinstance(row.value, dict):
        return
    for key in OUTPUTS:
        if key in row.value:
            yield from output_problems(row.value[key], key, facts)
            continue
        meant = meant_key(row.value, key, facts)
        yield Problem(f"no {key}" + (f" (is {quoted(meant)} meant?)" if meant is not None else ""))


def output_problems(output: Any, key: str, facts: Facts) -> Iterator[Problem]:
    """What is wrong with one output as a whole, and with the roles in it."""
    if not isinstance(output, list):
        what = "a string of JSON" if holds_json(output) else kind(output)
        yield Problem(f"{key} is {what}; it must be an array of messages", (key,))
        return
    if not output:
        yield Problem(f"{key} is empty; it must hold the assistant's message", (key,))
        return
    roles = [item.get("role") if isinstance(item, dict) else None for item in output]
    for index, role in enumerate(roles):
        # Of a role that the target does not know MSG003 speaks.
        if isinstance(role, str) and role in facts.roles and role not in facts.output_roles:
            taken = " or ".join(facts.output_roles)
            yield Problem(f"a message of the {role} in {key}; it takes {taken} only", (key, index, "role"))
    meant = [intended_role(role) for role in roles]
    if None not in meant and "assistant" not in meant:
        yield Problem(f"no message in {key} is the assistant's", (key,))


def meant_key(fields: dict[str, Any], missing: str, facts: Facts) -> str | None:
    """The key that seems to be meant as a missing output."""
    named = next((key for key in fields if key.strip().lower() in OTHER_NAMES[missing]), None)
    if named is not None:
        return named
    unknown = [key for key in fields if key not in facts.row_keys]
    return next((key for key in unknown if is_closest(missing, key.strip().lower(), facts.row_keys)), None)


def explained_keys(fields: dict[str, Any], facts: Facts) -> Collection[str]:
    """The keys of a preference of which the rules on its shape speak, so that no other rule needs to."""
    meant = [meant_key(fields, key, facts) for key in OUTPUTS if key not in fields]
    if "input" not in fields:
        meant.append(stand_in(fields, "input", facts.row_keys, INPUT_NAMES))
    return [key for key in meant if key is not None]
