"""From blocks of lines to a result: the one place where lines meet the gate and the rules."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jsonl_lint.checker import Checker
from jsonl_lint.content import Suspect
from jsonl_lint.examples import LineBatch, LineExample
from jsonl_lint.gate import images_in
from jsonl_lint.images import MARK, Shortened, shortened
from jsonl_lint.judge import Verdict
from jsonl_lint.noting import Findings, LineSpot
from jsonl_lint.partial import Partial, add_tally, merged_tally
from jsonl_lint.pictured import PicturedExample, is_bare
from jsonl_lint.plan import Plan
from jsonl_lint.registry import all_rules
from jsonl_lint.rule import FileSummary, Tally
from jsonl_lint.showing import Showing
from jsonl_lint.source import LongLine, split_lines
from jsonl_lint.text import BOM

if TYPE_CHECKING:
    from jsonl_lint.blocks import Admitted
    from jsonl_lint.families import Known
    from jsonl_lint.plain_lines import PlainBatch, Proof

__all__ = ["FAST_FROM_BYTES", "LineExample", "Range"]

# Below these the time to import what the fast way needs is more than it saves.
FAST_FROM_BYTES = 4 * 1024 * 1024
FAST_FROM_LINES = 5_000

# Decoding slows down with what it makes: larger blocks are cut in two first.
LARGE_BLOCK = 128 * 1024

# After so many bad lines the next one will be bad too.
HOPELESS = 30

# A block with a defect is cut in two until its parts are as small as this: their lines are gone through one by one.
SMALL_BLOCK = 8 * 1024


class Range:
    """Checks one range of a file: blocks of whole lines go in, a `Partial` comes out.

    `offset` is where in the file the range begins. `fast_from` is after how many bytes the fast way for blocks is taken, if
    not after many lines, None for never; what is found does not depend on it.
    """

    def __init__(
        self,
        plan: Plan,
        path: str,
        offset: int = 0,
        *,
        fast_from: int | None = FAST_FROM_BYTES,
        checker: Checker | None = None,
    ) -> None:
        self.plan = plan
        self.path = path
        self.offset = offset
        self.fast_from = fast_from
        self.checker = checker or Checker(plan)
        self.gate, self.judge = self.checker.gate, self.checker.judge
        self.partial = Partial(FileSummary(name=None), {}, plan.settings.max_findings)
        self.findings = Findings(plan, path, self.partial)
        self.shown = Showing(self.checker, self.partial, self.findings)
        self.expects_images = True
        self.bad_in_a_row = 0

    def feed(self, block: bytes | LongLine) -> None:
        """Check a block of whole lines, or a long one by itself, which follows what was fed before."""
        if isinstance(block, LongLine):
            self.long_line(block)
            return
        summary = self.partial.summary
        summary.size += len(block)
        if self.offset == 0 and block.startswith(BOM):
            summary.bom = True
            block = block[len(BOM) :]
            self.offset = len(BOM)
        whole = block[: block.rfind(b"\n") + 1]
        rest = block[len(whole) :]
        summary.final_newline = not rest
        self.whole_lines(whole)
        if rest:
            self.line_with_images(rest, 0, len(rest), ended=False)
            self.offset += len(rest)
        self.shown.measure()

    def whole_lines(self, block: bytes) -> None:
        """Check lines in the way that suits them; the block ends with a line feed or is empty."""
        proof = None
        if self.is_fast and not (self.expects_images and MARK in block):
            proof = self.checker.plain_lines.prove(block)
        # What is proved to be plain needs no search for them.
        self.expects_images = (proof is None or bool(proof.doubtful)) and MARK in block
        if self.expects_images:
            self.lines_with_images(block)
            return
        self.look(block)
        if proof is not None:
            self.proved(proof)
        elif self.is_fast:
            self.lines_at_once(block)
        else:
            self.lines(block)

    def long_line(self, line: LongLine) -> None:
        """Check a line in a buffer; it is copied only if there is more to it than clean images."""
        end = line.end - line.is_ended
        is_marked = self.offset > 0 and line.buffer.find(MARK, 0, end) >= 0
        short = shortened(line.buffer, 0, end) if is_marked else None
        if short is None or not short.pictures:
            self.feed(bytes(line))
            return
        self.partial.summary.size += line.end
        self.partial.summary.final_newline = line.is_ended
        example = weakref.ref(self.pictured(line.buffer, 0, end, short, line.is_ended))
        self.offset += line.end
        self.shown.measure()
        if (kept := example()) is not None:
            kept.keep()

    def look(self, block: bytes) -> None:
        """Show the texts of a block of lines, which comes next, to the rules on texts."""
        for suspect in self.checker.suspects(block):
            self.suspect(suspect)

    def suspect(self, suspect: Suspect) -> None:
        """Show the texts of a line that comes next to the rules that have to see it."""
        content = self.checker.content
        hits, failures = content.judge(suspect) if content is not None else ([], [])
        line = self.partial.summary.lines + suspect.index + 1
        self.findings.report(suspect.text, hits, LineSpot(line, self.offset + suspect.start))
        for failure in failures:
            self.partial.fail(failure.code, failure.error, line)

    def lines_with_images(self, block: bytes) -> None:
        """Check lines one by one whose images are cut out of them first; the block ends with a line feed or is empty."""
        start = 0
        while (end := block.find(b"\n", start)) >= 0:
            self.line_with_images(block, start, end)
            self.offset += end + 1 - start
            start = end + 1

    def line_with_images(self, block: bytes, start: int, end: int, ended: bool = True) -> None:
        """Check the line, which may have images, from one place of a block up to another, where its line feed stands."""
        has_mark = block.find(MARK, start, end) >= 0
        short = shortened(block, start, end) if has_mark else None
        if short is not None and short.pictures:
            self.pictured(block, start, end, short, ended)
            return
        line = block[start:end]
        self.look(line)
        self.line(line, ended)

    def pictured(
        self, block: bytes | bytearray, start: int, end: int, short: Shortened, ended: bool
    ) -> PicturedExample:
        """Check a line with images, of which the rules on texts see nothing; it is copied only where it is asked for."""
        row = self.gate.admit_shortened(short)
        summary = self.partial.summary
        example = PicturedExample(
            summary.lines + 1, block, start, end, row=row, bare=short.bare, images=self.gate.images
        )
        for suspect in self.checker.suspects(short.bare):
            self.suspect(Suspect(0, 0, example.text, suspect.rules))
        self.line_ending(bytes(block[max(end - 1, start) : end]), ended)
        if row is not None:
            self.admit(example)
        else:
            verdict = self.judge.line(example.text)
            self.judged(example.text, verdict, short.bare if is_bare(example.text, short.bare, verdict) else None)
        return example

    @property
    def is_fast(self) -> bool:
        """Whether there is enough to check for the fast way."""
        if self.fast_from is None:
            return False
        return self.partial.summary.size > self.fast_from or self.partial.summary.lines > FAST_FROM_LINES

    @property
    def is_hopeless(self) -> bool:
        """Whether so many lines before were bad that the gate is not worth its time; the exact way says the same of a line."""
        return self.bad_in_a_row > HOPELESS and not self.plan.has_ungated

    @property
    def spot(self) -> LineSpot:
        """Where the line in hand stands."""
        return LineSpot(self.partial.summary.lines, self.offset)

    def lines(self, block: bytes) -> None:
        """Check lines one by one; the block ends with a line feed or is empty."""
        for line in split_lines(block)[:-1]:
            self.line(line)
            self.offset += len(line) + 1

    def proved(self, proof: Proof) -> None:
        """Go through the lines of a block most of which are proved to be plain: those at once, the others one by one."""
        for first, last, is_proved in proof.runs():
            if is_proved:
                batch = proof.batch(first, last, self.partial.summary.lines + 1)
                self.clean(batch, proof.crlf(first, last))
            else:
                self.lines(proof.line(first))

    def lines_at_once(self, block: bytes) -> None:
        """Check a block of lines, as many at once as have no defect."""
        if self.checker.alike.is_bad or self.is_hopeless:
            self.lines(block)
            return
        is_of_size = SMALL_BLOCK < len(block) <= LARGE_BLOCK
        admitted = self.checker.blocks.admit(block) if is_of_size else None
        if admitted is not None:
            self.admitted(block, admitted)
            return
        cut = block.find(b"\n", len(block) // 2) + 1
        if len(block) <= SMALL_BLOCK or cut == len(block):
            self.lines(block)
            return
        self.lines_at_once(block[:cut])
        self.lines_at_once(block[cut:])

    def admitted(self, block: bytes, admitted: Admitted) -> None:
        """Go through a block's lines: those in doubt one by one, those between them at once."""
        first = 0
        for index in [*admitted.doubtful, len(admitted.rows)]:
            if first < index:
                self.clean_rows(block, admitted, first, index)
            if index < len(admitted.rows):
                line = block[admitted.start(index) : int(admitted.ends[index])]
                self.line_ending(line, ended=True)
                self.judged(line, self.checker.alike.line(line))
                self.offset += len(line) + 1
            first = index + 1

    def clean_rows(self, block: bytes, admitted: Admitted, first: int, last: int) -> None:
        """Take in neighbouring lines with their typed rows."""
        line = self.partial.summary.lines + 1
        rows = admitted.rows[first:last]
        if not self.plan.has_ungated:
            for number, row in enumerate(rows, line):
                self.note_images(*images_in(row), number)
        crlf = admitted.crlf[first:last].nonzero()[0].tolist()
        self.clean(LineBatch(line, rows, block, admitted.start(first), int(admitted.ends[last - 1])), crlf)

    def clean(self, batch: LineBatch | PlainBatch, crlf: Sequence[int]) -> None:
        """Take in neighbouring lines that the gate admits, but for their images; `crlf` are those with such line ends."""
        summary = self.partial.summary
        if self.plan.has_ungated:
            for example in batch:
                self.line_ending(example.text, ended=True)
                self.admit(example)
                self.offset += len(example.text) + 1
            return
        if crlf:
            summary.crlf = merged_tally(summary.crlf, Tally(len(crlf), summary.lines + 1 + crlf[0]), 0)
        summary.lines += len(batch)
        summary.examples += len(batch)
        self.shown.examples(batch, self.offset)
        self.offset += batch.end + 1 - batch.start

    def line(self, text: bytes, ended: bool = True) -> None:
        """Check one line, given without its line feed; `ended` says that it had one."""
        self.line_ending(text, ended)
        known = self.checker.alike.bad_again(text)
        if known is not None:
            self.known(text, known)
            return
        row = None if self.is_hopeless else self.gate.admit(text)
        if row is not None:
            self.admit(LineExample(self.partial.summary.lines, text, row))
        else:
            self.judged(text, self.checker.alike.line(text))

    def line_ending(self, text: bytes, ended: bool) -> None:
        """Count a line and note how it ends."""
        summary = self.partial.summary
        summary.lines += 1
        if text.endswith(b"\r") and ended:
            summary.crlf = merged_tally(summary.crlf, Tally(1, summary.lines), 0)
        elif text.endswith(b"\r"):
            summary.cr = merged_tally(summary.cr, Tally(1, summary.lines), 0)

    def admit(self, example: LineExample | PicturedExample) -> None:
        """Take in a line that the gate admits, and ask the rules that have to look at such lines too."""
        self.note_images(*images_in(example.row), example.line)
        if self.plan.has_ungated:
            self.judged(example.text, self.checker.ungated.line(example.text))
            return
        self.partial.summary.examples += 1
        self.shown.example(example, self.offset)

    def judged(self, text: bytes, verdict: Verdict, bare: bytes | None = None) -> None:
        """Take in a line with what the rules say of it; `bare` is what is left of it without the data of its images."""
        self.note_images(verdict.images, len(verdict.remote), self.partial.summary.lines)
        if verdict.remote and self.plan.fetches:
            self.findings.await_images(text, verdict.remote, self.spot)
        self.count(verdict)
        self.bad_in_a_row = self.bad_in_a_row + 1 if verdict.hits else 0
        judge = None if verdict.is_exact else self.judge
        self.findings.report(text, verdict.hits, self.spot, judge)
        if isinstance(verdict.value, dict) and verdict.other_method is None:
            line = self.partial.summary.lines
            example = LineExample(line, text, value=verdict.value, bare=bare, images=verdict.seen if bare else ())
            self.shown.example(example, self.offset)

    def known(self, text: bytes, known: Known) -> None:
        """Take in a line that is like an earlier one."""
        if not known.is_simple or not self.findings.count_all(known.tally):
            self.judged(text, known.verdict_on(text))
            return
        summary = self.partial.summary
        summary.examples += 1
        self.note_images(known.verdict.images, len(known.verdict.remote), summary.lines)
        if known.roles is not None:
            self.shown.example(
                LineExample(summary.lines, text, roles=known.roles, pictures=known.pictures), self.offset
            )

    def note_images(self, count: int, remote: int, line: int) -> None:
        """Count an example with so many images, of which so many would have to be fetched to know anything of them."""
        summary = self.partial.summary
        if count:
            summary.image_examples = merged_tally(summary.image_examples, Tally(1, line), 0)
        if remote and not self.plan.fetches:
            self.partial.omit("image", "remote URL; use --check-urls", remote)

    def count(self, verdict: Verdict) -> None:
        """Add a verdict on a line to the sums."""
        summary = self.partial.summary
        summary.blank_lines += verdict.blank
        summary.examples += 0 if verdict.blank else 1 + verdict.cr_ends
        if verdict.cr_ends:
            summary.cr = merged_tally(summary.cr, Tally(verdict.cr_ends, summary.lines), 0)
        if verdict.other_method is not None:
            add_tally(summary.other_methods, verdict.other_method, summary.lines)
        for code in dict.fromkeys(verdict.blocked_by):
            add_tally(summary.blocked_by, all_rules(self.plan.settings.plugins)[code].label, summary.lines)
        for omission in verdict.omissions:
            self.partial.omit(omission.what, omission.why)
        for failure in verdict.failures:
            self.partial.fail(failure.code, failure.error, summary.lines)
