"""The example files under `fixtures/`: a good one, and one in which every line has a defect that people really make."""

from __future__ import annotations

import json

__all__ = ["fixtures"]

BOM = b"\xef\xbb\xbf"
SYSTEM = "You are the help desk of a public library. Answer in one or two sentences."

TURNS = [
    ("Can I renew a book that somebody else has reserved?", "No, a reserved book can't be renewed. Please return it by its due date."),
    ("How many books may I borrow at once?", "Up to twenty items, of which five may be films."),
    ("I lost my card. What now?", "Call us so that we can block it; a new one costs 3 euros at the desk."),
    ("Wie lange habt ihr samstags geöffnet?", "Samstags sind wir von 10 bis 16 Uhr da."),
    ("Do you have the city archive's maps?", "Maps from before 1950 are in the reading room on the second floor; they can't be borrowed."),
    ("Is there a fee for late returns?", "Yes, 20 cents for each day and item, at most 8 euros."),
    ("¿Puedo reservar una sala de estudio?", "Sí, en línea o en el mostrador, hasta dos horas al día."),
    ("Can my ten-year-old get a card?", "Yes, with the signature of a parent; until eighteen it is free."),
    ("The e-book app says 'device limit'. Why?", "An account can be used on six devices. Sign out on one that you no longer use."),
    ("図書館でコピーはできますか。", "はい、一階のコピー機で一枚十円です。"),
    ("Do you take donated novels?", "Gladly, if they are clean and not older than ten years; bring them to the desk."),
    ("Where do I find the sheet music?", "On the first floor, behind the film shelves, sorted by instrument."),
]  # fmt: skip


def example(question: str, answer: str) -> dict[str, object]:
    """One example of the help desk."""
    return {
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
    }


def lines() -> list[bytes]:
    """The good lines."""
    return [json.dumps(example(*turn), ensure_ascii=False).encode() for turn in TURNS]


def broken() -> list[bytes]:
    """The same lines, most of them with one defect."""
    good = lines()
    return [
        good[0],
        good[1].replace(b'"assistant"', b'"gpt"'),
        good[2].replace(b'desk."}]', b'desk.",}]'),
        good[3].replace("geöffnet".encode(), "geöffnet".encode("latin-1")),
        good[4][:-40],
        good[5].replace(b"}]}", b', "weight": 0.5}]}'),
        good[6].replace(b'"user", "content": ', b'"user", "content": null, "text": '),
        good[7].replace(b"'", b"").replace(b'"role": "system"', b'"role": "system", "role": "system"'),
        b"",
        good[8] + b" " + good[9],
        good[10].replace(b'{"messages"', b'{"id": 11, "messages"'),
        good[11].replace(b'"content": "On the first floor', b'"content": "", "note": "On the first floor'),
    ]


def fixtures() -> dict[str, bytes]:
    """What stands in each file of `fixtures/` that is made, by its name."""
    return {
        "library.jsonl": BOM + b"\n".join(lines()) + b"\n",
        "library-broken.jsonl": b"\n".join(broken()) + b"\n",
    }
