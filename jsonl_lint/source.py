"""Bytes in: files, standard input and compressed files, as blocks of whole lines.

A line ends at a line feed and nowhere else. Memory holds one block, or the one line that is longer than a block.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Literal

from jsonl_lint.errors import InputError

__all__ = [
    "BLOCK_BYTES",
    "MAX_LINE_BYTES",
    "STDIN",
    "Compression",
    "Identity",
    "Input",
    "LongLine",
    "RangeReader",
    "blocks",
    "identity_of",
    "open_again",
    "open_input",
    "pieces",
    "plain_name",
    "split_lines",
]

STDIN = "-"

# What goes over a block slows down when it does not fit the second-level cache; below this the calls per block cost more.
BLOCK_BYTES = 512 * 1024

# What Linux lets a pipe hold without asking.
PIPE_BYTES = 1024 * 1024

# So much is read at once to find where a line ends.
SEARCHED_BYTES = 16 * 1024

# Lines from here on are taken for long ones, as images make them.
LONG_LINE = 1 << 14

# The rest of a line that is longer than a block is copied in steps that stay in the second-level cache.
LONG_LINE_STEP = 128 * 1024

# No service takes a file of this size, so a longer line is no training data; a bound keeps /dev/zero from filling memory.
MAX_LINE_BYTES = 1 << 30

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
COMPRESSED_ENDINGS = (".gz", ".zst")

Compression = Literal["gzip", "zstd"]

Identity = tuple[int, int, int, int]
"""What tells a file that stayed the same: its device, its inode, its size and when it was changed last."""


class Input:
    """An open input: its path as the user gave it, its decompressed bytes, and whether it stayed the same."""

    def __init__(self, path: str, stream: BinaryIO, descriptor: int | None = None) -> None:
        self.path = path
        self.stream = stream
        self.descriptor = descriptor
        self.before = os.fstat(descriptor) if descriptor is not None else None
        self.is_plain = False
        self.compression: Compression | None = None

    @property
    def known_size(self) -> int | None:
        """The size in bytes where it is known before reading: a regular file that is not compressed."""
        if self.before is None or not self.is_plain or not stat.S_ISREG(self.before.st_mode):
            return None
        return self.before.st_size

    @property
    def identity(self) -> Identity | None:
        """What tells whether a regular file is still the same one."""
        return identity_of(self.before) if self.before is not None and stat.S_ISREG(self.before.st_mode) else None

    @property
    def is_lasting(self) -> bool:
        """Whether the input can be opened again and is the same then: a regular file, not a stream."""
        return self.before is not None and stat.S_ISREG(self.before.st_mode)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, empty at the end; `InputError` if they can't be read."""
        try:
            return self.stream.read(size)
        except read_errors() as error:
            raise InputError(f"{self.path}: {reason(error)}") from error

    def verify_unchanged(self, bytes_read: int) -> None:
        """`InputError` if a regular file was changed, cut or removed while it was read."""
        if self.before is None or self.descriptor is None or not stat.S_ISREG(self.before.st_mode):
            return
        after = os.fstat(self.descriptor)
        if (after.st_size, after.st_mtime_ns) != (self.before.st_size, self.before.st_mtime_ns):
            raise InputError(changed(self.path))
        if after.st_nlink == 0 and self.before.st_nlink > 0:
            raise InputError(f"{self.path}: removed while it was read")
        if self.is_plain and bytes_read != self.before.st_size:
            raise InputError(f"{self.path}: ended after {bytes_read} of {self.before.st_size} bytes")


class RangeReader:
    """The lines of a regular file that begin from one offset up to another; `start` is where the first of them begins.

    `InputError` if the file is not the one that is meant, or is cut while it is read.
    """

    def __init__(self, path: str, identity: Identity, start: int, end: int) -> None:
        self.path = path
        try:
            self.file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by the with statement of the caller
            if identity_of(os.fstat(self.file.fileno())) != identity:
                raise InputError(changed(path))
            size = identity[2]
            self.start = line_start(self.file, start, end)
            self.left = (line_start(self.file, end, size) if self.start < end else self.start) - self.start
            self.file.seek(self.start)
        except OSError as error:
            raise InputError(f"{path}: {reason(error)}") from error

    def __enter__(self) -> RangeReader:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()

    def read(self, size: int) -> bytes:
        """At most `size` bytes, empty at the range's end."""
        try:
            given = self.file.read(min(size, self.left))
        except OSError as error:
            raise InputError(f"{self.path}: {reason(error)}") from error
        if self.left and not given:
            raise InputError(changed(self.path))
        self.left -= len(given)
        return given

    def pieces(self, size: int = BLOCK_BYTES) -> Iterator[bytes | LongLine]:
        """The lines in blocks, read as they are cut; from one on that is much longer they come as those of a stream do."""
        while self.left:
            length = self.length_of_block(size)
            if length > 2 * size:
                yield from pieces(self.read, self.path, size)
                return
            block = self.read(length)
            # The system may give less than what is asked for.
            while len(block) < length:
                block += self.read(length - len(block))
            yield block

    def length_of_block(self, size: int) -> int:
        """How long a block is that ends with a line, at about this size."""
        try:
            here = self.file.tell()
            end = here + self.left
            found = line_start(self.file, min(here + size, end), end) - here
            self.file.seek(here)
        except OSError as error:
            raise InputError(f"{self.path}: {reason(error)}") from error
        return found


def line_start(file: BinaryIO, position: int, end: int) -> int:
    """Where the first line begins that begins at an offset or behind it; `end` if none does before."""
    if position == 0:
        return 0
    position = file.seek(position - 1)
    while position < end and (piece := file.read(min(SEARCHED_BYTES, end - position))):
        found = piece.find(b"\n")
        if found >= 0:
            return position + found + 1
        position += len(piece)
    return end


def identity_of(status: os.stat_result) -> Identity:
    """What tells whether a file is still the same one."""
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def changed(path: str) -> str:
    """What is said of a file that did not stay the same."""
    return f"{path}: changed while it was read; run again when nothing writes to it"


@contextmanager
def open_again(file: BinaryIO) -> Iterator[Input | None]:
    """A file in hand that may have no name, as an input that other processes can open too; None where there is no way."""
    path = f"/proc/{os.getpid()}/fd/{file.fileno()}"
    if not os.path.exists(path):
        yield None
        return
    file.flush()
    with open(path, "rb", buffering=0) as again:
        source = Input(path, again, again.fileno())
        source.is_plain = True
        yield source


@contextmanager
def open_input(path: str) -> Iterator[Input]:
    """Open a path (`-` is standard input) and undo its compression; `InputError` with the reason if that fails."""
    if path == STDIN:
        widen(sys.stdin.buffer)
        yield decompressed(Input(path, sys.stdin.buffer))
        return
    try:
        file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed below, after the body of the with statement
    except OSError as error:
        raise InputError(f"{path}: {reason(error)}") from error
    with file:
        yield decompressed(Input(path, file, file.fileno()))


def widen(stream: BinaryIO) -> None:
    """Let a pipe hold more, so that who writes and who reads it wait for each other less often (Linux alone has this)."""
    # A stream may have no descriptor, and the system may set a bound.
    with suppress(ImportError, OSError, AttributeError):
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(stream.fileno(), F_SETPIPE_SZ, PIPE_BYTES)


def decompressed(source: Input) -> Input:
    """The same input with its compression undone, told by its first bytes, not by its name."""
    head = source.read(4)
    whole = Rewound(head, source.stream)
    if head.startswith(GZIP_MAGIC):
        import gzip

        source.stream = gzip.GzipFile(fileobj=whole, mode="rb")  # type: ignore[assignment]
        source.compression = "gzip"
    elif head.startswith(ZSTD_MAGIC):
        source.stream = zstd_stream(source.path, whole)
        source.compression = "zstd"
    else:
        source.stream = whole  # type: ignore[assignment]
        source.is_plain = True
    return source


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read already and are given out once more."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head = head
        self.stream = stream

    def readable(self) -> bool:
        """Always true."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The head first, then the stream's own bytes."""
        if not self.head:
            return self.stream.read(size)
        cut = len(self.head) if size < 0 else size
        given, self.head = self.head[:cut], self.head[cut:]
        return given


def zstd_stream(path: str, stream: Rewound) -> BinaryIO:
    """The decompressed stream of a zstd file; needs the extra `zstd`."""
    try:
        import zstandard
    except ImportError:
        raise InputError(f"{path}: zstd needs the extra: pip install 'jsonl-lint[zstd]'") from None
    source: Any = stream
    reader: BinaryIO = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True)
    return reader


class LongLine:
    """A line that is longer than a block, its line feed included if it has one: the bytes of a buffer up to `end`.

    The buffer is used again for what follows: whoever keeps the line copies it.
    """

    def __init__(self, buffer: bytearray, end: int) -> None:
        self.buffer = buffer
        self.end = end

    @property
    def is_ended(self) -> bool:
        """Whether it has a line feed."""
        return self.buffer[self.end - 1] == 0x0A

    def __len__(self) -> int:
        return self.end

    def __bytes__(self) -> bytes:
        return bytes(memoryview(self.buffer)[: self.end])


def blocks(read: Callable[[int], bytes], path: str, size: int = BLOCK_BYTES) -> Iterator[bytes]:
    """The bytes that `read` gives, cut into blocks of whole lines (the last may lack its line feed)."""
    yield from map(bytes, pieces(read, path, size))


def pieces(read: Callable[[int], bytes], path: str, size: int = BLOCK_BYTES) -> Iterator[bytes | LongLine]:
    """The same, but that lines which are longer than a block come by themselves, each gone when the next piece is asked for."""
    buffer, length, pending = bytearray(), 0, b""
    while chunk := read(min(size, LONG_LINE_STEP) if length else size):
        if length:
            end = chunk.find(b"\n") + 1
            length = put(buffer, length, chunk[: end or len(chunk)], path)
            if not end:
                continue
            yield LongLine(buffer, length)
            length, chunk = 0, chunk[end:]
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield pending + chunk[:cut]
            pending = chunk[cut:]
        elif len(pending) + len(chunk) > size:
            length = put(buffer, put(buffer, 0, pending, path), chunk, path)
            pending = b""
        else:
            pending += chunk
    if length:
        yield LongLine(buffer, length)
    if pending:
        yield pending


def put(buffer: bytearray, length: int, data: bytes, path: str) -> int:
    """Put bytes into a buffer behind the first `length` ones, which with them become so many as is returned."""
    end = length + len(data)
    if end > MAX_LINE_BYTES:
        raise InputError(f"{path}: a line is longer than 1 GiB; this is no JSONL that a service takes")
    if end > len(buffer):
        del buffer[length:]
        buffer += data
    else:
        memoryview(buffer)[length:end] = data
    return end


def split_lines(block: bytes) -> list[bytes]:
    """A block cut at its line feeds; `split` is the faster one for short lines alone."""
    if block.find(b"\n", 0, LONG_LINE) >= 0 or len(block) < LONG_LINE:
        return block.split(b"\n")
    lines, start = [], 0
    while (end := block.find(b"\n", start)) >= 0:
        lines.append(block[start:end])
        start = end + 1
    return [*lines, block[start:]]


def plain_name(path: str) -> str:
    """The file's name with the endings of compression taken off."""
    name = os.path.basename(path)
    for ending in COMPRESSED_ENDINGS:
        name = name.removesuffix(ending)
    return name


def read_errors() -> tuple[type[Exception], ...]:
    """What reading may raise, where the bytes are compressed too."""
    import zlib

    return OSError, EOFError, zlib.error


def reason(error: BaseException) -> str:
    """Why a read failed, in the operating system's words."""
    import zlib
    from gzip import BadGzipFile

    if isinstance(error, EOFError | zlib.error | BadGzipFile):
        return f"the compressed data is damaged or cut off ({error})"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
