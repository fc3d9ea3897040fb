"""Files to measure with: good lines of several kinds, all different, and a file in which every line is bad."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BOM = b"\xef\xbb\xbf"
FOLDER = Path(__file__).parent / "data"

# A file repeats so many lines, each time with another number in place of this mark.
TEMPLATES = 1500
MARK = "#0#"

ENGLISH_TEXT = (
    "the order was sent to your old address and the parcel came back please check which payment we should use for it "
    "a function that sorts the list returns a new one while the method changes it in place so choose what you need "
    "our warranty covers the battery for two years but not the cable thank you for your patience have a nice day"
)
ENGLISH = ENGLISH_TEXT.split()
OTHERS = tuple(
    text.split()
    for text in (
        "您好 我的 订单 还 没有 收到 请 帮我 查询 一下 物流 状态 谢谢 退款 已经 处理 完成",
        "注文 した 商品 が まだ 届いて いません 確認 お願い します 返品 交換 ありがとう ございます",
        "здравствуйте мой заказ ещё не пришёл помогите пожалуйста проверить статус доставки спасибо",
        "مرحبا طلبي لم يصل بعد من فضلك ساعدني في التحقق من حالة الشحن شكرا",
        "नमस्ते मेरा ऑर्डर अभी तक नहीं आया कृपया स्थिति जांचने में मदद करें धन्यवाद",
        "bonjour ma commande n'est pas encore arrivée pouvez-vous vérifier l'état de la livraison merci 🎉 👍",
    )
)
SYSTEM = {"role": "system", "content": "You are a helpful assistant of a mail-order shop. Answer briefly."}

Row = dict[str, Any]


def sentences(rng: random.Random, words: list[str], length: int) -> str:
    """Sentences of about so many characters, with some quotes, line breaks and dashes among them."""
    made: list[str] = []
    size = 0
    while size < length:
        sentence = " ".join(rng.choices(words, k=rng.randint(5, 16))).capitalize() + rng.choice(".?!")
        if rng.random() < 0.05:
            sentence = rng.choice((f'"{sentence}"', sentence + "\n", sentence + " \u2014 20 \u20ac."))
        made.append(sentence)
        size += len(sentence) + 1
    return " ".join(made)


def turns(rng: random.Random, words: list[str], count: int, lengths: tuple[int, int]) -> list[Row]:
    """A conversation; now and then an answer before the last one has a weight."""
    messages = [SYSTEM] if rng.random() < 0.8 else []
    for turn in range(count):
        question = sentences(rng, words, lengths[0]) + (f" {MARK}" if not turn else "")
        answer: Row = {"role": "assistant", "content": sentences(rng, words, lengths[1])}
        if rng.random() < 0.05:
            answer["weight"] = 1 if turn == count - 1 else rng.randint(0, 1)
        messages.extend(({"role": "user", "content": question}, answer))
    return messages


def short_chat(rng: random.Random) -> Row:
    """A chat of one or two turns, about 0.7 kB."""
    return {"messages": turns(rng, ENGLISH, rng.choice((1, 1, 2)), (90, 170))}


def long_chat(rng: random.Random) -> Row:
    """A chat of many turns, about 8 kB."""
    return {"messages": turns(rng, ENGLISH, rng.randint(5, 9), (230, 800))}


def foreign_chat(rng: random.Random) -> Row:
    """A chat in a language other than English."""
    return {"messages": turns(rng, list(rng.choice(OTHERS)), rng.randint(1, 3), (60, 150))}


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"Looks up the {name}.",
            "parameters": {
                "type": "object",
                "properties": {key: {"type": "string", "description": f"The {key}."} for key in ("id", "country")},
                "required": ["id"],
            },
        },
    }
    for name in ("order", "refund", "parcel", "customer")
]


def tool_chat(rng: random.Random) -> Row:
    """A chat in which tools are declared, called and answered."""
    messages: list[Row] = [SYSTEM]
    for turn in range(rng.randint(1, 3)):
        name = rng.choice(TOOLS)["function"]["name"]  # type: ignore[index]
        call = f"call_{turn}_{rng.getrandbits(40):x}"
        function = {"name": name, "arguments": json.dumps({"id": str(rng.randint(1, 10**6))})}
        result = json.dumps({"status": rng.choice(ENGLISH), "items": rng.sample(range(1000), 4)})
        question = sentences(rng, ENGLISH, 80) + (f" {MARK}" if not turn else "")
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "tool_calls": [{"id": call, "type": "function", "function": function}]},
            {"role": "tool", "tool_call_id": call, "content": result},
            {"role": "assistant", "content": sentences(rng, ENGLISH, 130)},
        ]
    return {"messages": messages, "tools": TOOLS}


def bad_chat(rng: random.Random) -> Row:
    """A chat with one of the defects that are seen most."""
    row = short_chat(rng)
    messages = row["messages"]
    way = rng.randrange(5)
    if way == 0:
        messages[-1]["role"] = "gpt"
    elif way == 1:
        messages[-1]["content"] = ""
    elif way == 2:
        messages[-1]["weight"] = 0.5
    elif way == 3:
        messages.pop()
    else:
        messages[-1]["text"] = messages[-1].pop("content")
    return row


KINDS: dict[str, tuple[Callable[[random.Random], Row], ...]] = {
    "text": (short_chat,) * 12 + (long_chat,),
    "tools": (tool_chat,),
    "multilingual": (foreign_chat,),
    "bad": (bad_chat,),
}


def templates(kind: str) -> list[bytes]:
    """The lines that a file repeats; of the bad ones every fourth is no JSON either."""
    rng = random.Random(20)
    makers = KINDS[kind]
    lines = [json.dumps(makers[at % len(makers)](rng), ensure_ascii=False).encode() + b"\n" for at in range(TEMPLATES)]
    return [line[:-3] + b"\n" if kind == "bad" and at % 4 == 0 else line for at, line in enumerate(lines)]


def numbered(lines: list[bytes]) -> Iterator[bytes]:
    """The lines again and again, no two the same."""
    number = 0
    while True:
        for line in lines:
            number += 1
            yield line.replace(MARK.encode(), b"%d" % number)


def make(kind: str, size: int) -> Path:
    """A file of a kind, of about so many bytes; it is kept for the next time."""
    path = FOLDER / f"{kind}-{size}.jsonl"
    if path.exists():
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(BOM)
        for line in numbered(templates(kind)):
            file.write(line)
            if file.tell() >= size:
                break
    return path


def ten_lines() -> Path:
    """A file of ten lines."""
    path = FOLDER / "ten.jsonl"
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_bytes(BOM + b"".join(line for line, _ in zip(numbered(templates("text")), range(10), strict=False)))
    return path
