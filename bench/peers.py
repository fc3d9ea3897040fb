"""What jsonl-lint is measured against, each as a command of its own: python bench/peers.py NAME FILE.

`orjson`: decode each line, nothing more. `cookbook`: the format checks of the OpenAI cookbook's notebook on the preparation
of chat data, written anew: the file is loaded whole, then one pass counts seven kinds of errors. `together`: the function
that the `together` client calls before an upload.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

KEYS = {"role", "content", "name", "function_call", "weight"}
ROLES = {"system", "user", "assistant", "function"}


def orjson_lines(path: str) -> object:
    """Decode each line; how many there are."""
    import orjson

    count = 0
    with open(path, "rb", buffering=1 << 20) as file:
        file.seek(3)
        for line in file:
            orjson.loads(line)
            count += 1
    return count


def cookbook(path: str) -> object:
    """Count the notebook's kinds of errors."""
    with open(path, encoding="utf-8-sig") as file:
        rows = [json.loads(line) for line in file]
    errors: Counter[str] = Counter()
    for row in rows:
        check_row(row, errors)
    return dict(errors)


def check_row(row: Any, errors: Counter[str]) -> None:
    """Count the errors of one row."""
    if not isinstance(row, dict):
        errors["data_type"] += 1
        return
    messages = row.get("messages", None)
    if not messages:
        errors["missing_messages_list"] += 1
        return
    for message in messages:
        check_message(message, errors)
    if not any(message.get("role", None) == "assistant" for message in messages):
        errors["example_missing_assistant_message"] += 1


def check_message(message: dict[str, Any], errors: Counter[str]) -> None:
    """Count the errors of one message."""
    if "role" not in message or "content" not in message:
        errors["message_missing_key"] += 1
    if any(key not in KEYS for key in message):
        errors["message_unrecognized_key"] += 1
    if message.get("role") not in ROLES:
        errors["unrecognized_role"] += 1
    content = message.get("content")
    if (not content and not message.get("function_call")) or not isinstance(content, str):
        errors["missing_content"] += 1


def together(path: str) -> object:
    """The report of together's `check_file`, of an installed client."""
    from together.lib.utils.files import check_file  # type: ignore[import-not-found]

    return check_file(Path(path))


PEERS = {"orjson": orjson_lines, "cookbook": cookbook, "together": together}

if __name__ == "__main__":
    print(PEERS[sys.argv[1]](sys.argv[2]))
