"""The example has a key that the target does not take.

## What it does
Flags each key of a line's object that the target does not document, and names the nearest one that it does. Where the
target reads further keys for a grader (reinforcement), any key is taken.

## Why
Services that check the schema refuse such a line. Others ignore the key, and with it what was meant by a misspelled
one.

## How to repair
Correct the spelling, or remove the key.

## Fix safety
Unsafe: the fix removes the key with all that stands under it.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsonl_lint.errors import nearest
from jsonl_lint.rule import Case, Problem, Remove, Repair, Row, rule
from jsonl_lint.rules.cmp import prompt_completion
from jsonl_lint.rules.prf import output_shape
from jsonl_lint.rules.row.messages_missing import explained_keys
from jsonl_lint.targets import Facts
from jsonl_lint.text import quoted

QUESTION = {"role": "user", "content": "What is the capital of France?"}
ANSWER = {"role": "assistant", "content": "Paris"}
ROW = {"messages": [QUESTION, ANSWER]}

# The keys of which the rules on what is missing speak, so that this one needs not to.
EXPLAINED = {
    "sft": explained_keys,
    "rft": explained_keys,
    "dpo": output_shape.explained_keys,
    "completion": prompt_completion.explained_keys,
}


@rule(
    "ROW004",
    at=Row,
    severity="error",
    repair="correct the spelling, or remove the key",
    fixable="unsafe",
    gated=True,
    bad=[
        Case({**ROW, "id": 7}, at="/id", fixed=ROW),
        Case({"metadata": {"source": "chat"}, **ROW}, at="/metadata", fixed=ROW),
        Case({**ROW, "tool": []}, at="/tool", fixed=ROW),
        Case({**ROW, "Messages": []}, at="/Messages", fixed=ROW),
        Case({**ROW, "a/b~c": None}, at="/a~1b~0c", fixed=ROW),
        Case({**ROW, "": None}, at="/", fixed=ROW),
        Case({"weight": 1, **ROW, "id": 7}, count=2, fixed=ROW),
        Case({"prompt": "Hi", "completion": "Hello", "id": 1}, at="/id", method="completion"),
    ],
    good=[
        Case(ROW),
        Case({**ROW, "tools": []}),
        Case({"messages": [QUESTION], "answer": "Paris"}, method="rft"),
        Case({**ROW, "id": 7}, facts={"extra_row_keys": True}),
    ],
)
def unknown_key(row: Row, facts: Facts) -> Iterator[Problem]:
    if facts.extra_row_keys or not isinstance(row.value, dict):
        return
    explained = EXPLAINED[row.method](row.value, facts)
    for key in row.value:
        if key not in facts.row_keys and key not in explained:
            repair = Repair(f"remove {quoted(key)}", False, (Remove((key,)),))
            hint = nearest(key, facts.row_keys) or f"; it takes {', '.join(facts.row_keys)}"
            yield Problem(f"the target does not take the key {quoted(key)}{hint}", (key,), on_key=True, repair=repair)
