"""Lines in, repaired lines out: clean ones untouched, the others mended round by round."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from jsonl_lint.checker import Checker
from jsonl_lint.content import Content
from jsonl_lint.engine import FAST_FROM_BYTES, LARGE_BLOCK, SMALL_BLOCK
from jsonl_lint.judge import Judge, Verdict
from jsonl_lint.placing import Placeholder, place
from jsonl_lint.repair.permits import Permits
from jsonl_lint.repair.sinks import Sink
from jsonl_lint.repair.splice import RuleFix, spliced
from jsonl_lint.rule import FileSummary, Tally, Text

__all__ = ["CR_END", "LineFixer"]

# One defect may hide the next. No chain of built-in rules is longer than four.
MAX_ROUNDS = 10

# A scan stops at the first fault of syntax, so that a line with many takes as many rounds. A line in which they come to
# more than this many bytes read is left as it is.
MAX_SCANNED = 64 * 1024 * 1024

CR_END = re.compile(rb"(\}[ \t]*)\r(?=[ \t\r]*\{)")


class LineFixer:
    """Repairs the lines of one file, block by block; `fixed` counts the repairs by code."""

    def __init__(self, permits: Permits, placeholder: Placeholder) -> None:
        self.permits = permits
        self.placeholder = placeholder
        self.checker = Checker(permits.plan)
        self.judge = Judge(permits.plan, permits.rules)
        self.judge_of_clean = Judge(permits.plan, permits.ungated_rules)
        self.looks_at_clean = permits.looks_at_clean
        self.content = Content(permits.plan, permits.heads(Text))
        self.mends_cr = "FIL006" in permits.codes(FileSummary(lines=1, examples=1, cr=Tally(1, 1)))
        self.mends_crlf = "FIL006" in permits.codes(FileSummary(lines=1, examples=1, crlf=Tally(1, 1)))
        self.ends_last = "FIL009" in permits.codes(FileSummary(lines=1, examples=1, final_newline=False))
        self.has_content = False
        self.size = 0
        self.fixed: Counter[str] = Counter()

    def feed(self, block: bytes, sink: Sink) -> None:
        """Repair a block of whole lines, of which only the file's last may lack its line feed."""
        self.size += len(block)
        kept = 0
        for start, end in self.doubts(block):
            line = block[start:end]
            mended = self.line(line)
            if mended != line:
                if kept < start:
                    sink.keep(block[kept:start])
                sink.change(line, mended)
                kept = end
        if kept < len(block):
            sink.keep(block[kept:])

    def doubts(self, block: bytes) -> Iterator[tuple[int, int]]:
        """Where the lines stand in which there may be something to repair."""
        if self.size < FAST_FROM_BYTES or self.looks_at_clean:
            yield from self.doubts_one_by_one(block, 0)
            return
        end = block.rfind(b"\n") + 1
        yield from self.doubts_at_once(block[:end], 0)
        if end < len(block):
            yield end, len(block)

    def doubts_at_once(self, block: bytes, offset: int) -> Iterator[tuple[int, int]]:
        """The doubtful lines of a block that ends with a line feed and stands at an offset of another one."""
        proof = self.checker.plain_lines.prove(block)
        if proof is None:
            yield from self.doubts_among_any(block, offset)
            return
        self.has_content = True
        for index in sorted({*proof.doubtful, *proof.crlf(0, len(proof.lines))}):
            start = proof.start(index)
            yield from self.doubts_one_by_one(proof.line(index), offset + start)

    def doubts_among_any(self, block: bytes, offset: int) -> Iterator[tuple[int, int]]:
        """The same for lines that may hold more than texts."""
        is_of_size = SMALL_BLOCK < len(block) <= LARGE_BLOCK
        admitted = self.checker.blocks.admit(block) if is_of_size else None
        cut = block.find(b"\n", len(block) // 2) + 1
        if admitted is not None:
            doubtful = {*admitted.doubtful, *admitted.crlf.nonzero()[0].tolist()}
            self.has_content = self.has_content or len(doubtful) < len(admitted.rows)
            ends = admitted.ends
            yield from (
                (offset + (int(ends[i - 1]) + 1 if i else 0), offset + int(ends[i]) + 1) for i in sorted(doubtful)
            )
        elif len(block) <= SMALL_BLOCK or cut == len(block):
            yield from self.doubts_one_by_one(block, offset)
        else:
            yield from self.doubts_among_any(block[:cut], offset)
            yield from self.doubts_among_any(block[cut:], offset + cut)

    def doubts_one_by_one(self, block: bytes, offset: int) -> Iterator[tuple[int, int]]:
        """The same, each line looked at alone; a last line without its line feed is doubtful."""
        start = 0
        while start < len(block):
            end = block.find(b"\n", start)
            if end < 0 or self.is_doubtful(block[start:end]):
                yield offset + start, offset + (end + 1 or len(block))
            else:
                self.has_content = True
            start = end + 1 or len(block)

    def line(self, line: bytes) -> bytes:
        """One line with its line end, repaired; several, or none, where that is the repair."""
        text = line.removesuffix(b"\n")
        end = line[len(text) :]
        mended = [new for piece, ended in self.parted(text, end) for new in self.ended(self.mend(piece), ended)]
        return b"".join(mended)

    def is_doubtful(self, text: bytes) -> bool:
        """Whether there may be something to repair on a line."""
        if self.checker.gate.admit(text) is None or text.endswith(b"\r"):
            return True
        return self.looks_at_clean and bool(self.fixes(self.with_texts(self.judge_of_clean.line(text), text), text))

    def with_texts(self, verdict: Verdict, text: bytes) -> Verdict:
        """The verdict on a line with what the rules on texts say of it."""
        for suspect in self.content.suspects(text) if self.content.heads else ():
            hits, failures = self.content.judge(suspect)
            verdict.hits.extend(hits)
            verdict.failures.extend(failures)
        return verdict

    def parted(self, text: bytes, end: bytes) -> list[tuple[bytes, bytes]]:
        """The pieces of a line between carriage returns that end lines, each with the line end that it gets."""
        if b"\r" not in text:
            return [(text, end)]
        if self.mends_cr and (parts := CR_END.sub(rb"\1\n", text).split(b"\n"))[1:]:
            self.fixed["FIL006"] += len(parts) - 1
            pieces = [(part.strip(b"\r"), b"\n") for part in parts[:-1]]
            return [*pieces, *self.parted(parts[-1].lstrip(b"\r"), end)]
        if text.endswith(b"\r") and (self.mends_crlf if end else self.mends_cr):
            self.fixed["FIL006"] += 1
            return [(text.rstrip(b"\r"), b"\n")]
        return [(text, end)]

    def ended(self, texts: list[bytes], end: bytes) -> list[bytes]:
        """Lines with their line ends; the last one of a file gets one if it has none."""
        if not texts:
            return []
        self.has_content = self.has_content or any(text.strip() for text in texts)
        if not end and self.ends_last and self.has_content:
            self.fixed["FIL009"] += 1
            end = b"\n"
        return [*(text + b"\n" for text in texts[:-1]), texts[-1] + end]

    def mend(self, text: bytes) -> list[bytes]:
        """The lines that come of a line when nothing more is to be repaired in it."""
        original, codes = text, Counter[str]()
        rounds = scanned = 0
        while rounds <= MAX_ROUNDS:
            verdict = self.with_texts(self.judge.line(text), text)
            fixes = self.fixes(verdict, text)
            if not fixes:
                self.fixed += codes
                return [text]
            if deletions := [fix.code for fix in fixes if fix.fix.deletes_line]:
                self.fixed += codes
                self.fixed[deletions[0]] += 1
                return []
            text, made = spliced(text, fixes)
            codes.update(made)
            if b"\n" in text:
                self.fixed += codes
                return [line for part in text.split(b"\n") for line in self.mend(part)]
            scanned += len(text)
            if scanned > MAX_SCANNED:
                return [original]
            # Of a line that is no JSON nothing but the next fault of syntax is known.
            rounds += verdict.value is not msgspec.UNSET
        raise RuntimeError(f"the fixes of {', '.join(codes)} come to no end: {original[:200]!r} ... {text[:200]!r}")

    def fixes(self, verdict: Verdict, text: bytes) -> list[RuleFix]:
        """The fixes to be made in a line; a rule that raised makes that unsafe to say."""
        for failure in verdict.failures:
            raise RuntimeError(f"rule {failure.code} failed: {failure.error}")
        hits = [hit for hit in verdict.hits if hit.problem.fix is not None or hit.problem.repair is not None]
        places = place(text, hits, self.placeholder) if hits else []
        offered = [(hit.rule.code, spot.fix) for hit, spot in zip(hits, places, strict=True)]
        return [
            RuleFix(code, fix)
            for code, fix in offered
            if fix is not None and self.permits.allows(fix) and (fix.edits or fix.deletes_line)
        ]
