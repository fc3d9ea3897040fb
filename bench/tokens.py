"""Counting tokens: jsonl-lint against the loop of the OpenAI cookbook, on the same generated data, in one run.

    python bench/tokens.py [MEGABYTES] [FOLDER]

The data is multilingual chat with code and repeated system prompts. The loop is written after the cookbook's "Chat
fine-tuning data preparation": load everything, check the format, count the tokens of each example and those of its answers.
Each way runs in a process of its own, start-up included; the totals must be the same.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

WORDS = {
    "en": "the model answers a question about weather when people ask whether it would rain tomorrow in Northern Scotland",
    "it": "perché la città è così bella quando piove sulle strade dell'università e i ragazzi tornano a casa volentieri",
    "de": "die Straßenbahnhaltestelle liegt gegenüber dem größten Krankenhaus während der Übergangszeit natürlich später",
    "fr": "l'été dernier nous avons déjà mangé des crêpes près de la forêt où les élèves étudiaient leurs leçons",
    "ru": "сегодня утром мы обсуждали возможность построить новую дорогу между городами которая будет готова весной",
    "el": "η θάλασσα είναι πολύ ήρεμη σήμερα και τα παιδιά παίζουν στην παραλία μέχρι να δύσει ο ήλιος",
    "ar": "ذهب الأولاد إلى المدرسة في الصباح الباكر وكان المعلم ينتظرهم عند الباب الكبير",
    "hi": "बच्चे सुबह जल्दी विद्यालय गए और शिक्षक बड़े दरवाज़े पर उनकी प्रतीक्षा कर रहे थे",
    "ja": "今日は 天気が とても 良いので 公園まで 散歩に 行って お弁当を 食べました 東京の 大学で 勉強しています",
    "zh": "今天 天气 很好 我们 一起 去 公园 散步 然后 在 图书馆 学习 新的 编程 语言 和 人工智能",
    "ko": "오늘 날씨가 아주 좋아서 공원까지 산책을 가서 도시락을 먹었습니다 대학교에서 공부하고 있습니다",
    "th": "วันนี้ อากาศดีมาก เรา ไปเดินเล่น ที่สวนสาธารณะ และ กินข้าวกลางวัน ด้วยกัน",
}
SYSTEMS = [
    f"You are assistant number {number}. Answer briefly, kindly and in the user's language. " * 4 for number in range(8)
]
MARKS = [". ", ", ", "! ", "? ", ": ", "; ", "\n\n", "\n- ", " (2024) ", " 3.14 ", " 😀 ", " — "]
SYLLABLES = [
    "ba",
    "co",
    "di",
    "fu",
    "gra",
    "hel",
    "in",
    "jo",
    "kra",
    "lu",
    "men",
    "no",
    "pri",
    "qua",
    "ren",
    "sti",
    "tor",
    "ul",
    "ver",
    "wi",
    "xen",
    "yo",
    "zam",
]


def sources() -> list[str]:
    """Lines of code: those of the standard library."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = sorted(folder.glob("*.py"))[:120]
    return [line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]


def prose(chance: random.Random, size: int) -> str:
    """A text of about so many words in one language, with names that stand in no dictionary."""
    words = WORDS[chance.choice(list(WORDS))].split()
    parts = []
    for _ in range(size):
        unknown = chance.random() < 0.1
        parts.append("".join(chance.choices(SYLLABLES, k=3)).capitalize() if unknown else chance.choice(words))
        parts.append(" " if chance.random() < 0.85 else chance.choice(MARKS))
    return "".join(parts).strip()


def rows(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Examples without end."""
    code = sources()
    while True:
        messages = [{"role": "system", "content": chance.choice(SYSTEMS)}]
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            messages.append({"role": "user", "content": prose(chance, chance.randint(8, 120))})
            start = chance.randrange(len(code))
            body = "\n".join(code[start : start + chance.randint(5, 60)])
            answer = f"```python\n{body}\n```" if chance.random() < 0.4 else prose(chance, chance.randint(20, 250))
            messages.append({"role": "assistant", "content": answer})
        yield {"messages": messages}


def write(path: Path, megabytes: int) -> None:
    """Write the data."""
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        for row in rows(random.Random(7)):
            if file.tell() >= megabytes * 1_000_000:
                return
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def cookbook(path: str) -> None:
    """The cookbook's way, with the vocabulary of this package in place of the one that it downloads."""
    from jsonl_lint.tokens.vocabulary import load_encoding

    with open(path, encoding="utf-8-sig") as file:
        dataset = [json.loads(line) for line in file]
    errors = sum(1 for row in dataset for message in row["messages"] if not well_formed(message))
    encoding = load_encoding("o200k_base")
    lengths, answers = [], []
    for row in dataset:
        length = 3
        for message in row["messages"]:
            length += 3
            for key, value in message.items():
                length += len(encoding.encode(value, disallowed_special=())) + (key == "name")
        lengths.append(length)
        own = (message for message in row["messages"] if message["role"] == "assistant")
        answers.append(sum(len(encoding.encode(message["content"], disallowed_special=())) for message in own))
    print(json.dumps([sum(lengths), sum(answers), errors]))


def well_formed(message: dict[str, Any]) -> bool:
    """The cookbook's check of a message."""
    keys = {"role", "content", "name", "function_call", "weight"}
    known = message.get("role") in ("system", "user", "assistant", "function")
    return known and keys.issuperset(message) and isinstance(message.get("content"), str)


def ours(path: str) -> None:
    """jsonl-lint with everything that it checks."""
    import jsonl_lint

    report = jsonl_lint.check(path)
    assert report.tokens is not None
    print(json.dumps([report.tokens.total, report.tokens.trained, report.counts.error]))


def halves(path: str) -> None:
    """jsonl-lint's engine on two halves of the file, each in a process of its own, merged."""
    from jsonl_lint.partial import merge

    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 2)
        file.readline()
        middle = file.tell()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        left, right = pool.map(half, [path] * 2, [0, middle], [middle, size])
    (totals,) = merge(left, right).tokens.values()
    print(json.dumps([totals.total, totals.trained, sum(sum(count.values()) for count in left.counts.values())]))


def half(path: str, start: int, end: int) -> Any:
    """The result of a range of the file."""
    from jsonl_lint.config import Settings
    from jsonl_lint.engine import Range
    from jsonl_lint.plan import make_plan
    from jsonl_lint.source import blocks

    checked = Range(make_plan(Settings(), "sft"), path, start)
    with open(path, "rb") as file:
        file.seek(start)
        for block in blocks(lambda size: file.read(min(size, end - file.tell())), path):
            checked.feed(block)
    return checked.partial


WAYS = {"cookbook": cookbook, "ours": ours, "halves": halves}


def timed(way: str, path: Path, *, fast: bool) -> tuple[float, str]:
    """How long one way takes, and what it prints."""
    # A module that can't be imported stands for a package that is not installed.
    hidden = "" if fast else "import sys; sys.modules['splintr'] = None; "
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BENCH_HIDE": hidden}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, str(path)], env=environment, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start, done.stdout.strip()


def main(megabytes: int, folder: Path) -> None:
    """Write the data, run every way, print a table."""
    path = folder / f"bench-tokens-{megabytes}.jsonl"
    if not path.exists():
        write(path, megabytes)
    size = path.stat().st_size / 1e6
    print(f"{size:.0f} MB; Python {platform.python_version()}, {os.cpu_count()} cores")
    base, expected = timed("cookbook", path, fast=False)
    print(f"{'cookbook loop':<28}{base:8.1f} s {size / base:8.1f} MB/s     1.0 x   {expected}")
    for name, way, fast in (
        ("jsonl-lint", "ours", False),
        ("jsonl-lint, 2 processes", "halves", False),
        ("jsonl-lint[fast]", "ours", True),
        ("jsonl-lint[fast], 2 processes", "halves", True),
    ):
        seconds, totals = timed(way, path, fast=fast)
        same = json.loads(totals)[:2] == json.loads(expected)[:2]
        verdict = "" if same else f"   DIFFERENT: {totals}"
        print(f"{name:<28}{seconds:8.1f} s {size / seconds:8.1f} MB/s {base / seconds:7.1f} x{verdict}")


# Processes that are spawned import this file again, and must hide the package too.
if os.environ.get("BENCH_HIDE"):
    sys.modules["splintr"] = None  # type: ignore[assignment]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        WAYS[sys.argv[2]](sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, Path(sys.argv[2]) if len(sys.argv) > 2 else Path())
