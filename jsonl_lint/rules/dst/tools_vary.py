"""The declared tools vary from example to example.

## What it does
Counts the examples without `tools` where others have them, and flags a tool of one name that is declared in different
ways. Declarations are compared by value.

## Why
The model learns to call what is declared. An example without the tools, or with an older declaration of one, teaches it
something else than it meets in use.

## How to repair
Declare the tools that are used later, in the same way, in every example.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.rule import Case, Dataset, Problem, rule
from jsonl_lint.targets import Facts
from jsonl_lint.text import plural, quoted

MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
PLAIN = {"messages": MESSAGES}


def declaring(description: str) -> dict[str, Any]:
    """A row with a tool."""
    parameters = {"type": "object", "properties": {"of": {"type": "string"}}}
    function = {"name": "capital", "description": description, "parameters": parameters}
    return {"messages": MESSAGES, "tools": [{"type": "function", "function": function}]}


@rule(
    "DST009",
    at=Dataset,
    severity="warning",
    repair="declare the same tools in the same way in every example",
    methods=["sft", "dpo", "rft"],
    bad=[
        Case([declaring("a"), PLAIN], line=2),
        Case([declaring("a"), declaring("b")], line=2),
        Case([PLAIN, declaring("a"), declaring("a"), declaring("b")], count=2, line=1),
    ],
    good=[Case([PLAIN, PLAIN]), Case([declaring("a"), declaring("a")])],
)
def tools_vary(dataset: Dataset, facts: Facts) -> Iterator[Problem]:
    having, lacking = dataset.with_tools, dataset.without_tools
    if having.count and lacking.count:
        message = f"no tools in {lacking.count:,} of {plural(having.count + lacking.count, 'example')}, first on line"
        message = f"{message} {lacking.first:,}; {having.count:,} declare some"
        yield Problem(message, plain=message, line=lacking.first)
    for name, (first, *others) in sorted(dataset.tools.items()):
        for line in others:
            plain = f"declared in another way than on line {first:,}"
            yield Problem(f"the tool {quoted(name)} is {plain}", plain=f"a tool is {plain}", line=line)
