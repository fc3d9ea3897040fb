"""Good lines that several tests start from."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOM = b"\xef\xbb\xbf"
ROW = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
LINE = json.dumps(ROW).encode() + b"\n"


def good_line(number: int) -> bytes:
    """One of many good lines."""
    messages = [
        {"role": "system", "content": "Answer the question."},
        {"role": "user", "content": f"What is {number} plus {number}?"},
        {"role": "assistant", "content": f"It is {number + number}, of course."},
    ]
    return json.dumps({"messages": messages}).encode() + b"\n"


def good_data(count: int = 100) -> bytes:
    """A file that Azure OpenAI takes: a byte order mark, and different examples with a system message."""
    return BOM + b"".join(good_line(number) for number in range(count))
