"""What the counts must come to: a plain loop over decoded rows with tiktoken, and a corpus to count."""

from __future__ import annotations

import json
import random
from typing import Any

from jsonl_lint.tokens.vocabulary import load_encoding

TEXTS = [
    "Hello, world! I'm sure you've seen 1234567 of these.",
    "Il gatto è sul tavolo; perché no? Größe, Straße, œuvre.",
    "誕生日おめでとうございます。你好，世界！안녕하세요",
    "مرحبا بالعالم، नमस्ते दुनिया, สวัสดีชาวโลก, Привет",
    "def f(x):\n\treturn {'a': x ** 2}  # ok\r\n\r\n\n   \n",
    "👩‍👩‍👧‍👦 🇮🇹 e\u0301 \u200b don'ſt",
    "<|endoftext|> <|im_start|>user",
    '{"nested": [1, 2.5, null, "\\"quoted\\""]}',
]
CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Zürich"}'}}


def example(chance: random.Random) -> dict[str, Any]:
    """A good example, with everything that a conversation may have but tools and images."""

    def text() -> str:
        return " ".join(chance.choices(TEXTS, k=chance.randint(1, 4)))

    messages: list[dict[str, Any]] = [{"role": "system", "content": "Answer in the user's language, briefly."}]
    for _ in range(chance.randint(1, 3)):
        messages.append({"role": "user", "content": text(), **chance.choice([{}, {"name": "Zoe-1"}])})
        messages.append({"role": "assistant", "content": text(), **chance.choice([{}, {"weight": 0}, {"weight": 1}])})
    messages.append({"role": "user", "content": [{"type": "text", "text": text()}, {"type": "text", "text": "?"}]})
    messages.append({"role": "assistant", "content": text()})
    return {"messages": messages}


def lines(count: int, seed: int = 1) -> list[bytes]:
    """The lines of a file of such examples."""
    chance = random.Random(seed)
    return [json.dumps(example(chance), ensure_ascii=chance.random() < 0.3).encode() + b"\n" for _ in range(count)]


def count(rows: list[dict[str, Any]], encoding: str = "o200k_base") -> dict[str, Any]:
    """The sums that a report must have."""
    encode = load_encoding(encoding).encode_ordinary
    lengths, by_role, trained, untrained = [], {}, 0, 0
    for row in rows:
        length = 3
        for message in row["messages"]:
            content = message["content"]
            texts = [content] if isinstance(content, str) else [part["text"] for part in content]
            spoken = sum(len(encode(text)) for text in texts)
            named = 1 + len(encode(message["name"])) if "name" in message else 0
            own = 3 + len(encode(message["role"])) + named + spoken
            by_role[message["role"]] = by_role.get(message["role"], 0) + own
            length += own
            if message["role"] == "assistant" and message.get("weight") == 0:
                untrained += spoken
            elif message["role"] == "assistant":
                trained += spoken
        lengths.append(length)
    lengths.sort()
    return {
        "total": sum(lengths),
        "trained": trained,
        "untrained": untrained,
        "by_role": by_role,
        "min": lengths[0],
        "p50": lengths[(len(lengths) - 1) // 2],
        "p95": lengths[-(-len(lengths) * 95 // 100) - 1],
        "max": lengths[-1],
        "mean": round(sum(lengths) / len(lengths), 1),
    }
