"""ShareGPT: `{"conversations": [{"from": "human", "value": ...}, {"from": "gpt", "value": ...}], "system": ..., "tools": ...}`.

Calls of tools are turns `function_call`, whose value is JSON with `name` and `arguments`; their results are turns
`observation`; `tools` is JSON as a string. Calls have no ids there: on the way to chat they are numbered, and on the way
back only such numbers can be left out.
"""

from __future__ import annotations

import json
from typing import Any

from jsonl_lint.conversion.loss import Loss, only_keys, text_of
from jsonl_lint.conversion.turns import messages_of

__all__ = ["from_chat", "to_chat"]

ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "system": "system",
    "function_call": "call",
    "observation": "tool",
    "tool": "tool",
}
NAMES = {"user": "human", "assistant": "gpt", "system": "system"}


def to_chat(row: Any) -> dict[str, Any]:
    """The turns as messages."""
    known = only_keys(row, ("conversations", "system", "tools"), "")
    turns = known.get("conversations")
    if not isinstance(turns, list) or not turns:
        raise Loss("/conversations", "is missing or empty")
    messages: list[dict[str, Any]] = []
    if known.get("system") not in (None, ""):
        messages.append({"role": "system", "content": text_of(known, "system", "")})
    calls = 0
    for index, turn in enumerate(turns):
        message = message_of(turn, f"/conversations/{index}", calls)
        calls += "tool_calls" in message
        messages.append(message)
    converted: dict[str, Any] = {"messages": messages}
    if known.get("tools") not in (None, ""):
        converted["tools"] = tools_of(known)
    return converted


def message_of(turn: Any, pointer: str, calls: int) -> dict[str, Any]:
    """One turn as a message; `calls` is how many calls came before it."""
    known = only_keys(turn, ("from", "value"), pointer)
    spelled, value = text_of(known, "from", pointer), text_of(known, "value", pointer)
    role = ROLES.get(spelled)
    if role is None:
        raise Loss(f"{pointer}/from", f"unknown speaker {spelled!r}")
    if role == "call":
        return {"role": "assistant", "tool_calls": [call_of(value, pointer, calls + 1)]}
    if role == "tool":
        if not calls:
            raise Loss(pointer, "the result of a tool that was not called")
        return {"role": "tool", "tool_call_id": f"call_{calls}", "content": value}
    return {"role": role, "content": value}


def call_of(value: str, pointer: str, number: int) -> dict[str, Any]:
    """The call of a tool from its JSON."""
    call = only_keys(parsed(value, f"{pointer}/value"), ("name", "arguments"), f"{pointer}/value")
    if not isinstance(call.get("arguments"), dict):
        raise Loss(f"{pointer}/value/arguments", "is no object")
    function = {"name": text_of(call, "name", f"{pointer}/value"), "arguments": written(call["arguments"])}
    return {"id": f"call_{number}", "type": "function", "function": function}


def tools_of(row: dict[str, Any]) -> list[Any]:
    """The declared tools as chat declares them."""
    tools = parsed(text_of(row, "tools", ""), "/tools")
    if not isinstance(tools, list):
        raise Loss("/tools", "is no array")
    is_wrapped = [isinstance(tool, dict) and tool.get("type") == "function" and "function" in tool for tool in tools]
    return [
        tool if wrapped else {"type": "function", "function": tool}
        for tool, wrapped in zip(tools, is_wrapped, strict=True)
    ]


def from_chat(row: dict[str, Any]) -> dict[str, Any]:
    """The messages as turns."""
    known = only_keys(row, ("messages", "tools"), "")
    turns = []
    calls = 0
    for index, message in enumerate(messages_of(known)):
        pointer = f"/messages/{index}"
        is_call = isinstance(message, dict) and "tool_calls" in message
        calls += is_call
        turns.append(call_turn(message, pointer, calls) if is_call else text_turn(message, pointer, calls))
    converted: dict[str, Any] = {"conversations": turns}
    if "tools" in known:
        converted["tools"] = written([declared(tool, f"/tools/{i}") for i, tool in enumerate(tools_list(known))])
    return converted


def text_turn(message: Any, pointer: str, calls: int) -> dict[str, str]:
    """A message that is text as a turn."""
    is_result = isinstance(message, dict) and message.get("role") == "tool"
    known = only_keys(message, ("role", "content", *(["tool_call_id"] if is_result else [])), pointer)
    if is_result:
        check_number(known.get("tool_call_id"), calls, f"{pointer}/tool_call_id")
        return {"from": "observation", "value": text_of(known, "content", pointer)}
    role = text_of(known, "role", pointer)
    if role not in NAMES:
        raise Loss(f"{pointer}/role", f"there is no speaker for {role!r}")
    return {"from": NAMES[role], "value": text_of(known, "content", pointer)}


def call_turn(message: dict[str, Any], pointer: str, number: int) -> dict[str, str]:
    """A message that calls one tool as a turn."""
    known = only_keys(message, ("role", "tool_calls"), pointer)
    calls = known["tool_calls"]
    if not isinstance(calls, list) or len(calls) != 1:
        raise Loss(f"{pointer}/tool_calls", "there is place for one call in a turn")
    place = f"{pointer}/tool_calls/0"
    call = only_keys(calls[0], ("id", "type", "function"), place)
    check_number(call.get("id"), number, f"{place}/id")
    function = only_keys(call.get("function"), ("name", "arguments"), f"{place}/function")
    arguments = parsed(text_of(function, "arguments", f"{place}/function"), f"{place}/function/arguments")
    if written(arguments) != function["arguments"]:
        raise Loss(f"{place}/function/arguments", "the spelling of its JSON would be lost")
    name = text_of(function, "name", f"{place}/function")
    return {"from": "function_call", "value": written({"name": name, "arguments": arguments})}


def check_number(identity: Any, number: int, pointer: str) -> None:
    """`Loss` if the id of a call is not the number that it would get again."""
    if identity != f"call_{number}":
        raise Loss(pointer, f"the id would be lost: {identity!r}")


def tools_list(row: dict[str, Any]) -> list[Any]:
    """The tools of a chat line."""
    if not isinstance(row["tools"], list) or not row["tools"]:
        raise Loss("/tools", "is no array with something in it")
    return row["tools"]


def declared(tool: Any, pointer: str) -> Any:
    """A tool of chat as ShareGPT declares it: the function alone."""
    return only_keys(tool, ("type", "function"), pointer).get("function")


def parsed(text: str, pointer: str) -> Any:
    """The value of JSON that stands in a string."""
    try:
        return json.loads(text)
    except ValueError:
        raise Loss(pointer, "is not JSON") from None


def written(value: Any) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)
