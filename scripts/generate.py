"""Write what is made from the code (JSON Schemas), or with `--check` say what is out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from jsonl_lint.schema import schema_names, schema_text

ROOT = Path(__file__).parents[1]


def generated() -> dict[Path, str]:
    """Every generated file and what must stand in it."""
    return {ROOT / "schemas" / f"{name}.schema.json": schema_text(name) for name in schema_names()}


def main() -> int:
    """Write the files, or compare them."""
    stale = [
        path for path, text in generated().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)}; run: python scripts/generate.py")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(generated()[path], encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
