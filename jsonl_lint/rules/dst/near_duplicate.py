"""Examples are almost the same.

## What it does
Gathers examples whose texts (those of all messages but system messages) are alike, and gives one finding for each cluster,
with its lines. Alike means that of the runs of three words (of four characters in scripts without spaces) at least 80 in
100 are shared, as estimated by MinHash with 128 permutations: true likeness lies within 8 in 100 of that. Equal texts are
not counted; of equal examples `DST003` speaks.

It needs the extra `quality` and 512 bytes of memory for each example, and is off unless it is selected.

## Why
The same example with another name or number teaches little, and gives its subject more weight than it should have.

## How to repair
Keep the best one of each cluster.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from xxhash import xxh3_64_intdigest

from jsonl_lint.errors import UsageError
from jsonl_lint.rule import Case, Example, FileSummary, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural

PERMUTATIONS = 128
BAND = 4
THRESHOLD = 0.8
WORDS, CHARACTERS = 3, 4
SEED = 42
SHOWN = 10

LONG = "The library is open from nine to five on weekdays, and from ten to four on Saturdays; on Sundays it is closed all day"
QUESTION = {
    "role": "user",
    "content": "When is the library open, please? I would like to bring back a few books this week.",
}


def row(answer: str) -> dict[str, Any]:
    """A row with an answer."""
    return {"messages": [QUESTION, {"role": "assistant", "content": answer}]}


@rule(
    "DST004",
    at=Example,
    severity="info",
    repair="keep the best one of each cluster",
    default=False,
    bad=[
        Case([row(LONG + "."), row("Bye"), row(LONG + " long.")], line=3),
        Case([row(LONG), row(LONG + "!"), row(LONG + " today")], count=1, line=2),
    ],
    good=[Case([row(LONG), row(LONG)]), Case([row(LONG), row("Bye")])],
)
class NearDuplicate:
    """The MinHash signature and a fingerprint of each example's text, and the line on which it stands."""

    def __init__(self, facts: Facts) -> None:
        try:
            import rensa
        except ImportError:
            raise UsageError("DST004 needs the extra: pip install 'jsonl-lint[quality]'") from None
        self.signature = rensa.RMinHash
        self.signatures = array("I")
        self.exact = array("Q")
        self.lines = array("Q")

    def __getstate__(self) -> dict[str, Any]:
        """The state for another process, which has what makes signatures itself."""
        return {name: value for name, value in self.__dict__.items() if name != "signature"}

    def add(self, example: Example) -> None:
        """Take in one example; one without text says nothing."""
        text = "\n".join(texts_of(example.value))
        found = shingles(text)
        if not found:
            return
        signature = self.signature(num_perm=PERMUTATIONS, seed=SEED)
        signature.update(found)
        self.signatures.extend(signature.digest())
        self.exact.append(xxh3_64_intdigest(" ".join(text.split()).encode("utf-8", "replace")))
        self.lines.append(example.line)

    def merge(self, other: NearDuplicate, lines: int) -> None:
        """Take in the state of the range that follows; its line numbers begin after `lines` lines."""
        self.signatures.extend(other.signatures)
        self.exact.extend(other.exact)
        self.lines.extend(line + lines for line in other.lines)

    def finish(self, file: FileSummary) -> Iterator[Problem]:
        """One problem for each cluster."""
        for cluster in self.clusters():
            lines = [self.lines[index] for index in cluster]
            shown = ", ".join(f"{line:,}" for line in lines[:SHOWN]) + (", ..." if len(lines) > SHOWN else "")
            message = f"{plural(len(lines), 'example')} are almost the same: lines {shown}"
            yield Problem(message, plain=message, line=lines[1], lines=len(lines))

    def clusters(self) -> Iterator[list[int]]:
        """The examples that are alike, directly or through others, equal ones once; in order of their first lines."""
        parents = list(range(len(self.lines)))
        buckets: dict[tuple[int, bytes], int] = {}
        for index in range(len(parents)):
            for band in range(PERMUTATIONS // BAND):
                start = index * PERMUTATIONS + band * BAND
                first = buckets.setdefault((band, self.signatures[start : start + BAND].tobytes()), index)
                if first != index and root(parents, first) != root(parents, index) and self.alike(first, index):
                    parents[root(parents, index)] = root(parents, first)
        members: dict[int, dict[int, int]] = {}
        for index in range(len(parents)):
            members.setdefault(root(parents, index), {}).setdefault(self.exact[index], index)
        yield from sorted(sorted(distinct.values()) for distinct in members.values() if len(distinct) > 1)

    def alike(self, one: int, two: int) -> bool:
        """Whether the estimated likeness of two examples reaches the threshold."""
        left = self.signatures[one * PERMUTATIONS : (one + 1) * PERMUTATIONS]
        right = self.signatures[two * PERMUTATIONS : (two + 1) * PERMUTATIONS]
        return sum(a == b for a, b in zip(left, right, strict=True)) >= THRESHOLD * PERMUTATIONS


def root(parents: list[int], index: int) -> int:
    """The example that stands for the cluster of this one; the way there is shortened."""
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def texts_of(value: Any) -> Iterator[str]:
    """The texts of all messages in a value, those of system messages left out."""
    if isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict) and value.get("role") not in ("system", "developer"):
        for key in ("input", "messages", "content", "text", "prompt", "completion"):
            inner = value.get(key)
            if isinstance(inner, str):
                yield inner
            else:
                yield from texts_of(inner)
        for key in ("preferred_output", "non_preferred_output"):
            yield from texts_of(value.get(key))


def shingles(text: str) -> list[str]:
    """The runs of words in a text; of characters where it has hardly any spaces."""
    words = text.split()
    if len(text) > 20 * len(words):
        return [text[start : start + CHARACTERS] for start in range(max(len(text) - CHARACTERS + 1, 1))]
    return [" ".join(words[start : start + WORDS]) for start in range(max(len(words) - WORDS + 1, 1))] if words else []
