"""What the lines of a plan are checked with: its gates, its judges, its searches and its counters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING

from jsonl_lint.alike import Alike
from jsonl_lint.content import Content, Suspect
from jsonl_lint.gate import Gate
from jsonl_lint.judge import Judge
from jsonl_lint.plan import Plan
from jsonl_lint.rule import Text

if TYPE_CHECKING:
    from jsonl_lint.blocks import BlockGate
    from jsonl_lint.counting import Counters
    from jsonl_lint.plain_lines import PlainLines

__all__ = ["Checker"]


class Checker:
    """What the lines of a plan are checked with, made once for any number of ranges."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.gate = Gate(plan)
        self.judge = Judge(plan)
        self.alike = Alike(self.judge)
        self.ungated = Judge(plan, plan.ungated_rules)
        self.content = Content(plan, has_value=self.alike.has_value) if plan.calls(Text) else None
        self.loading: Thread | None = None

    def suspects(self, block: bytes) -> Iterable[Suspect]:
        """The lines of a block that some rule on texts has to see, in order."""
        return self.content.suspects(block) if self.content is not None else ()

    def begin_loading(self) -> None:
        """Make the search for texts, which takes longest, while other things are loaded."""
        if self.content is not None and self.loading is None:
            self.loading = Thread(target=self.content.search.load)
            self.loading.start()

    def load(self, *, blocks: bool = True) -> None:
        """Load now what checking many lines takes, so that processes that begin as copies of this one share it.

        `blocks` says whether lines will be checked in blocks, which those with images are not.
        """
        self.begin_loading()
        self.plan.load_all()
        _ = self.gate.decode
        if blocks:
            _ = self.blocks, self.plain_lines.read
        if self.loading is not None:
            self.loading.join()
        if self.plan.settings.no_tokens:
            return
        for counter in self.counters.values():
            counter.load()

    @cached_property
    def counters(self) -> Counters:
        """What counts tokens, by encoding; it remembers texts from range to range."""
        from jsonl_lint.counting import counters_for

        return counters_for(self.plan)

    @cached_property
    def blocks(self) -> BlockGate:
        """The gate for many lines at once; what it needs takes a while to import."""
        from jsonl_lint.blocks import BlockGate

        return BlockGate(self.gate)

    @cached_property
    def plain_lines(self) -> PlainLines:
        """The gate for many plain lines at once."""
        from jsonl_lint.plain_lines import PlainLines

        return PlainLines(self.gate)
