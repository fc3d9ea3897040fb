"""The encodings of OpenAI's models, built from vocabularies in this package: no network, cache folder or registry.

Patterns and special tokens are those of `tiktoken_ext/openai_public.py` (tiktoken 0.14); a test compares them with the
installed one.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import tiktoken

__all__ = ["ENCODINGS", "load_encoding", "load_whole", "read_ranks", "token_sizes"]

_R50K_PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
_CL100K_PATTERN = (
    r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|"""
    r"""\s*[\r\n]|\s+(?!\S)|\s"""
)
_O200K_PATTERN = "|".join(
    (
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""",
        r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
        r"""\s*[\r\n]+""",
        r"""\s+(?!\S)""",
        r"""\s+""",
    )
)


class _Recipe(msgspec.Struct, frozen=True):
    """What an encoding is made from: a vocabulary file, runs of spaces added to it, a pattern, special tokens."""

    file: str
    pattern: str
    specials: dict[str, int]
    spaces: range = range(0)


_RECIPES = {
    "o200k_base": _Recipe("o200k_base", _O200K_PATTERN, {"<|endoftext|>": 199999, "<|endofprompt|>": 200018}),
    "cl100k_base": _Recipe(
        "cl100k_base",
        _CL100K_PATTERN,
        {
            "<|endoftext|>": 100257,
            "<|fim_prefix|>": 100258,
            "<|fim_middle|>": 100259,
            "<|fim_suffix|>": 100260,
            "<|endofprompt|>": 100276,
        },
    ),
    "p50k_base": _Recipe("r50k_base", _R50K_PATTERN, {"<|endoftext|>": 50256}, spaces=range(2, 26)),
    "r50k_base": _Recipe("r50k_base", _R50K_PATTERN, {"<|endoftext|>": 50256}),
}

ENCODINGS = tuple(_RECIPES)


@lru_cache(maxsize=len(_RECIPES))
def load_encoding(name: str) -> tiktoken.Encoding:
    """The encoding of this name, built when it is first asked for; `ValueError` if there is none."""
    return _build(name, _recipe(name).pattern)


@lru_cache(maxsize=1)
def load_whole(name: str) -> tiktoken.Encoding:
    """The same encoding without its pattern: a text is one piece, however long."""
    return _build(name, r"(?s:.+)")


def read_ranks(name: str) -> dict[bytes, int]:
    """The tokens of an encoding with their ranks, the special tokens left out."""
    recipe = _recipe(name)
    lengths, tokens = _read_file(recipe)
    size = len(lengths)
    ranks = dict(zip(map(tokens.read, lengths), range(size), strict=True))
    # The rank between the vocabulary and the runs of spaces is that of the special token.
    ranks.update({b" " * spaces: size + 1 + at for at, spaces in enumerate(recipe.spaces)})
    return ranks


@lru_cache(maxsize=len(_RECIPES))
def token_sizes(name: str) -> bytes:
    """How many bytes each token of an encoding has, by its rank; special tokens have none."""
    recipe = _recipe(name)
    return b"\0".join([_read_file(recipe)[0], bytes(recipe.spaces)])


def _read_file(recipe: _Recipe) -> tuple[bytes, BytesIO]:
    """The length of each token of a vocabulary file, and where the tokens can be read."""
    # Importing this takes longer than what a run that counts nothing has to do in all.
    from importlib import resources

    raw = zlib.decompress((resources.files(__package__) / "data" / f"{recipe.file}.zlib").read_bytes())
    size = int.from_bytes(raw[:4], "little")
    tokens = BytesIO(raw)
    tokens.seek(4 + size)
    return raw[4 : 4 + size], tokens


def _recipe(name: str) -> _Recipe:
    try:
        return _RECIPES[name]
    except KeyError:
        raise ValueError(f"unknown encoding {name!r}; known are {', '.join(_RECIPES)}") from None


def _build(name: str, pattern: str) -> tiktoken.Encoding:
    import tiktoken

    with _collector_paused():
        ranks = read_ranks(name)
        encoding = tiktoken.Encoding(
            name, pat_str=pattern, mergeable_ranks=ranks, special_tokens=dict(_recipe(name).specials)
        )
    # The encoding counts with a copy, and would keep these beside it: 25 MB of o200k_base.
    ranks.clear()
    return encoding


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from going through hundreds of thousands of new tokens again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
