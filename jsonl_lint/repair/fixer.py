"""A run of repairs: each file is repaired into a spool, checked there, and only then put in its place."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from typing import BinaryIO

import msgspec

from jsonl_lint.config import Settings, for_path
from jsonl_lint.plan import Plan
from jsonl_lint.registry import all_rules
from jsonl_lint.repair.diff import Diff
from jsonl_lint.repair.duplicates import dataset_fixers, doomed_lines, reread
from jsonl_lint.repair.lines import LineFixer
from jsonl_lint.repair.permits import Permits
from jsonl_lint.repair.redact import Redactor
from jsonl_lint.repair.sinks import Dropping, Headed, Sink, Writer
from jsonl_lint.repair.splice import apply
from jsonl_lint.repair.whole import Text, decoded, opened_text
from jsonl_lint.report import Report
from jsonl_lint.run import SHARED_FROM_BYTES, Run, method_for
from jsonl_lint.shape import encoding_of
from jsonl_lint.source import BLOCK_BYTES, blocks, open_again, open_input
from jsonl_lint.text import BOM

__all__ = ["FixedFile", "Fixer", "spooled"]

Read = Callable[[int], bytes]

# Deleting the second of two equal lines makes no new ones equal; the bound is there so that a bad rule can't hang.
MAX_DELETIONS = 10


class Rewritten(msgspec.Struct, frozen=True):
    """What was permitted, what was repaired, and which of it was done to the file as a whole."""

    permits: Permits
    fixed: Counter[str]
    conversions: tuple[str, ...]


class FixedFile(msgspec.Struct, frozen=True):
    """What was repaired in one file: how many repairs by code, and which of it converted the file as a whole."""

    path: str
    fixed: dict[str, int]
    conversions: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was repaired."""
        return bool(self.fixed)


class Fixer:
    """One run of repairs over any number of files, with one report of what remains in them."""

    def __init__(self, settings: Settings, unsafe: bool = False) -> None:
        # Nobody asks what repaired data cost; examples that may be too long are counted all the same.
        self.run = Run(msgspec.structs.replace(settings, no_tokens=True))
        self.unsafe = unsafe
        self.redactor = Redactor()
        self.files: list[FixedFile] = []

    @property
    def report(self) -> Report:
        """What remains in the files that were repaired."""
        return self.run.finished()

    def repair(self, path: str, read: Read, spool: BinaryIO, name: str | None) -> FixedFile:
        """Write what `read` gives into an empty spool, repaired, and check it there.

        `RuntimeError` if a rule raised or its fixes come to no end: then nothing may be made of the spool.
        """
        permits, fixed, conversions = msgspec.structs.astuple(self.rewrite_wholly(path, read, spool))
        before = copy.deepcopy(self.run.report)
        if name is not None and not fixed:
            self.check_file(name)
        else:
            self.check(path, spool, name)
        for _ in range(MAX_DELETIONS):
            found = self.run.report.counts.by_code
            if not any(rule.code in found for rule in dataset_fixers(permits)):
                break
            deleted = self.delete_lines(permits, path, spool)
            if not deleted:
                break
            fixed += deleted
            self.run.report = copy.deepcopy(before)
            self.check(path, spool, name)
        return FixedFile(path, dict(sorted(fixed.items())), conversions)

    def is_whole(self, path: str) -> bool:
        """Whether a file is found to need no repair when it is checked; then what is in it is in the report.

        The check, which processes share, takes less time than a repair. It is done first where a file is large and its
        beginning has nothing to repair.
        """
        settings = for_path(self.run.settings, path)
        with open_input(path) as source:
            known_size, head = source.known_size or 0, next(blocks(source.read, path), b"")
        if known_size < SHARED_FROM_BYTES or settings.baseline:
            return False
        if self.rewrite(path, BytesIO(head).read, Writer(BytesIO())).fixed:
            return False
        before = copy.deepcopy(self.run.report)
        self.check_file(path)
        rules = all_rules(self.run.settings.plugins)
        earlier = before.counts.by_code
        found = [code for code, count in self.run.report.counts.by_code.items() if count > earlier.get(code, 0)]
        permits = self.permits(self.run.plan(method_for(settings, head), settings))
        if not any(permits.is_wanted(rules[code]) for name in found for code in (name, *rules[name].replaces)):
            return True
        self.run.report = before
        return False

    @contextmanager
    def one_file(self) -> Iterator[list[FixedFile]]:
        """Take note of what the body repaired, which it puts into a list; on an error nothing of it is noted."""
        before = copy.deepcopy(self.run.report)
        done: list[FixedFile] = []
        try:
            yield done
        except BaseException:
            self.run.report = before
            raise
        self.files.extend(done)

    def preview(self, path: str, source: BinaryIO, diff: Diff) -> FixedFile:
        """Tell a diff what a repair of a seekable source would change; a change of its encoding leaves no trace there."""
        with spooled(None) as spool:
            rewritten = self.rewrite_wholly(path, source.read, spool)
            spool.seek(0)
            doomed, deleted = self.doomed(rewritten.permits, path, spool)
            with in_utf8(source, path) as plain:
                if set(rewritten.conversions) - {"ENC004"}:
                    drop_lines(spool, doomed)
                    diff.whole(plain, spool)
                else:
                    self.rewrite(path, plain.read, Dropping(diff, doomed))
        return FixedFile(path, dict(sorted((rewritten.fixed + deleted).items())), rewritten.conversions)

    def rewrite_wholly(self, path: str, read: Read, spool: BinaryIO) -> Rewritten:
        """Pass a file through all repairs into an empty spool, once more if its lines turn out to be no lines."""
        first = self.rewrite(path, read, Writer(spool))
        spool.seek(0)
        if not opened_text(spool.read, path, first.permits).fixed:
            return first
        with spooled(None) as other:
            spool.seek(0)
            second = self.rewrite(path, spool.read, Writer(other))
            replace_contents(spool, other)
        return Rewritten(
            first.permits, first.fixed + second.fixed, tuple(sorted({*first.conversions, *second.conversions}))
        )

    def rewrite(self, path: str, read: Read, sink: Sink) -> Rewritten:
        """Pass a file through all repairs but those of the data set."""
        # The rules on the file as a whole are the same for every method, which is told from the lines.
        settings = for_path(self.run.settings, path)
        text = opened_text(read, path, self.permits(self.run.plan(method_for(settings, b""), settings)))
        head = next(text.blocks, b"")
        permits = self.permits(self.run.plan(method_for(settings, head), settings))
        fixer = LineFixer(permits, self.redactor.placeholder)
        start = BOM if text.bom else b""
        new_start, fixed = new_head(text, start, permits)
        headed = Headed(sink, start, new_start)
        for block in chain(filter(None, (head,)), text.blocks):
            if text.is_lines:
                fixer.feed(block, headed)
            else:
                headed.keep(block)
        headed.finish()
        if text.is_lines and not fixer.has_content:
            # A file without examples begins with nothing.
            fixed.clear()
        return Rewritten(permits, fixed + fixer.fixed + text.fixed, tuple(sorted(text.fixed)))

    def permits(self, plan: Plan) -> Permits:
        """What is to be repaired by a plan."""
        return Permits(plan, self.unsafe)

    def check(self, path: str, spool: BinaryIO, name: str | None) -> None:
        """Add what remains in a spool to the report."""
        spool.seek(0)
        with self.failing(), open_again(spool) as source:
            read = source.read if source else spool.read
            self.run.check_stream(path, read, name, source, reopen=lambda: reread(spool))

    def check_file(self, path: str) -> None:
        """Add what is in a file to the report that needs no repair: it has a name, so that processes may share the work."""
        with self.failing(), open_input(path) as source:
            self.run.check_input(source)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Raise for a rule that failed in the body, because then nothing can be said of the data."""
        failures = len(self.run.report.failures)
        yield
        if failed := self.run.report.failures[failures:]:
            raise RuntimeError(failed[0])

    def doomed(self, permits: Permits, path: str, spool: BinaryIO) -> tuple[set[int], Counter[str]]:
        """The lines of a spool that a rule on the data set wants deleted."""
        if not dataset_fixers(permits):
            return set(), Counter()
        return doomed_lines(permits, path, spool)

    def delete_lines(self, permits: Permits, path: str, spool: BinaryIO) -> Counter[str]:
        """Delete from a spool what rules on the data set want deleted; how many lines each."""
        spool.seek(0)
        doomed, deleted = self.doomed(permits, path, spool)
        if doomed:
            drop_lines(spool, doomed)
        return deleted


def new_head(text: Text, start: bytes, permits: Permits) -> tuple[bytes, Counter[str]]:
    """What the repaired file begins with before its first line, and which repairs make it so."""
    fixed: Counter[str] = Counter()
    for code, fix in permits.whole_file(text.summary):
        if fix.edits and all(edit.end <= len(start) for edit in fix.edits):
            start = apply(start, fix.edits)
            fixed[code] += 1
    return start, fixed


def drop_lines(spool: BinaryIO, numbers: set[int]) -> None:
    """Take the lines of these numbers out of a spool."""
    with spooled(None) as other:
        sink = Dropping(Writer(other), numbers)
        spool.seek(0)
        for block in blocks(spool.read, ""):
            sink.keep(block)
        replace_contents(spool, other)


@contextmanager
def in_utf8(source: BinaryIO, path: str) -> Iterator[BinaryIO]:
    """A seekable file, or a spool with its text in UTF-8 where it is in another encoding."""
    source.seek(0)
    encoding = encoding_of(source.read(4))
    source.seek(0)
    if encoding is None:
        yield source
        return
    with spooled(None) as spool:
        spool.writelines(decoded(iter(lambda: source.read(BLOCK_BYTES), b""), path, encoding))
        spool.seek(0)
        yield spool


def replace_contents(file: BinaryIO, other: BinaryIO) -> None:
    """Put what one file holds into another one."""
    file.seek(0)
    file.truncate()
    other.seek(0)
    shutil.copyfileobj(other, file)


@contextmanager
def spooled(folder: str | None) -> Iterator[BinaryIO]:
    """A file without a name, in a folder or where the system keeps such, that is gone when nobody holds it any more."""
    with tempfile.TemporaryFile(dir=folder) as spool:
        yield spool
