"""From what a user names to the files that are meant: files, folders, globs, and `-` for standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator

from jsonl_lint.errors import InputError
from jsonl_lint.patterns import has_magic
from jsonl_lint.source import STDIN

__all__ = ["ENDINGS", "expand"]

ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")


def expand(path: str) -> list[str]:
    """The files that a path stands for, sorted; `InputError` if there are none."""
    if path == STDIN or (os.path.lexists(path) and not os.path.isdir(path)):
        return [path]
    if os.path.isdir(path):
        return files_in(path)
    if has_magic(path):
        return matches(path)
    raise InputError(f"{path}: no such file")


def files_in(folder: str) -> list[str]:
    """Every data file in a folder and below it, hidden folders left out."""
    found = sorted(walk(folder))
    if not found:
        raise InputError(f"{folder}: no file in this folder ends in {', '.join(ENDINGS)}")
    return found


def walk(folder: str) -> Iterator[str]:
    """The data files below a folder."""
    from pathlib import Path

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: {error.strerror}")

    for parent, folders, files in os.walk(Path(folder), onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(parent, name)) for name in files if name.endswith(ENDINGS))


def matches(pattern: str) -> list[str]:
    """The files that a glob matches; a folder that it matches stands for the files in it."""
    import glob

    found: list[str] = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        found.extend(files_in(path) if os.path.isdir(path) else [path])
    if not found:
        raise InputError(f"{pattern}: matches no file")
    return list(dict.fromkeys(found))
