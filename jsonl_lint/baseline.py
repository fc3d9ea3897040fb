"""The baseline: a file of known findings, told by content, which are not reported again.

JSON has no comments, so that what is known and left stands beside the data: one line for each fingerprint with its rule,
how often it is there, and the file, sorted, so that it diffs well.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TextIO

from jsonl_lint.errors import UsageError
from jsonl_lint.text import is_unicode

__all__ = ["Known", "known_findings", "read_baseline", "write_baseline"]

HEADER = "# jsonl-lint baseline 1: rule, fingerprint, count, file"

Known = Mapping[str, int]
"""How often each fingerprint is known in one file."""


def known_findings(baseline: str | None, path: str) -> Known:
    """The fingerprints that a baseline knows in a file; none if there is no baseline."""
    if baseline is None:
        return {}
    return read_baseline(baseline, *version_of(baseline)).get(own_name(path, baseline), {})


def version_of(baseline: str) -> tuple[str, int, int, int]:
    """What changes when a baseline does: where it is, which file, from when, how large."""
    try:
        status = os.stat(baseline)
    except OSError:
        return "", 0, 0, 0
    return os.path.abspath(baseline), status.st_ino, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def read_baseline(baseline: str, *version: str | int) -> dict[str, dict[str, int]]:
    """The known fingerprints of each file, by its path from the baseline's folder; `UsageError` if it can't be read."""
    files: dict[str, dict[str, int]] = {}
    try:
        with open(baseline, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(f"the baseline {baseline}: {reason}; --write-baseline makes one", "baseline") from None
    if lines[:1] != [HEADER]:
        raise UsageError(f"{baseline}: is no baseline of this version of jsonl-lint", "baseline")
    for number, line in enumerate(lines[1:], 2):
        try:
            _, fingerprint, count, name = line.split("\t")
            files.setdefault(json.loads(name), {})[fingerprint] = int(count)
        except ValueError:
            raise UsageError(f"{baseline}:{number}: is no entry of a baseline", "baseline") from None
    return files


def write_baseline(out: TextIO, baseline: str, findings: Mapping[tuple[str, str, str], int]) -> None:
    """Write a baseline of findings, counted by path, code and fingerprint, to the file that is to be `baseline`."""
    entries: Counter[tuple[str, str, str]] = Counter()
    for (path, code, fingerprint), count in findings.items():
        entries[(own_name(path, baseline), code, fingerprint)] += count
    out.write(HEADER + "\n")
    out.writelines(lines_of(entries))


def lines_of(entries: Mapping[tuple[str, str, str], int]) -> Iterable[str]:
    """The lines of a baseline, sorted by file, rule and fingerprint."""
    for (name, code, fingerprint), count in sorted(entries.items()):
        yield f"{code}\t{fingerprint}\t{count}\t{json.dumps(name, ensure_ascii=not is_unicode(name))}\n"


def own_name(path: str, baseline: str) -> str:
    """A file's path from the folder of the baseline, the same on every system; what is no file keeps its name."""
    if path in ("-", "<bytes>", "<stream>") or "://" in path:
        return path
    folder = os.path.dirname(os.path.abspath(baseline))
    try:
        own = os.path.relpath(path, folder)
    except ValueError:
        own = os.path.abspath(path)
    return own.replace(os.sep, "/")
