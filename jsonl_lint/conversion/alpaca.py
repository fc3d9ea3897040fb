"""Alpaca: `{"instruction": ..., "input": ..., "output": ..., "system": ..., "history": [[question, answer], ...]}`.

`input` is joined to the instruction with a blank line, as the models that were trained on the format have read it. The way
back gives an instruction that holds both.
"""

from __future__ import annotations

from typing import Any

from jsonl_lint.conversion.loss import Loss, only_keys, text_of
from jsonl_lint.conversion.turns import dialogue

__all__ = ["from_chat", "to_chat"]

KEYS = ("instruction", "input", "output", "system", "history")


def to_chat(row: Any) -> dict[str, Any]:
    """An instruction, what came before it, and its answer, as chat."""
    known = only_keys(row, KEYS, "")
    messages = []
    if known.get("system") not in (None, ""):
        messages.append({"role": "system", "content": text_of(known, "system", "")})
    for index, pair in enumerate(history_of(known)):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise Loss(f"/history/{index}", "is no pair of question and answer")
        messages += turn(pair[0], pair[1])
    messages += turn(question_of(known), text_of(known, "output", ""))
    return {"messages": messages}


def from_chat(row: dict[str, Any]) -> dict[str, Any]:
    """Chat as an instruction with what came before it."""
    system, turns = dialogue(only_keys(row, ("messages",), ""))
    if system == "":
        raise Loss("/messages/0", "an empty system message would be lost")
    *history, (question, answer) = turns
    converted: dict[str, Any] = {"instruction": question, "input": "", "output": answer}
    if system is not None:
        converted["system"] = system
    if history:
        converted["history"] = [list(pair) for pair in history]
    return converted


def history_of(row: dict[str, Any]) -> list[Any]:
    """The earlier questions and answers."""
    history = row.get("history")
    if history is not None and not isinstance(history, list):
        raise Loss("/history", "is no array")
    return history or []


def question_of(row: dict[str, Any]) -> str:
    """The instruction with its input."""
    instruction = text_of(row, "instruction", "")
    return f"{instruction}\n\n{text_of(row, 'input', '')}" if row.get("input") not in (None, "") else instruction


def turn(question: str, answer: str) -> list[dict[str, str]]:
    """A question and its answer as messages."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
