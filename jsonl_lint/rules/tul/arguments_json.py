r"""The arguments of a call are no string that holds a JSON object.

## What it does
Flags `arguments` that is not a string (an object instead), or a string that holds something else than a JSON object:
broken or cut-off JSON, an array or a number, or a string of JSON once more (encoded twice).

## Why
The model learns to write the arguments as they stand there. What no program can read as an object makes it write calls
that fail; the service refuses anything but a string.

## How to repair
Write the arguments as JSON in a string: `"arguments": "{\"of\": \"France\"}"`; `"{}"` where there are none.

## Fix safety
Safe: an object is written as a string, one that was encoded twice is encoded once. Broken JSON has no fix, nor has an object
in which a key stands twice, a number would not stay the same or bytes are no UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from jsonl_lint.parts import ToolCall
from jsonl_lint.rule import Case, Problem, Repair, Replace, rule
from jsonl_lint.scan import scan
from jsonl_lint.targets import Facts
from jsonl_lint.text import kind

QUESTION = {"role": "user", "content": "What is the capital of France?"}
TOOLS = [{"type": "function", "function": {"name": "capital"}}]
AT = "/messages/1/tool_calls/0/function/arguments"
HARD = frozenset({"syntax", "several-values", "too-deep", "non-finite", "lone-surrogate"})


def row(arguments: Any) -> dict[str, Any]:
    """An example that ends with a call that has these arguments."""
    call = {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": arguments}}
    return {"messages": [QUESTION, {"role": "assistant", "tool_calls": [call]}], "tools": TOOLS}


@rule(
    "TUL005",
    at=ToolCall,
    severity="error",
    repair="write the arguments as a JSON object in a string",
    fixable="safe",
    gated=True,
    bad=[
        Case(row({"of": "France"}), at=AT, fixed=row('{"of": "France"}')),
        Case(row('"{\\"of\\": \\"France\\"}"'), at=AT, fixed=row('{"of": "France"}')),
        Case(row(None), at=AT),
        Case(row(["France"]), at=AT),
        Case(row(""), at=AT),
        Case(row("France"), at=AT),
        Case(row('["France"]'), at=AT),
        Case(row('"France"'), at=AT),
        Case(row('{"of": "Fra'), at=AT),
        Case(row("{'of': 'France'}"), at=AT),
        Case(row('{"of": "France",}'), at=AT),
        Case(row('{"of": NaN}'), at=AT),
        Case(row('{"of": "France"} {"of": "Spain"}'), at=AT),
        Case(row('{"a":' * 1500 + "1" + "}" * 1500), at=AT),
    ],
    good=[Case(row('{"of": "France"}')), Case(row("{}")), Case(row(' {"of": "\\u00c5land"}\n'))],
)
def arguments_json(call: ToolCall, facts: Facts) -> Iterator[Problem]:
    if "arguments" not in call.function:
        return
    arguments = call.function["arguments"]
    path = ("function", "arguments")
    if isinstance(arguments, dict):
        text = json.dumps(arguments, ensure_ascii=False)
        what = "arguments is an object; it must be a string that holds one"
        yield Problem(what, path, repair=rewritten("string", text))
        return
    if not isinstance(arguments, str):
        yield Problem(f"arguments is {kind(arguments)}; it must be a string that holds a JSON object", path)
        return
    why = why_broken(arguments)
    if why is not None:
        yield Problem(f"arguments holds no JSON: {why}", path)
        return
    value = orjson.loads(arguments)
    if isinstance(value, dict):
        return
    if read_arguments(value) is not None:
        what = "arguments is encoded twice: it holds a string that holds the object"
        yield Problem(what, path, repair=rewritten("object that is encoded once", value))
        return
    yield Problem(f"arguments holds {kind(value)}; it must hold a JSON object", path)


def why_broken(text: str) -> str | None:
    """Why a text is no JSON, in words; None if it is."""
    if not text.strip():
        return "it is empty; write {} where there are none"
    if read_arguments(text) is not None:
        return None
    written = text.encode("utf-8", "replace")
    fault = next((fault for fault in scan(written) if fault.kind in HARD), None)
    if fault is None:
        return None if decoded(text) is not None or text.strip() == "null" else "it can't be read"
    return fault.message


def read_arguments(text: Any) -> dict[str, Any] | None:
    """The object that a text holds as JSON; None if it holds none."""
    value = decoded(text)
    return value if isinstance(value, dict) else None


def decoded(text: Any) -> Any:
    """The value of a text that is JSON; None for anything else."""
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return None


def rewritten(what: str, text: str) -> Repair:
    """The repair that writes an object as the string that it should be."""
    return Repair(f"write it as a {what}", True, (Replace(("function", "arguments"), text),))
