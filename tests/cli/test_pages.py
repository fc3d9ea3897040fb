"""What the command shows of rules, and settings of its look."""

from __future__ import annotations

import os

import pytest

from jsonl_lint.cli.prose import rendered
from samples import good_data, good_line

BAD = good_data() + good_line(100).replace(b'"assistant"', b'"gpt"')
PAGE = """# Title
A text with `some code that is long` and **more** of it,
on two lines.

- an item that goes on
  and on
- another

```json
{"kept":   "as it is"}
```
"""


def test_a_page_is_wrapped_and_code_kept():
    assert list(rendered(PAGE, 24, color=False)) == [
        "Title",
        "A text with",
        "`some code that is long`",
        "and **more** of it, on",
        "two lines.",
        "",
        "- an item that goes on",
        "  and on",
        "- another",
        "",
        '    {"kept":   "as it is"}',
        "",
    ]  # fmt: skip


def test_headings_are_bold_and_code_coloured():
    lines = list(rendered(PAGE, 80, color=True))
    assert lines[0] == "\x1b[1mTitle\x1b[0m"
    assert "\x1b[36msome code that is long\x1b[0m" in lines[1]
    assert lines[-2].endswith('{"kept":   "as it is"}')


def test_rules_are_shown_as_text(command):
    page = command("rules", "wgt001").stdout.decode()
    assert page.startswith("WGT001 weight-value\nerror; repaired by `jsonl-lint fix`\n\nThe weight is not 0 or 1.\n")
    assert "\nHow to repair\n" in page
    assert '\nFound:\n\n    {"messages": [' in page
    assert "##" not in page


@pytest.mark.parametrize(
    ("arguments", "variables", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"JSONL_LINT_COLOR": "always"}, False),
        ([], {"JSONL_LINT_COLOR": "always"}, True),
    ],
)
def test_colour_is_as_asked(command, tmp_path, arguments, variables, colored):
    (tmp_path / "bad.jsonl").write_bytes(BAD)
    result = command("check", "bad.jsonl", *arguments, env={**os.environ, **variables})
    assert (b"\x1b[31m" in result.stdout) == colored


def test_verbose_says_facts_sources_and_contradictions(command, good_file):
    quiet, verbose = command("check", good_file), command("check", good_file, "-v")
    assert b"bom =" not in quiet.stdout
    assert b'  bom = "required"  [' in verbose.stdout
    assert b"where the sources of azure-openai disagree:\n  - " in verbose.stdout
    assert verbose.stdout.endswith(b"Ready to upload.\n")
