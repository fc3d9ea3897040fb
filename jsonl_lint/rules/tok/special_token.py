"""A text holds the control tokens of a chat template.

## What it does
Flags text that a chat template uses to mark turns and ends: those of ChatML, OpenAI's harmony, Llama 2 to 4, Mistral,
Gemma, Phi, Qwen, DeepSeek, Command R, Falcon and the fill-in-the-middle tokens of code models. The HTML tag `<s>` is left
alone; it is flagged only before `[INST]`, and `</s>` only where it ends a text that does not open one.

## Why
The service puts its own template around each message. A second one inside teaches the model to write control tokens, and
some tokenizers turn such text into real ones, which end the answer there.

## How to repair
Take the template apart: each turn becomes a message of its own, without the tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "What is the capital of France?"}

# Source: the special tokens in the tokenizer_config.json of the models' own repositories, as published up to 2026.
PIPED = (
    "im_start im_end im_sep endoftext endofprompt startoftext fim_prefix fim_middle fim_suffix fim_pad repo_name file_sep "
    "start end message channel return call constrain begin_of_text end_of_text eot_id eom_id start_header_id end_header_id "
    "python_tag header_start header_end eot eom finetune_right_pad_id system user assistant tool START_OF_TURN_TOKEN "
    "END_OF_TURN_TOKEN USER_TOKEN CHATBOT_TOKEN SYSTEM_TOKEN END_RESPONSE START_RESPONSE vision_start vision_end image_pad "
    "object_ref_start object_ref_end box_start box_end quad_start quad_end observation tool_call tool_response think"
)
FULL_WIDTH = (
    "begin▁of▁sentence end▁of▁sentence User Assistant fim▁begin fim▁end fim▁hole tool▁calls▁begin tool▁calls▁end"
)
PLAIN = (
    "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]",
    "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "<start_of_turn>", "<end_of_turn>",
    "<start_of_image>", "<bos>", "<eos>", "<|reserved_special_token_",
)  # fmt: skip


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """All control tokens."""
    piped = "|".join(map(re.escape, PIPED.split()))
    wide = "|".join(map(re.escape, FULL_WIDTH.split()))
    plain = "|".join(map(re.escape, PLAIN))
    return re.compile(rf"<\|(?:{piped})\|>|<｜(?:{wide})｜>|{plain}|<s>(?=\s*\[INST\])|</s>(?=\s*\Z)")


@rule(
    "TOK004",
    at=Text,
    severity="warning",
    repair="make each turn a message of its own, without the control tokens",
    triggers=[
        "<|",
        "<｜",
        "[INST]",
        "[/INST]",
        "SYS>>",
        "_PROMPT]",
        "_TOOLS]",
        "[TOOL_",
        "of_turn>",
        "_of_image>",
        "<bos>",
        "<eos>",
        "</s>",
    ],
    bad=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "Paris<|im_end|>"}]}, at="/messages/1/content"),
        Case(
            {"messages": [{"role": "user", "content": "[INST] Hi [/INST]"}, {"role": "assistant", "content": "Hi"}]},
            at="/messages/0/content",
        ),
        Case(
            b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi\\u003c\\/s>"}]}\n',
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "<s>Lyon</s> Paris"}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "<s>Lyon</s>"}]}),
        Case({"messages": [QUESTION, {"role": "assistant", "content": "xs |> f <| y"}]}),
    ],
)
def special_token(text: Text, facts: Facts) -> Iterator[Problem]:
    found = [match for match in pattern().finditer(text.text) if match[0] != "</s>" or "<s>" not in text.text]
    if not found:
        return
    kinds = list(dict.fromkeys(match[0] for match in found))
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    message = f"the text holds the control token {kinds[0]}{more}"
    yield Problem(message, plain=message, text_range=found[0].span())
