"""Random lines in random spelling with known defects, each with the bytes that its repair must give."""

from __future__ import annotations

import json
from random import Random

TEXTS = ["Hi", "", "naïve 日本 🎉", 'say "no"', "a\\b", "line\nbreak\ttab", "{[,:]}", "\u2028", "null", "é" * 30, "0"]
ROLES = {"user": ["User", "human", " user ", "USER"], "assistant": ["gpt", "Assistant", "bot"]}
WEIGHTS = {b"1": [b"1.0", b"true", b'"1"', b"1e0"], b"0": [b"0.0", b"false", b'"0"', b"-0.0"]}

Pair = tuple[bytes, bytes]
"""Bytes with a defect, and the same repaired."""


def blanks(random: Random) -> bytes:
    """White space that a line may hold between two tokens."""
    return random.choice([b"", b"", b"", b" ", b"  ", b"\t"])


def spelled(text: str, random: Random) -> bytes:
    """A string as JSON, in one of its many spellings."""
    out = []
    for char in text:
        plain = json.dumps(char, ensure_ascii=False)[1:-1]
        escaped = json.dumps(char)[1:-1]
        code = f"\\u{ord(char):04X}" if ord(char) < 0x10000 else escaped
        out.append(random.choice([plain, plain, escaped, code]))
    return b'"' + "".join(out).encode() + b'"'


def text(random: Random) -> str:
    """Some text in which there is something to see."""
    return "x" + "".join(random.choices(TEXTS, k=random.randint(0, 3)))


def member(key: str, value: Pair, random: Random) -> Pair:
    """A member of an object."""
    start = spelled(key, random) + blanks(random) + b":" + blanks(random)
    return start + value[0], start + value[1]


def same(value: bytes) -> Pair:
    """What has no defect."""
    return value, value


def message(role: str, random: Random, unsafe: bool) -> Pair:
    """A message of a role, perhaps with defects."""
    wrong = random.random() < 0.3
    # A repaired role is written plainly; one that was good keeps its spelling.
    bad = spelled(random.choice(ROLES[role]), random)
    named = (bad, json.dumps(role).encode()) if wrong else same(spelled(role, random))
    members = [member("role", named, random), member("content", same(spelled(text(random), random)), random)]
    if unsafe and random.random() < 0.2:
        value = spelled(text(random), random)[:-1]
        members[1] = member("content", (value + rb"\ud83d" + b'"', value + rb"\ufffd" + b'"'), random)
    if role == "assistant" and random.random() < 0.5:
        good = random.choice([b"1", b"0"])
        members.append(member("weight", (random.choice([good, *WEIGHTS[good]]), good), random))
    random.shuffle(members)
    # What a message of an unknown role may hold is not known until the role has been repaired; then it goes too.
    extra = ["weight"] if role == "user" else []
    extra += ["id", "a/b"] if unsafe else []
    gone = [member(key, same(b"1"), random)[0] for key in extra if random.random() < 0.3]
    return with_extra(members, gone, random)


def with_extra(members: list[Pair], gone: list[bytes], random: Random) -> Pair:
    """An object of members, and of some that are to be taken out of it."""
    bad = good = b"{" + blanks(random)
    for extra in gone[1:]:
        bad += extra + blanks(random) + b"," + blanks(random)
    for index, (wrong, right) in enumerate(members):
        separator = b"," + blanks(random) if index else b""
        bad += separator + wrong
        good += separator + right
        before_comma = blanks(random)
        bad += before_comma
        good += before_comma
    if gone:
        bad += b"," + blanks(random) + gone[0]
    return bad + b"}", good + b"}"


def row(random: Random, unsafe: bool = False) -> Pair:
    """A line with one conversation."""
    roles = ["user", "assistant"] * random.randint(1, 3)
    parts = [message(role, random, unsafe) for role in roles]
    space = blanks(random)
    separator = b"," + space
    last = b"," + space if unsafe and random.random() < 0.2 else b""
    bad = b"[" + separator.join(part[0] for part in parts) + last + b"]"
    good = b"[" + separator.join(part[1] for part in parts) + (space if last else b"") + b"]"
    key = spelled("messages", random)
    return b"{" + key + b":" + bad + b"}", b"{" + key + b":" + good + b"}"


def file(random: Random, unsafe: bool = False) -> Pair:
    """A file of lines with defects of lines among them, and what it must become for a target that wants a mark."""
    bad: list[bytes] = []
    good = []
    # Two values on a line are told apart only if there is no fault in them.
    ends = [b"\n", b"\n", b"\r\n", b"\n\n", b"\n \t\n", b"\r", *([] if unsafe else [b""])]
    for _ in range(random.randint(1, 12)):
        wrong, right = row(random, unsafe)
        mark = b"\xef\xbb\xbf" if bad and bad[-1].endswith(b"\n") and random.random() < 0.1 else b""
        bad.append(mark + wrong)
        good.append(right + b"\n")
        bad.append(random.choice(ends))
    if bad[-1] in (b"", b"\r") or random.random() < 0.5:
        bad[-1] = random.choice([b"", b"\n", b"\r", b"\r\n"])
    head = random.choice([b"", b"\xef\xbb\xbf"])
    return head + b"".join(bad), b"\xef\xbb\xbf" + b"".join(good)


KEY = "AK" + "IA" + "QYLPMN5HHHFPZAM2"
MAIL = "jane.miller81@mailbox.org"
CONTENT: dict[str, tuple[str, str]] = {
    "QLT001": ("We met at the cafÃ© then.", "We met at the café then."),
    "QLT004": ("Zero\u200bwidth it was.", "Zerowidth it was."),
    "SEC001": (f"The key is {KEY} here.", "The key is [aws-access-key] here."),
    "SEC002": (f"Write to {MAIL} now.", "Write to [email] now."),
}
"""Texts in which a rule on content finds something, and the same repaired; placeholders without what makes them stable."""


def anew(value: object, random: Random) -> bytes:
    """A value in random spelling and order of keys."""
    if isinstance(value, str):
        return spelled(value, random)
    if isinstance(value, list):
        return b"[" + (b"," + blanks(random)).join(anew(item, random) for item in value) + b"]"
    assert isinstance(value, dict)
    members = [spelled(key, random) + blanks(random) + b":" + anew(item, random) for key, item in value.items()]
    random.shuffle(members)
    return b"{" + (b"," + blanks(random)).join(members) + b"}"


def dataset(random: Random) -> tuple[list[bytes], list[object], set[int]]:
    """Lines with defects of content and repeated examples, what each of them is to mean, and which of them repeat."""
    lines: list[bytes] = []
    meant: list[object] = []
    again: set[int] = set()
    for number in range(random.randint(2, 14)):
        if lines and random.random() < 0.3:
            source = random.choice([place for place in range(len(lines)) if place not in again])
            again.add(number)
            lines.append(anew(json.loads(lines[source]), random))
            meant.append(meant[source])
            continue
        wrong, right = random.choice([*CONTENT.values(), ("All is well.", "All is well.")])
        texts = [("user", f"What of {number}?"), ("assistant", f"It is {number}. #")]
        rows = [
            {"messages": [{"role": role, "content": text.replace("#", end)} for role, text in texts]}
            for end in (wrong, right)
        ]
        lines.append(anew(rows[0], random))
        meant.append(rows[1])
    return lines, meant, again
