"""Counting tokens: jsonl-lint against the loop of the OpenAI cookbook, on the same generated data, in one run.

    python bench/tokens.py [MEGABYTES] [FOLDER]

The data is multilingual chat with code and repeated system prompts; its words are as unequally common as those of languages
are. The loop is written after the cookbook's "Data preparation and analysis for chat model fine-tuning": load everything,
check the format, count the tokens of each example and those of its answers, add up what is billed. Against it stand the same
of jsonl-lint (every rule off; structure, tokens and cost are all that is left) and the whole of `check`. Each way runs in a
process of its own, start-up included, with compiled modules as after an installation; the totals must be the same.
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
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

# Where all benchmarks keep their data, which git leaves alone.
DATA = Path(__file__).parent / "data"

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
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))
    own = [file for file in files if "site-packages" not in file.parts]
    return [line for file in own for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]


def vocabulary(chance: random.Random, language: str) -> list[str]:
    """Words that look like those of a language, thousands of them, the real ones among the commonest."""
    real = WORDS[language].split()
    starts = {word[:at] for word in real for at in range(1, len(word))}
    ends = {word[at:] for word in real for at in range(1, len(word))}
    made = sorted(start + end for start in starts for end in ends)
    chance.shuffle(made)
    return [*real, *made]


def prose(chance: random.Random, size: int, words: list[str]) -> str:
    """A text of about so many words, each about as common as its rank is low (Zipf), with names that are in no dictionary."""
    parts = []
    for _ in range(size):
        unknown = chance.random() < 0.03
        common = words[int(len(words) ** chance.random()) - 1]
        parts.append("".join(chance.choices(SYLLABLES, k=3)).capitalize() if unknown else common)
        parts.append(" " if chance.random() < 0.85 else chance.choice(MARKS))
    return "".join(parts).strip()


def rows(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Examples without end."""
    code = sources()
    vocabularies = [vocabulary(chance, language) for language in WORDS]
    while True:
        words = chance.choice(vocabularies)
        messages = [{"role": "system", "content": chance.choice(SYSTEMS)}]
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            messages.append({"role": "user", "content": prose(chance, chance.randint(8, 120), words)})
            start = chance.randrange(len(code))
            body = "\n".join(code[start : start + chance.randint(5, 60)])
            answer = (
                f"```python\n{body}\n```" if chance.random() < 0.4 else prose(chance, chance.randint(20, 250), words)
            )
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

    encoding = load_encoding("o200k_base")

    def tokens_of(messages: list[dict[str, Any]]) -> int:
        count = 0
        for message in messages:
            count += 3
            for key, value in message.items():
                count += len(encoding.encode(value)) + (key == "name")
        return count + 3

    def tokens_of_answers(messages: list[dict[str, Any]]) -> int:
        return sum(len(encoding.encode(message["content"])) for message in messages if message["role"] == "assistant")

    with open(path, encoding="utf-8-sig") as file:
        dataset = [json.loads(line) for line in file]
    errors = sum(1 for row in dataset for message in row["messages"] if not well_formed(message))
    lengths = [tokens_of(row["messages"]) for row in dataset]
    answers = [tokens_of_answers(row["messages"]) for row in dataset]
    billed = sum(min(16_385, length) for length in lengths)
    print(json.dumps([sum(lengths), sum(answers), errors, billed]))


def well_formed(message: dict[str, Any]) -> bool:
    """The cookbook's check of a message."""
    keys = {"role", "content", "name", "function_call", "weight"}
    known = message.get("role") in ("system", "user", "assistant", "function")
    return known and keys.issuperset(message) and isinstance(message.get("content"), str)


def ours(path: str, jobs: int, **options: Any) -> None:
    """jsonl-lint in so many processes."""
    import jsonl_lint

    report = jsonl_lint.check(path, jobs=jobs, **options)
    assert report.tokens is not None
    print(json.dumps([report.tokens.total, report.tokens.trained, report.counts.error]))


WAYS: dict[str, Callable[[str], None]] = {
    "cookbook": cookbook,
    "count 1": lambda path: ours(path, 1, ignore=["ALL"]),
    "count 2": lambda path: ours(path, 2, ignore=["ALL"]),
    "check 1": lambda path: ours(path, 1),
    "check 2": lambda path: ours(path, 2),
}


def timed(way: str, path: Path, *, fast: bool) -> tuple[float, float, str]:
    """How long one way takes, how much of the processors' time that is, and what it prints."""
    environment = {**os.environ, "BENCH_HIDE": "" if fast else "splintr"}
    environment["PYTHONPYCACHEPREFIX"] = str(path.parent / "compiled")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
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
    """Write the data, run every way, print a table in Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    path, small = folder / f"bench-tokens-{megabytes}.jsonl", folder / "bench-tokens-0.jsonl"
    for file, size in ((path, megabytes), (small, 1)):
        if not file.exists():
            write(file, size)
    for way in ("cookbook", "check 2"):
        timed(way, small, fast=True)
    size = path.stat().st_size / 1e6
    print(f"{size:.0f} MB; Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| way | wall | MB/s | times the loop's speed | processors' time |\n|---|---|---|---|---|")
    base, base_cpu, expected = timed("cookbook", path, fast=False)
    print(f"| cookbook loop | {base:.1f} s | {size / base:.0f} | 1.0 | {base_cpu:.1f} s |")
    for way, fast in product(WAYS, (False, True)):
        if way == "cookbook":
            continue
        seconds, cpu, totals = timed(way, path, fast=fast)
        what, _, jobs = way.partition(" ")
        name = f"{what}{' with `fast`' * fast}, {jobs} process{'es' * (jobs != '1')}"
        same = json.loads(totals)[:2] == json.loads(expected)[:2]
        verdict = "" if same else f" DIFFERENT: {totals} instead of {expected}"
        print(f"| {name} | {seconds:.1f} s | {size / seconds:.0f} | {base / seconds:.1f} | {cpu:.1f} s |{verdict}")
    print(f"\ntokens, tokens of answers, errors, billed tokens: {expected}")


# A module that can't be imported stands for a package that is not installed, in processes that are spawned too.
if os.environ.get("BENCH_HIDE"):
    sys.modules[os.environ["BENCH_HIDE"]] = None  # type: ignore[assignment]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        WAYS[sys.argv[2]](sys.argv[3])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, Path(sys.argv[2]) if len(sys.argv) > 2 else DATA)
