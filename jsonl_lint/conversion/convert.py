"""Files of one format into another one, line by line, or not at all where something would be lost."""

from __future__ import annotations

import importlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, Literal, get_args

import msgspec

from jsonl_lint.atomic import written_whole
from jsonl_lint.config import Settings
from jsonl_lint.conversion.loss import Loss
from jsonl_lint.errors import InputError, UsageError, nearest
from jsonl_lint.packing import compressed, compression_of
from jsonl_lint.plan import make_plan
from jsonl_lint.repair.fixer import spooled
from jsonl_lint.repair.permits import Permits
from jsonl_lint.repair.whole import opened_text
from jsonl_lint.source import open_input
from jsonl_lint.text import BOM

__all__ = ["FORMAT_NAMES", "ConvertResult", "convert"]

FormatName = Literal["chat", "sharegpt", "alpaca", "completion"]
FORMAT_NAMES: tuple[str, ...] = get_args(FormatName)

# The key that only lines of one format have.
MARKS = {"messages": "chat", "conversations": "sharegpt", "instruction": "alpaca", "prompt": "completion"}


class ConvertResult(msgspec.Struct, frozen=True):
    """What a conversion was from, and how many examples it made.

    `joined` is in how many of them an input was joined to its instruction, from which nothing tells it any more.
    """

    source_format: str
    examples: int
    joined: int = 0


def convert(
    source: str | os.PathLike[str],
    destination: str | os.PathLike[str] | BinaryIO,
    *,
    to: str,
    source_format: str | None = None,
    drop: Collection[str] = (),
) -> ConvertResult:
    """Write the examples of a file in another format; `InputError` with line and place where something would be lost.

    Formats are "chat", "sharegpt", "alpaca" and "completion"; that of the source is told from the first line if it is
    not given. The source may be JSON Lines or one JSON array. Top-level keys in `drop` are left out on purpose. Where the
    way back exists it gives values equal to the source's, but for alpaca's `input`, which is joined to the instruction:
    the result says in how many examples.
    """
    for name in (to, source_format):
        if name not in (None, *FORMAT_NAMES):
            raise UsageError(f"unknown format {name!r}{nearest(str(name), FORMAT_NAMES)}")
    path = os.fspath(source)
    if not isinstance(destination, str | os.PathLike):
        with spooled(None) as spool:
            result = converted_file(path, spool, to, source_format, drop)
            spool.seek(0)
            shutil.copyfileobj(spool, destination)
        return result
    name = os.fspath(destination)
    with written_whole(name) as file, compressed(file, compression_of(name)) as out:
        return converted_file(path, out, to, source_format, drop)


def converted_file(
    path: str, out: BinaryIO, to: str, source_format: str | None, drop: Collection[str]
) -> ConvertResult:
    """Convert one file into an open one."""
    examples = joined = 0
    with open_input(path) as opened:
        permits = Permits(make_plan(Settings(), "sft"), unsafe=False)
        text = opened_text(opened.read, path, permits)
        out.write(BOM if text.bom else b"")
        way: Callable[[Any], Any] | None = None
        for number, row in rows(text.blocks, path):
            try:
                if way is None:
                    source_format = source_format or format_of(row)
                    way = way_between(source_format, to)
                kept = {key: value for key, value in row.items() if key not in drop} if isinstance(row, dict) else row
                out.write(written(way(kept)))
            except (Loss, ValueError) as loss:
                raise InputError(f"{path}: example {number}: {loss}; nothing was converted") from None
            examples += 1
            joined += source_format == "alpaca" != to and bool(row.get("input"))
    if source_format is None:
        raise InputError(f"{path}: there is no example in it")
    return ConvertResult(source_format, examples, joined)


def written(value: Any) -> bytes:
    """A value as a line of JSON; `ValueError` if there is something in it that no line can hold."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a surrogate pair, which UTF-8 can't hold") from None
    except ValueError:
        raise ValueError("a number is infinite or NaN, which JSON can't hold") from None


def rows(blocks: Iterator[bytes], path: str) -> Iterator[tuple[int, Any]]:
    """The values of a file with their numbers, blank lines left out."""
    number = 0
    for block in blocks:
        for line in block.split(b"\n"):
            if not line.strip():
                continue
            number += 1
            try:
                yield number, json.loads(line, object_pairs_hook=unique)
            except UnicodeDecodeError as error:
                byte = f"byte {line[error.start]:02X} at column {len(line[: error.start].decode()) + 1}"
                raise InputError(f"{path}: example {number}: {byte} is not UTF-8; nothing was converted") from None
            except (ValueError, RecursionError) as error:
                raise InputError(f"{path}: example {number}: not JSON ({error}); nothing was converted") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; `ValueError` if a key stands in it twice, because one of the values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


def format_of(row: Any) -> str:
    """The format that a line looks like; `Loss` if it looks like none."""
    found = [name for mark, name in MARKS.items() if isinstance(row, dict) and mark in row]
    if not found:
        raise Loss("", "its format can't be told; say which with --from")
    return found[0]


def way_between(source_format: str, to: str) -> Callable[[Any], Any]:
    """The function that converts a value of one format into another one; all ways lead over chat."""
    if source_format == to:
        return same
    to_chat = same if source_format == "chat" else module_of(source_format).to_chat
    from_chat = same if to == "chat" else module_of(to).from_chat
    return lambda row: from_chat(to_chat(row))


def module_of(name: str) -> Any:
    """The module that converts a format to chat and back."""
    return importlib.import_module(f"jsonl_lint.conversion.{name}")


def same(row: Any) -> Any:
    """The value itself."""
    return row
