"""Write what is made from the code (the index of the rules, JSON Schemas, pages, example files), or `--check` whether it is.

With `--check` nothing is written, and it is said what is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from make_fixtures import fixtures
from pages import pages

from jsonl_lint.rulebook import index_text
from jsonl_lint.schema import schema_names, schema_text

ROOT = Path(__file__).parents[1]

# The folders in which nothing is written by hand.
GENERATED = (ROOT / "schemas", ROOT / "docs" / "rules", ROOT / "docs" / "targets")


def generated() -> dict[Path, bytes]:
    """Every generated file and what must stand in it."""
    schemas = {ROOT / "schemas" / f"{name}.schema.json": schema_text(name).encode() for name in schema_names()}
    written = {ROOT / "docs" / name: text.encode() for name, text in pages().items()}
    index = {ROOT / "jsonl_lint" / "rules" / "index.json": index_text().encode()}
    return index | schemas | written | {ROOT / "fixtures" / name: data for name, data in fixtures().items()}


def main() -> int:
    """Write the files, or compare them."""
    wanted = generated()
    stale = [path for path, data in wanted.items() if not path.exists() or path.read_bytes() != data]
    left = [path for folder in GENERATED for path in sorted(folder.glob("*")) if path not in wanted]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)}; run: python scripts/generate.py")
        for path in left:
            print(f"made from nothing: {path.relative_to(ROOT)}; run: python scripts/generate.py")
        return 1 if stale or left else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(wanted[path])
        print(f"written: {path.relative_to(ROOT)}")
    for path in left:
        path.unlink()
        print(f"removed: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
