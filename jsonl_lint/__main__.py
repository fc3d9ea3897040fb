"""`python -m jsonl_lint` is the command `jsonl-lint`."""

from __future__ import annotations

from jsonl_lint.cli import run

if __name__ == "__main__":
    run()
