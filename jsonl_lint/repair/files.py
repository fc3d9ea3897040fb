"""Repairs of files in their places, into other files, and of data that is no file."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from jsonl_lint.atomic import written_whole
from jsonl_lint.errors import InputError, OutputError, UsageError
from jsonl_lint.linter import make_settings
from jsonl_lint.packing import compressed, compression_of
from jsonl_lint.registry import all_rules
from jsonl_lint.repair.diff import Diff
from jsonl_lint.repair.fixer import FixedFile, Fixer, spooled
from jsonl_lint.report import Report
from jsonl_lint.run import Data
from jsonl_lint.source import BLOCK_BYTES, STDIN, Compression, Identity, identity_of, open_input

__all__ = ["FixResult", "fix", "fix_path", "show_changes"]

Destination = str | os.PathLike[str] | BinaryIO


class FixResult(msgspec.Struct, frozen=True):
    """What a repair did: `fixed` counts the repairs by code, `report` is what `check` says of the result."""

    fixed: dict[str, int]
    report: Report

    @property
    def changed(self) -> bool:
        """Whether anything was repaired."""
        return bool(self.fixed)


def fix(
    source: Data,
    destination: Destination | None = None,
    /,
    *,
    unsafe: bool = False,
    backup: bool = False,
    **options: Any,
) -> FixResult:
    """Repair a file and say what was repaired and what remains.

    `source` is a path, the bytes of a file, or an open binary file; `destination` a path or an open binary file, and may be
    left out for a path, which is then repaired in its place. `unsafe` makes fixes too that guess at what was meant;
    `backup` keeps what stood in the place of the result. `options` are those of `check`. A file is written whole or not
    at all: on `InputError`, `OutputError` or any other error there is what was there before.
    """
    fixer = Fixer(make_settings(options), unsafe)
    if isinstance(source, str | os.PathLike):
        done = fix_path(fixer, os.fspath(source), destination, backup=backup)
    else:
        if destination is None:
            raise UsageError("fix: say where the repaired data is to go")
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        done = fix_stream(fixer, stream, destination, backup)
    return FixResult(done.fixed, fixer.report)


def fix_path(fixer: Fixer, path: str, destination: Destination | None = None, *, backup: bool = False) -> FixedFile:
    """Repair one file, in its place if no other is named; `-` is standard input and output."""
    place = path if destination is None else destination
    out = sys.stdout.buffer if place == STDIN else place
    before = identity(path)
    if place == path and path != STDIN and before is not None:
        with fixer.one_file() as done:
            if fixer.is_whole(path):
                done.append(FixedFile(path, {}))
                return done[0]
    with open_input(path) as source, fixer.one_file() as done, spooled_beside(out) as spool:
        counted = Counted(source.read)

        def verify() -> None:
            source.verify_unchanged(counted.size)
            if identity(path) != before:
                raise InputError(f"{path}: changed while it was read; it was left as it is")

        done.append(fixer.repair(path, counted.read, spool, None if path == STDIN else path))
        verify()
        if done[0].changed or place != path or path == STDIN:
            compression = source.compression if place in (path, STDIN) else compression_of(name_of(place))
            put(spool, out, compression, backup, verify)
    return done[0]


def fix_stream(fixer: Fixer, stream: BinaryIO, destination: Destination, backup: bool) -> FixedFile:
    """Repair data that is no file."""
    name = getattr(stream, "name", None)
    path = name if isinstance(name, str) else "<stream>"
    with fixer.one_file() as done, spooled_beside(destination) as spool:
        done.append(fixer.repair(path, stream.read, spool, None))
        put(spool, destination, compression_of(name_of(destination)), backup, lambda: None)
    return done[0]


def show_changes(fixer: Fixer, path: str, out: Callable[[bytes], object]) -> FixedFile:
    """Write the changes that a repair of a file would make as a unified diff, and nothing else."""
    with open_input(path) as source, fixer.one_file() as done, spooled(None) as copy:
        counted = Counted(source.read)
        while block := counted.read(BLOCK_BYTES):
            copy.write(block)
        source.verify_unchanged(counted.size)
        copy.seek(0)
        diff = Diff(path, out)
        done.append(fixer.preview(path, copy, diff))
        diff.flush()
        if done[0].conversions:
            rules = all_rules(fixer.run.settings.plugins)
            names = ", ".join(rules[code].label for code in done[0].conversions)
            out(f"{path}: the whole file is rewritten: {names}\n".encode("utf-8", "surrogateescape"))
    return done[0]


class Counted:
    """Counts the bytes that are read."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.source = read
        self.size = 0

    def read(self, size: int) -> bytes:
        """At most `size` bytes."""
        block = self.source(size)
        self.size += len(block)
        return block


def put(
    spool: BinaryIO,
    destination: Destination,
    compression: Compression | None,
    backup: bool,
    last_look: Callable[[], None],
) -> None:
    """Put the contents of a spool into a file, whole or not at all, or into a stream; `OutputError` if that fails."""
    spool.seek(0)
    if not isinstance(destination, str | os.PathLike):
        last_look()
        with compressed(destination, compression) as out:
            shutil.copyfileobj(spool, out, BLOCK_BYTES)
        destination.flush()
        return
    path = os.fspath(destination)
    with (
        output_errors(path),
        written_whole(path, backup=backup, last_look=last_look) as file,
        compressed(file, compression) as out,
    ):
        shutil.copyfileobj(spool, out, BLOCK_BYTES)


def name_of(destination: Destination) -> str:
    """The name of a path; none for a stream."""
    return os.fspath(destination) if isinstance(destination, str | os.PathLike) else ""


@contextmanager
def spooled_beside(destination: Destination) -> Iterator[BinaryIO]:
    """A spool in the folder of a path, which has the room for the result; elsewhere for a stream or a device."""
    if not isinstance(destination, str | os.PathLike):
        with spooled(None) as spool:
            yield spool
        return
    path = os.path.realpath(destination)
    is_file = not os.path.exists(path) or os.path.isfile(path)
    with output_errors(os.fspath(destination)), spooled(os.path.dirname(path) if is_file else None) as spool:
        yield spool


@contextmanager
def output_errors(path: str) -> Iterator[None]:
    """Say of an error of the operating system which file could not be written, and that it is as it was."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: can't be written ({reason}); it is as it was") from error


def identity(path: str) -> Identity | None:
    """What tells that the file of a name is still the same and as it was; None for standard input or no file."""
    try:
        return identity_of(os.stat(path))
    except OSError:
        return None
