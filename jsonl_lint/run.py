"""A run over inputs: each is opened, told what it is by its first bytes, checked, and added to one report."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from jsonl_lint.again import Kept, Reopen, path_again
from jsonl_lint.baseline import known_findings
from jsonl_lint.checker import Checker
from jsonl_lint.config import Settings, for_path
from jsonl_lint.dataset import FileData
from jsonl_lint.engine import FAST_FROM_BYTES, Range
from jsonl_lint.errors import InputError, UsageError, nearest
from jsonl_lint.finding import Finding
from jsonl_lint.finishing import finish
from jsonl_lint.images import MARK
from jsonl_lint.ledger import Ledger, file_tokens
from jsonl_lint.partial import Partial, merge
from jsonl_lint.parts import Fetched
from jsonl_lint.paths import expand
from jsonl_lint.plan import Plan, make_plan
from jsonl_lint.report import BaselineEntry, FileEntry, Report, TargetEntry, ToolEntry, Unchecked
from jsonl_lint.rule import FileSummary
from jsonl_lint.shape import container_of, encoding_of, method_of_head
from jsonl_lint.source import STDIN, Input, LongLine, open_input, pieces
from jsonl_lint.stream import Stream
from jsonl_lint.targets import Method, Target, load_target
from jsonl_lint.telling import said
from jsonl_lint.text import BOM
from jsonl_lint.version import __version__

if TYPE_CHECKING:
    from jsonl_lint.tasks import Task, Work

__all__ = ["Data", "Run", "check_inputs", "method_for", "model_name", "order", "usable_cores"]

Data = str | os.PathLike[str] | bytes | BinaryIO
"""What can be checked: a path, the bytes of a file, or an open binary file."""


# Where the target names no limit for images.
LARGEST_FETCHED = 20 * 1024 * 1024

Watch = Callable[[str, int, "int | None", int], None]

# Below this the start of processes takes longer than they save.
SHARED_FROM_BYTES = 16 * 1024 * 1024

# After so much of what can't be measured before there may be a lot more to come.
STREAM_SHARED_FROM_BYTES = 4 * 1024 * 1024

# The same where processes begin anew, which takes most of a second.
SHARED_ANEW_FROM_BYTES = 64 * 1024 * 1024


class Run:
    """One run: its settings, its plans by method, and the report that grows with each input.

    `tell` is called with each listed finding as soon as it is sure; with `keeps` false the report holds none, so that the
    memory of a run with any number of findings stays flat. `watch` is called with the path, the bytes done, those in all
    if known, and the number of findings of the run, after each part of an input.
    """

    def __init__(self, settings: Settings, tell: Callable[[Finding], None] | None = None, keeps: bool = True) -> None:
        self.settings = settings
        self.tell = tell
        self.keeps = keeps
        self.watch: Watch | None = None
        self.target = load_target(settings.target)
        self.plans: dict[tuple[str, tuple[str, ...], Method], Plan] = {}
        self.checkers: dict[Plan, Checker] = {}
        self.report = Report(
            tool=ToolEntry("jsonl-lint", __version__),
            target=TargetEntry(self.target.name, None, None, self.target.facts_as_of),
            fail_on=settings.fail_on,
            plugins=settings.plugins,
            baseline=BaselineEntry() if settings.baseline else None,
        )
        self.ledger = Ledger()
        self.held_out: list[FileData] = []
        self.has_held_out = False
        self.fetched: dict[str, Fetched] = {}
        if settings.check_urls:
            from jsonl_lint.urls import need_client

            need_client()
        self.model = model_name(self.target, settings.model) if settings.model else None
        # Made at once, so that a wrong setting is told before any input is read.
        known_findings(settings.baseline, "")
        for chosen in every_kind(settings):
            self.plan(first_method(chosen), chosen)

    def plan(self, method: Method, settings: Settings | None = None) -> Plan:
        """The plan for a method, made when it is first needed; `settings` are those of one file, if it has its own."""
        chosen = settings or self.settings
        key = (chosen.target, chosen.ignore, method)
        if key not in self.plans:
            self.plans[key] = make_plan(chosen, method)
        return self.plans[key]

    def checker(self, plan: Plan) -> Checker:
        """What the lines of a plan are checked with, made once for all files."""
        if plan not in self.checkers:
            self.checkers[plan] = Checker(plan)
        return self.checkers[plan]

    def hold_out(self) -> None:
        """Check the validation files, which come first so that training examples can be looked up in them."""
        if self.has_held_out:
            return
        self.has_held_out = True
        for path in self.settings.validation:
            try:
                for file in expand(path):
                    self.check_path(file, "validation")
            except InputError as error:
                self.report.input_errors.append(str(error))

    def check(self, data: Data) -> None:
        """Check one input; one that can't be read is noted in the report, not raised."""
        self.hold_out()
        try:
            if isinstance(data, bytes):
                self.check_stream("<bytes>", io.BytesIO(data).read, None)
            elif isinstance(data, str | os.PathLike):
                for path in expand(os.fspath(data)):
                    self.check_path(path)
            else:
                self.check_stream(str(getattr(data, "name", "<stream>")), data.read, None)
        except InputError as error:
            self.report.input_errors.append(str(error))

    def check_path(self, path: str, role: str = "training") -> None:
        """Check one file, or standard input."""
        try:
            with open_input(path) as source:
                self.check_input(source, role)
        except InputError as error:
            self.report.input_errors.append(str(error))

    def check_input(self, source: Input, role: str = "training") -> None:
        """Check an opened path."""
        name = None if source.path == STDIN else source.path
        size = self.check_stream(source.path, source.read, name, source, role=role)
        source.verify_unchanged(size)

    def check_stream(
        self,
        path: str,
        read: Callable[[int], bytes],
        name: str | None,
        source: Input | None = None,
        *,
        role: str = "training",
        reopen: Reopen | None = None,
    ) -> int:
        """Check the bytes that `read` gives; how many they were.

        `source` is the file that they are, if they are one; `reopen` is how else they can be read again.
        """
        reopen = path_again(source.path) if source is not None and source.is_lasting and reopen is None else reopen
        kept = Kept() if reopen is None else None
        stream = Stream(pieces(kept.reading(read) if kept else read, path))
        head = bytes(next(stream, b""))
        settings = for_path(self.settings, path)
        plan = self.plan(method_for(settings, head), settings)
        known_size = (source.known_size if source else None) or None
        is_large = known_size is not None and known_size >= FAST_FROM_BYTES
        whole = Range(plan, path, fast_from=0 if is_large else FAST_FROM_BYTES, checker=self.checker(plan))
        summary = whole.partial.summary
        summary.encoding = encoding_of(head)
        following = bytes(next(stream, b"")) if summary.encoding is None else b""
        if summary.encoding is None:
            summary.container = container_of(head.removeprefix(BOM), is_whole=not following)
        if stream.error is not None:
            raise stream.error
        every = chain(filter(None, (head, following)), stream)
        try:
            if not summary.is_jsonl:
                self.measure(whole, every, known_size)
            elif source is not None and known_size is not None and self.may_share(known_size, SHARED_FROM_BYTES):
                self.share_file(whole, source, has_images=MARK in head)
            else:
                self.feed(whole, every, known_size)
            if stream.error is not None:
                raise stream.error
        finally:
            whole.partial.summary.name = name
            whole.partial.summary.role = role
            self.add(plan, path, whole.partial, kept.reopen if kept else reopen)
        return whole.partial.summary.size

    def measure(self, whole: Range, stream: Iterator[bytes | LongLine], size: int | None) -> None:
        """Measure what is not JSON Lines."""
        for piece in stream:
            pass_over(whole.partial.summary, bytes(piece))
            self.note_progress(whole, size)

    def feed(self, whole: Range, stream: Iterator[bytes | LongLine], size: int | None) -> None:
        """Check piece by piece what is read here; where it turns out to be long, the rest in several processes."""
        summary = whole.partial.summary
        for piece in stream:
            if size is None and self.may_share(summary.size, STREAM_SHARED_FROM_BYTES):
                self.share_rest(whole, chain([piece], stream))
                return
            whole.feed(piece)
            self.tell_early(whole)
            self.note_progress(whole, size)

    def may_share(self, size: int, least: int) -> bool:
        """Whether so many bytes are to be shared among processes, where they can be copies of this one from the least on."""
        if self.jobs == 1 or size < least:
            return False
        from jsonl_lint.parallel import can_fork, may_start

        return may_start() and (can_fork() or size >= SHARED_ANEW_FROM_BYTES)

    def share_rest(self, whole: Range, stream: Iterator[bytes | LongLine]) -> None:
        """Check the rest of a stream in several processes, which get it from this one."""
        whole.checker.begin_loading()
        from jsonl_lint.tasks import Work, portions

        work = Work(whole.plan.settings, whole.plan.method, whole.path, whole.expects_images)
        self.share(whole, work, portions(work, whole.checker, stream, whole.partial.summary.size), self.jobs)

    def share_file(self, whole: Range, source: Input, *, has_images: bool) -> None:
        """Check a file in several processes that read it themselves."""
        whole.checker.begin_loading()
        from jsonl_lint.tasks import Work, spans

        size = source.known_size
        assert size is not None
        assert source.identity is not None
        parts = spans(source.path, source.identity, size, self.jobs)
        work = Work(whole.plan.settings, whole.plan.method, whole.path, has_images)
        self.share(whole, work, parts, min(self.jobs, len(parts)), size)

    def share(
        self, whole: Range, work: Work, tasks: Iterable[Task | Partial], jobs: int, size: int | None = None
    ) -> None:
        """Have tasks done by several processes, and take in what is known of each."""
        from jsonl_lint.parallel import partials

        for part in partials(work, tasks, jobs, whole.checker):
            whole.partial = merge(whole.partial, part) if whole.partial.summary.size else part
            self.tell_early(whole)
            self.note_progress(whole, size)

    def tell_early(self, whole: Range) -> None:
        """Tell the findings so far where nobody needs them again at the end.

        While there are only blank lines, a rule on the file may still take the place of what is said of them.
        """
        if not self.tells_at_once(whole.plan):
            return
        if whole.partial.summary.is_empty:
            replaced = (code for rule in whole.plan.rules(FileSummary) for code in rule.replaces)
            if any(map(whole.partial.may_drop, replaced)):
                return
        self.take(whole.partial)

    def tells_at_once(self, plan: Plan) -> bool:
        """Whether findings are told as soon as they are sure, and then forgotten: a bound needs those that are listed."""
        return not self.keeps and plan.settings.max_findings is None

    def note_progress(self, whole: Range, size: int | None) -> None:
        """Tell who watches how far the run is."""
        if self.watch is not None:
            own = sum(count for by_severity in whole.partial.counts.values() for count in by_severity.values())
            found = own + sum(self.report.counts.by_code.values())
            self.watch(whole.path, whole.partial.summary.size, size, found)

    @cached_property
    def jobs(self) -> int:
        """How many processes may share the work on a file."""
        if self.settings.jobs is not None:
            return self.settings.jobs
        return usable_cores() if sys.platform == "linux" else 1

    def add(self, plan: Plan, path: str, partial: Partial, reopen: Reopen | None = None) -> None:
        """Finish a file and add it to the report."""
        if partial.awaiting:
            self.fetch(plan, path, partial)
        if self.tells_at_once(plan):
            partial.tell = self.tell
        is_held_out = partial.summary.role == "validation"
        try:
            finish(plan, path, partial, reopen, () if is_held_out else self.held_out)
        except InputError as unreadable:
            self.report.input_errors.append(str(unreadable))
        if is_held_out and partial.prints is not None:
            self.held_out.append(FileData(path, partial.prints, reopen))
        if self.report.baseline is not None:
            known, stale = partial.settle(known_findings(plan.settings.baseline, path))
            self.report.baseline.known += known
            self.report.baseline.stale += stale
        summary, report = partial.summary, self.report
        report.files.append(
            FileEntry(
                path=path,
                role=summary.role,
                method=plan.method,
                bytes=summary.size,
                lines=summary.lines,
                examples=summary.examples,
                target=plan.target.name,
                tokens=file_tokens(plan, partial),
            )
        )
        self.ledger.add(plan, partial)
        for code, by_severity in sorted(partial.counts.items()):
            for severity, count in by_severity.items():
                report.counts.add(code, severity, count)
        self.take(partial)
        for code, (tally, error) in sorted(partial.failures.items()):
            # What an error says may hold words of the data.
            said = error.partition("(")[0] if self.settings.redact else error
            report.failures.append(f"rule {code} failed on {path}:{tally.first_line}: {said}")
            report.unchecked.append(
                Unchecked(f"rule {code}", max(tally.count, 1), f"failed, first on line {tally.first_line}")
            )
        for (what, why), count in sorted(partial.unchecked.items()):
            report.unchecked.append(Unchecked(what, count, why))

    def fetch(self, plan: Plan, path: str, partial: Partial) -> None:
        """Fetch the images of a file that are elsewhere, each once in the run, and say at each place what is wrong."""
        from jsonl_lint.urls import Limits, fetch_all

        limits = Limits(plan.facts.max_image_bytes or LARGEST_FETCHED, allow_private=plan.settings.allow_private)
        new = [url for url in partial.awaiting if url not in self.fetched]
        self.fetched.update(fetch_all(new, limits))
        known = known_findings(plan.settings.baseline, path)
        for rule in plan.rules(Fetched):
            for url, places in partial.awaiting.items():
                for problem in rule.check(self.fetched[url], plan.facts):
                    partial.settle_awaiting(said(plan, rule, problem), places, known)
        partial.awaiting.clear()

    def take(self, partial: Partial) -> None:
        """Take the listed findings out of a partial result, in order: to whom they are told, and into the report."""
        found = sorted((finding for listed in partial.findings.values() for finding in listed), key=order)
        partial.findings.clear()
        if self.tell is not None:
            for finding in found:
                self.tell(finding)
        if self.keeps:
            self.report.findings.extend(found)

    def finished(self) -> Report:
        """The report of all inputs."""
        self.hold_out()
        methods = sorted({entry.method for entry in self.report.files if entry.method})
        method = methods[0] if len(methods) == 1 else ("mixed" if methods else None)
        model = self.model
        if model is None and method in self.target.methods:
            model = self.target.methods[method].default_model
        targets = {entry.target for entry in self.report.files} or {self.target.name}
        target = load_target(targets.pop()) if len(targets) == 1 else None
        self.report.target = TargetEntry(
            target.name if target else "mixed", method, model, (target or self.target).facts_as_of
        )
        self.report.tokens = self.ledger.tokens()
        self.report.cost = self.ledger.cost()
        self.report.models = self.ledger.models() if self.settings.all_models else []
        self.report.unchecked.extend(self.ledger.gaps())
        return self.report


def every_kind(settings: Settings) -> Iterator[Settings]:
    """The settings themselves, and those with each target and each list of ignored rules that some files have."""
    yield settings
    for pattern, target in settings.per_file_target.items():
        with named("per_file_target", pattern):
            load_target(target)
        yield msgspec.structs.replace(settings, target=target)
    for pattern, codes in settings.per_file_ignores.items():
        with named("per_file_ignores", pattern):
            make_plan(msgspec.structs.replace(settings, ignore=codes), first_method(settings))


@contextmanager
def named(setting: str, key: str) -> Iterator[None]:
    """Errors of usage that come up inside are the fault of this setting."""
    try:
        yield
    except UsageError as error:
        raise UsageError(str(error), setting, key) from None


def first_method(settings: Settings) -> Method:
    """A method that the settings allow, for a plan that is made to see whether they hold."""
    if settings.method != "auto":
        return settings.method
    methods = load_target(settings.target).methods
    return "sft" if "sft" in methods else next(iter(methods))


def method_for(settings: Settings, head: bytes) -> Method:
    """The method asked for, or the one that the first lines are made for."""
    if settings.method != "auto":
        return settings.method
    method = method_of_head(head.removeprefix(BOM)) or "sft"
    return method if method in load_target(settings.target).methods else first_method(settings)


def check_inputs(inputs: Iterable[Data], settings: Settings) -> Report:
    """Check inputs one after the other."""
    run = Run(settings)
    for data in inputs:
        run.check(data)
    return run.finished()


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pass_over(summary: FileSummary, block: bytes) -> None:
    """Measure a block of a file that is not JSON Lines."""
    summary.bom = summary.bom or (summary.size == 0 and block.startswith(BOM))
    summary.size += len(block)
    summary.lines += block.count(b"\n") + (not block.endswith(b"\n"))
    summary.final_newline = block.endswith(b"\n")


def order(finding: Finding) -> tuple[Any, ...]:
    """How findings of a file are sorted: by place, then by code."""
    return (finding.line or 0, finding.column or 0, finding.code, finding.pointer)


def model_name(target: Target, name: str) -> str:
    """The target's own name of a model, given by name, alias or fine-tuned name; `UsageError` if it has none such."""
    model = target.model_named(name)
    if model is None:
        names = [alias for known in target.models for alias in (known.name, *known.aliases)]
        raise UsageError(f"target {target.name} does not know the model {name!r}{nearest(name, names)}", "model")
    return model.name
