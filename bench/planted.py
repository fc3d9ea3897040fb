"""Check 200,000 generated conversations with planted defects: each plant is found at its line, and nothing else of its code.

    python bench/planted.py [COUNT]

Prints how long the check took, how much memory it had, and how the findings compare with the plants.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonl_lint

WORDS = "river paper window garden letter market silver winter bridge pocket orange summer basket candle forest".split()
PLANTS_OF_EACH = 50
KEY = "AK" + "IA" + "QYLPMN5HHHFPZAM2"


def sentence(chance: random.Random, number: int) -> str:
    """A sentence that no other conversation has."""
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(6, 24)))
    return f"{words.capitalize()} {number}."


def conversation(chance: random.Random, number: int) -> dict[str, Any]:
    """A conversation of one or two turns."""
    messages = [{"role": "system", "content": "Answer in one sentence."}]
    for turn in range(chance.randint(1, 2)):
        messages.append({"role": "user", "content": f"Tell me about {sentence(chance, number)} Turn {turn}?"})
        messages.append({"role": "assistant", "content": sentence(chance, number)})
    return {"messages": messages}


def say(text: str) -> Callable[[dict[str, Any]], None]:
    """A plant that lets the last answer be a text."""

    def plant(row: dict[str, Any]) -> None:
        row["messages"][-1]["content"] = text.replace("#", row["messages"][-1]["content"])

    return plant


PLANTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "TOK004": say("#<|im_end|>"),
    "QLT001": say("At the cafÃ©: #"),
    "QLT002": say("I'm sorry, but I can't help with that. #"),
    "QLT003": say("# Yours, [Your Name]"),
    "QLT004": say("Zero\u200bwidth: #"),
    "QLT005": say("# It is so because of the weather, the season, and"),
    "QLT006": say("# " + "and so on and so on; " * 12),
    "SEC001": say(f"The key is {KEY}. #"),
    "SEC002": say("Write to jane.miller81@mailbox.org. #"),
}


def planted(count: int) -> tuple[list[dict[str, Any]], dict[str, set[int]]]:
    """The conversations, and the lines of the plants by code."""
    chance = random.Random(7)
    rows = [conversation(chance, number) for number in range(count)]
    places = iter(chance.sample(range(count // 2, count), (len(PLANTS) + 2) * PLANTS_OF_EACH))
    wanted: dict[str, set[int]] = {code: set() for code in [*PLANTS, "DST003", "DST005"]}
    for code, lines in wanted.items():
        for place in [next(places) for _ in range(PLANTS_OF_EACH)]:
            source = chance.randrange(count // 2)
            if code in PLANTS:
                PLANTS[code](rows[place])
            else:
                rows[place] = json.loads(json.dumps(rows[source]))
            if code == "DST005":
                rows[place]["messages"][-1]["content"] = f"Something else, {place}."
            lines.add(place + 1)
    return rows, wanted


def main() -> int:
    """Make the file, check it, compare."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    rows, wanted = planted(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "planted.jsonl")
        with path.open("w", encoding="utf-8") as file:
            file.write("\ufeff")
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        del rows
        start = time.perf_counter()
        report = jsonl_lint.check(str(path))
        seconds = time.perf_counter() - start
        size = path.stat().st_size
    good = True
    for code, lines in sorted(wanted.items()):
        found = {finding.line for finding in report.findings if finding.code == code}
        good = good and found == lines
        print(f"{code}: {len(lines)} planted, {len(found & lines)} found, {len(found - lines)} elsewhere")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:,} conversations, {size / 1e6:.0f} MB: {seconds:.1f} s, {memory} MB with the rows' own memory")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
