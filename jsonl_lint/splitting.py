"""A training and a validation file out of one, with nothing that stands in both.

Lines with the same prompt go to the same side, so that equal examples do too. Which side is drawn from the prompt and
the seed alone: the same data and seed give the same files, in whatever order the lines stand.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, Literal

import msgspec
import orjson

from jsonl_lint.atomic import written_whole
from jsonl_lint.errors import InputError, UsageError
from jsonl_lint.packing import compressed, compression_of
from jsonl_lint.source import BLOCK_BYTES, Input, blocks, open_input
from jsonl_lint.text import BOM, plural

__all__ = ["SplitResult", "split"]

Stratum = Literal["system", "tools"]

BUCKET_BITS = 16
HASH_BITS = 64


class SplitResult(msgspec.Struct, frozen=True):
    """How many examples each of the two files got."""

    train: int
    validation: int


def split(
    source: str | os.PathLike[str],
    train: str | os.PathLike[str],
    validation: str | os.PathLike[str],
    *,
    share: float | None = None,
    count: int | None = None,
    seed: int = 0,
    stratify: Stratum | None = None,
) -> SplitResult:
    """Write a share of the examples (default 0.1), or so many, to `validation` and the rest to `train`.

    Lines are copied byte for byte. A group of lines with the same prompt that is too large for what is left goes to
    the training file, so that validation may get fewer. `stratify` draws from each system message, or from each set of
    tools, in proportion. Memory holds ten bytes for each example. `InputError` for a line that is no JSON object, and
    `UsageError` where one of the files would be empty.
    """
    path = os.fspath(source)
    if share is not None and count is not None:
        raise UsageError("split: give a share or a count, not both")
    with open_input(path) as opened:
        examples = Examples(opened, seed, stratify)
        opened.verify_unchanged(examples.bytes_read)
    wanted = examples.size_of(0.1 if share is None else share) if count is None else count
    if not 0 < wanted < len(examples.hashes):
        raise UsageError(
            f"split: {plural(wanted, 'example')} of {len(examples.hashes):,} for validation leave a file empty"
        )
    bounds = examples.bounds(wanted)
    if not any(examples.sides(bounds)):
        raise UsageError(
            f"split: the first of the examples that are drawn have the same prompt and are more than {wanted:,}, so that none"
            " is left for validation; take a larger share or another seed"
        )
    return write(path, examples, bounds, (os.fspath(train), os.fspath(validation)))


class Examples:
    """What is known of each example: the hash of its prompt, and the number of its stratum."""

    def __init__(self, opened: Input, seed: int, stratify: Stratum | None) -> None:
        self.hashes = array("Q")
        self.strata = array("L")
        self.bytes_read = 0
        numbers: dict[bytes, int] = {}
        key = str(seed).encode()
        for number, line in enumerate(self.lines(opened), 1):
            if not line.strip():
                continue
            row = parsed(line, opened.path, number)
            stratum = digest(stratum_of(row, stratify), b"")
            prompt = [prompt_of(row), stratum_of(row, stratify)] if stratify else prompt_of(row)
            self.hashes.append(int.from_bytes(digest(prompt, key), "big"))
            self.strata.append(numbers.setdefault(stratum, len(numbers)))

    def lines(self, opened: Input) -> Iterator[bytes]:
        """The lines of the file, without their line ends and the byte order mark."""
        for block in blocks(opened.read, opened.path):
            text = block.removeprefix(BOM) if self.bytes_read == 0 else block
            self.bytes_read += len(block)
            yield from text.removesuffix(b"\n").split(b"\n")

    def size_of(self, share: float) -> int:
        """How many examples a share is, one at least; `UsageError` for what is no share."""
        if not 0 < share < 1:
            raise UsageError(f"split: a share is between 0 and 1, not {share:g}")
        return max(round(share * len(self.hashes)), 1)

    def bounds(self, wanted: int) -> list[int]:
        """For each stratum the hash up to which its examples go to validation, -1 for none."""
        members: dict[int, array[int]] = {}
        for value, stratum in zip(self.hashes, self.strata, strict=True):
            members.setdefault(stratum, array("Q")).append(value)
        sizes = [len(members[stratum]) for stratum in range(len(members))]
        return [bound(members[number], quota) for number, quota in enumerate(quotas(sizes, wanted))]

    def sides(self, bounds: Sequence[int]) -> Iterator[bool]:
        """Whether each example goes to validation."""
        return (value <= bounds[number] for value, number in zip(self.hashes, self.strata, strict=True))


def quotas(sizes: Sequence[int], wanted: int) -> list[int]:
    """How many each stratum gives, in proportion to its size, so that all together give as many as wanted."""
    total = sum(sizes)
    whole = [size * wanted // total for size in sizes]
    by_rest = sorted(range(len(sizes)), key=lambda number: (-(sizes[number] * wanted % total), number))
    for number in by_rest[: wanted - sum(whole)]:
        whole[number] += 1
    return whole


def bound(hashes: array[int], quota: int) -> int:
    """The largest hash up to which there are at most `quota` hashes; -1 if there is none.

    Equal hashes belong to one group, which is not torn. Only the bucket in which the bound lies is sorted.
    """
    counts = array("Q", bytes(8 << BUCKET_BITS))
    for value in hashes:
        counts[value >> (HASH_BITS - BUCKET_BITS)] += 1
    below = bucket = 0
    while bucket < len(counts) and below + counts[bucket] <= quota:
        below += counts[bucket]
        bucket += 1
    edge = (bucket << (HASH_BITS - BUCKET_BITS)) - 1
    if bucket == len(counts):
        return edge
    inside = sorted(value for value in hashes if value >> (HASH_BITS - BUCKET_BITS) == bucket)
    taken = quota - below
    while taken and inside[taken - 1] == inside[taken]:
        taken -= 1
    return inside[taken - 1] if taken else edge


def parsed(line: bytes, path: str, number: int) -> dict[str, Any]:
    """The object on a line; `InputError` if there is none."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path}:{number}: not JSON ({error}); `jsonl-lint check` says more") from None
    if not isinstance(row, dict):
        raise InputError(f"{path}:{number}: no JSON object; `jsonl-lint check` says more")
    return row


def prompt_of(row: dict[str, Any]) -> Any:
    """What is asked in an example: all that stands before its last answer; all of an example that asks nothing."""
    holder = row.get("input", row)
    messages = holder.get("messages") if isinstance(holder, dict) else None
    if not isinstance(messages, list):
        return row.get("prompt") or row
    if holder is row:
        answers = [index for index, item in enumerate(messages) if is_answer(item)]
        messages = messages[: answers[-1]] if answers else messages
    return [bare(message) for message in messages] or row


def is_answer(message: Any) -> bool:
    """Whether a message is the assistant's."""
    return isinstance(message, dict) and message.get("role") == "assistant"


def bare(message: Any) -> Any:
    """A message without its weight, which is no part of what is said."""
    if not isinstance(message, dict):
        return message
    return {key: value for key, value in message.items() if key != "weight"}


def stratum_of(row: dict[str, Any], stratify: Stratum | None) -> Any:
    """What tells an example's stratum."""
    holder = row.get("input", row)
    if stratify is None or not isinstance(holder, dict):
        return None
    if stratify == "tools":
        return holder.get("tools")
    messages = holder.get("messages")
    known = messages if isinstance(messages, list) else []
    return [
        message.get("content") for message in known if isinstance(message, dict) and message.get("role") == "system"
    ]


def digest(value: Any, key: bytes) -> bytes:
    """Eight bytes that stand for a JSON value, whatever its spelling and the order of its keys."""
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(written, digest_size=8, key=hashlib.sha256(key).digest()).digest()


def write(path: str, examples: Examples, bounds: Sequence[int], outputs: tuple[str, str]) -> SplitResult:
    """Copy each line into its file; both are written whole, or neither of them."""
    chosen = [0, 0]
    with ExitStack() as stack, open_input(path) as opened:
        files: list[BinaryIO] = []
        for output in outputs:
            file = stack.enter_context(written_whole(output))
            files.append(stack.enter_context(compressed(file, compression_of(output))))
        size = copy_lines(opened, examples.sides(bounds), files, chosen)
        opened.verify_unchanged(size)
        if size != examples.bytes_read or sum(chosen) != len(examples.hashes):
            raise InputError(f"{path}: changed while it was read; nothing was written")
    return SplitResult(*chosen)


def copy_lines(opened: Input, sides: Iterator[bool], files: Sequence[BinaryIO], chosen: list[int]) -> int:
    """Copy the lines to one file or the other, and count them; how many bytes were read."""
    size = 0
    for block in blocks(opened.read, opened.path, BLOCK_BYTES):
        text = block
        if size == 0 and block.startswith(BOM):
            text = block[len(BOM) :]
            for file in files:
                file.write(BOM)
        size += len(block)
        for line in text.removesuffix(b"\n").split(b"\n"):
            if line.strip():
                side = next(sides, False)
                files[side].write(line + b"\n")
                chosen[side] += 1
    return size
