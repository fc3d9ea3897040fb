"""`python -m jsonl_lint` is the command `jsonl-lint`."""

from __future__ import annotations

import sys

from jsonl_lint.cli import main

if __name__ == "__main__":
    sys.exit(main())
