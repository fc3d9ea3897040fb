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


DATASET = ("DST003", "DST005", "DST006", "DST007", "DST009", "DST010")
# A model that is near its end on this day.
SETTINGS = {"model": "gpt-4o", "today": "2027-09-30"}

Rows = list[dict[str, Any]]


class Planting:
    """Conversations, those of a validation file, and the lines of what was planted in them, by code."""

    def __init__(self, count: int) -> None:
        self.chance = random.Random(7)
        self.rows: Rows = [conversation(self.chance, number) for number in range(count)]
        self.held_out: Rows = [conversation(self.chance, count + number) for number in range(PLANTS_OF_EACH)]
        kinds = len(PLANTS) + len(DATASET)
        self.places = iter(self.chance.sample(range(count // 2, count), kinds * PLANTS_OF_EACH))
        self.wanted: dict[str, set[int]] = {code: set() for code in sorted([*PLANTS, *DATASET])}
        for code, plant in PLANTS.items():
            for place in self.taken():
                plant(self.rows[place])
                self.wanted[code].add(place + 1)
        self.repeat()
        self.overlap()
        self.vary_systems()
        self.vary_tools()
        # What concerns the whole of the file is said on its first line.
        self.wanted["DST010"].add(1)

    def taken(self) -> list[int]:
        """Places in the second half, each given once; in order."""
        return sorted(next(self.places) for _ in range(PLANTS_OF_EACH))

    def repeat(self) -> None:
        """Examples that stand in the first half too, and such with another answer."""
        for code in ("DST003", "DST005"):
            for place in self.taken():
                source = self.rows[self.chance.randrange(len(self.rows) // 2)]
                self.rows[place] = json.loads(json.dumps(source, sort_keys=True))
                if code == "DST005":
                    self.rows[place]["messages"][-1]["content"] = f"Something else, {place}."
                self.wanted[code].add(place + 1)

    def overlap(self) -> None:
        """Examples of which the validation file holds the whole, or the prompt."""
        for number, place in enumerate(self.taken()):
            held = json.loads(json.dumps(self.rows[place]))
            if number % 2:
                held["messages"][-1]["content"] = f"Another answer, {place}."
            self.held_out.append(held)
            self.wanted["DST006"].add(place + 1)

    def vary_systems(self) -> None:
        """One system message that is another one, and many spellings of the common one."""
        first, *others = self.taken()
        self.rows[first]["messages"][0]["content"] = "Tell a joke in each answer."
        for number, place in enumerate(others):
            spaces, mark = " " * (number // 2 + 1), "!?"[number % 2]
            self.rows[place]["messages"][0]["content"] = f"answer{spaces}in one sentence{mark}"
        self.wanted["DST007"] = {place + 1 for place in (first, *others)}

    def vary_tools(self) -> None:
        """Pairs of examples that declare a tool of one name in two ways; that all others declare none is said once."""
        places = self.taken()
        for number, place in enumerate(places):
            parameters = {"type": "object", "properties": {"of": {"type": ("string", "integer")[number % 2]}}}
            function = {"name": f"look_up_{number // 2}", "description": "Looks up.", "parameters": parameters}
            self.rows[place]["tools"] = [{"type": "function", "function": function}]
        self.wanted["DST009"] = {1, *(place + 1 for place in places[1::2])}

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the file for training and that for validation."""
        paths = folder / "planted.jsonl", folder / "held-out.jsonl"
        for path, rows in zip(paths, (self.rows, self.held_out), strict=True):
            with path.open("w", encoding="utf-8") as file:
                file.write("\ufeff")
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return paths


def lines_of(report: jsonl_lint.Report, path: Path, code: str) -> list[int]:
    """The lines of a rule's findings in a file."""
    return sorted(found.line or 0 for found in report.findings if (found.code, found.path) == (code, str(path)))


def main() -> int:
    """Make the files, check them, compare."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    planting = Planting(count)
    wanted = planting.wanted
    with tempfile.TemporaryDirectory() as folder:
        path, held_out = planting.write(Path(folder))
        del planting
        start = time.perf_counter()
        report = jsonl_lint.check(str(path), validation=[str(held_out)], jobs=1, **SETTINGS)
        seconds = time.perf_counter() - start
        shared = jsonl_lint.check(str(path), validation=[str(held_out)], jobs=4, **SETTINGS)
        size = path.stat().st_size
        found = {code: lines_of(report, path, code) for code in wanted}
    good = report.to_json() == shared.to_json()
    for code, lines in wanted.items():
        good = good and found[code] == sorted(lines)
        hit = lines & {*found[code]}
        print(f"{code}: {len(lines)} planted, {len(hit)} found, {len(found[code]) - len(hit)} elsewhere")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:,} conversations, {size / 1e6:.0f} MB: {seconds:.1f} s, {memory} MB with the rows' own memory")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
