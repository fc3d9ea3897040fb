"""`{"prompt": ..., "completion": ...}`, and chat with one question and one answer."""

from __future__ import annotations

from typing import Any

from jsonl_lint.conversion.loss import Loss, only_keys, text_of
from jsonl_lint.conversion.turns import plain_turns

__all__ = ["from_chat", "to_chat"]


def to_chat(row: Any) -> dict[str, Any]:
    """A prompt and its completion as one turn of chat."""
    known = only_keys(row, ("prompt", "completion"), "")
    question, answer = text_of(known, "prompt", ""), text_of(known, "completion", "")
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def from_chat(row: dict[str, Any]) -> dict[str, Any]:
    """One turn of chat as a prompt and its completion."""
    turns = plain_turns(only_keys(row, ("messages",), ""))
    if [role for role, _ in turns] != ["user", "assistant"]:
        raise Loss("/messages", "a prompt and a completion have place for one question and one answer only")
    return {"prompt": turns[0][1], "completion": turns[1][1]}
