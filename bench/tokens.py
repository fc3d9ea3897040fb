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


def ours(path: str, jobs: int) -> None:
    """jsonl-lint with everything that it checks, in so many processes."""
    import jsonl_lint

    report = jsonl_lint.check(path, jobs=jobs)
    assert report.tokens is not None
    print(json.dumps([report.tokens.total, report.tokens.trained, report.counts.error]))


def two(path: str) -> None:
    """jsonl-lint in two processes."""
    ours(path, 2)


def one(path: str) -> None:
    """jsonl-lint in one process."""
    ours(path, 1)


WAYS = {"cookbook": cookbook, "one": one, "two": two}


def timed(way: str, path: Path, *, fast: bool) -> tuple[float, float, str]:
    """How long one way takes, how much of the processors' time that is, and what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BENCH_HIDE": "" if fast else "splintr"}
    start, before = time.perf_counter(), processor_time()
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, str(path)], env=environment, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start, processor_time() - before, done.stdout.strip()


def processor_time() -> float:
    """The processors' time of all processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def main(megabytes: int, folder: Path) -> None:
    """Write the data, run every way, print a table."""
    path = folder / f"bench-tokens-{megabytes}.jsonl"
    if not path.exists():
        write(path, megabytes)
    size = path.stat().st_size / 1e6
    print(f"{size:.0f} MB; Python {platform.python_version()}, {os.cpu_count()} cores")
    base, base_cpu, expected = timed("cookbook", path, fast=False)
    print(f"{'':<30}{'wall':>9}{'':>12}{'':>10}{'processors':>14}")
    print(f"{'cookbook loop':<30}{base:8.1f} s{size / base:7.1f} MB/s{1:8.1f} x{base_cpu:12.1f} s")
    for name, way, fast in (
        ("jsonl-lint, 1 process", "one", False),
        ("jsonl-lint, 2 processes", "two", False),
        ("jsonl-lint[fast], 1 process", "one", True),
        ("jsonl-lint[fast], 2 processes", "two", True),
    ):
        seconds, cpu, totals = timed(way, path, fast=fast)
        same = json.loads(totals)[:2] == json.loads(expected)[:2]
        verdict = "" if same else f"   DIFFERENT: {totals} instead of {expected}"
        print(f"{name:<30}{seconds:8.1f} s{size / seconds:7.1f} MB/s{base / seconds:8.1f} x{cpu:12.1f} s{verdict}")
    print(f"tokens, tokens of answers, errors: {expected}")


# A module that can't be imported stands for a package that is not installed, in processes that are spawned too.
if os.environ.get("BENCH_HIDE"):
    sys.modules[os.environ["BENCH_HIDE"]] = None  # type: ignore[assignment]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        WAYS[sys.argv[2]](sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, Path(sys.argv[2]) if len(sys.argv) > 2 else Path())
