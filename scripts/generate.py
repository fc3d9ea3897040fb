"""Write what is made from the code (JSON Schemas, pages of the documentation), or with `--check` say what is out of date."""

from __future__ import annotations

import sys
from pathlib import Path

from pages import pages

from jsonl_lint.schema import schema_names, schema_text

ROOT = Path(__file__).parents[1]

# The folders in which nothing is written by hand.
GENERATED = (ROOT / "schemas", ROOT / "docs" / "rules", ROOT / "docs" / "targets")


def generated() -> dict[Path, str]:
    """Every generated file and what must stand in it."""
    schemas = {ROOT / "schemas" / f"{name}.schema.json": schema_text(name) for name in schema_names()}
    return schemas | {ROOT / "docs" / name: text for name, text in pages().items()}


def main() -> int:
    """Write the files, or compare them."""
    wanted = generated()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left = [path for folder in GENERATED for path in sorted(folder.glob("*")) if path not in wanted]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)}; run: python scripts/generate.py")
        for path in left:
            print(f"made from nothing: {path.relative_to(ROOT)}; run: python scripts/generate.py")
        return 1 if stale or left else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(wanted[path], encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
    for path in left:
        path.unlink()
        print(f"removed: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
