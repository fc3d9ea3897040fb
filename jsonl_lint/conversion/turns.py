"""Conversations in which everything said is text."""

from __future__ import annotations

from typing import Any

from jsonl_lint.conversion.loss import Loss, only_keys, text_of

__all__ = ["dialogue", "messages_of", "plain_turns"]


def messages_of(row: dict[str, Any]) -> list[Any]:
    """The messages of a chat line; `Loss` if it has none."""
    messages = row.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Loss("/messages", "is missing or empty")
    return messages


def plain_turns(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Role and text of each message; `Loss` where a message is more than that."""
    turns = []
    for index, message in enumerate(messages_of(row)):
        pointer = f"/messages/{index}"
        known = only_keys(message, ("role", "content"), pointer)
        turns.append((text_of(known, "role", pointer), text_of(known, "content", pointer)))
    return turns


def dialogue(row: dict[str, Any]) -> tuple[str | None, list[tuple[str, str]]]:
    """The system message, if there is one, and questions with their answers; `Loss` for any other order of roles."""
    turns = plain_turns(row)
    system = turns[0][1] if turns[0][0] == "system" else None
    rest = turns if system is None else turns[1:]
    roles = [role for role, _ in rest]
    if not rest or roles != ["user", "assistant"] * (len(rest) // 2):
        raise Loss("/messages", "there is place for a system message first, then questions and answers in turn")
    texts = [text for _, text in rest]
    return system, list(zip(texts[::2], texts[1::2], strict=True))
