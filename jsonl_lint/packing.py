"""Compression on the way out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from jsonl_lint.errors import UsageError
from jsonl_lint.source import Compression

__all__ = ["compressed", "compression_of"]


@contextmanager
def compressed(file: BinaryIO, compression: Compression | None) -> Iterator[Any]:
    """A file to write to, whose contents are compressed on the way into another one."""
    if compression == "gzip":
        # No time and no name, so that the same data give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as out:
            yield out
    elif compression == "zstd":
        with zstd_compressor().stream_writer(file, closefd=False) as out:
            yield out
    else:
        yield file


def compression_of(name: str) -> Compression | None:
    """The compression that a file's name asks for."""
    return "gzip" if name.endswith(".gz") else "zstd" if name.endswith(".zst") else None


def zstd_compressor() -> Any:
    """A compressor for zstd; needs the extra `zstd`."""
    try:
        import zstandard
    except ImportError:
        raise UsageError("zstd needs the extra: pip install 'jsonl-lint[zstd]'") from None
    return zstandard.ZstdCompressor()
