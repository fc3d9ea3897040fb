"""What is done to a file as a whole before its lines are looked at: encoding, old line ends, arrays."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import msgspec

from jsonl_lint.errors import InputError
from jsonl_lint.repair.lines import CR_END
from jsonl_lint.repair.permits import Permits
from jsonl_lint.repair.values import values
from jsonl_lint.rule import FileSummary, Tally
from jsonl_lint.shape import container_of, encoding_of
from jsonl_lint.source import BLOCK_BYTES, blocks
from jsonl_lint.text import BOM

__all__ = ["Text", "decoded", "opened_text", "without_marks"]

MARKS = re.compile(rb"\n(?:\xef\xbb\xbf)+")


class Text(msgspec.Struct):
    """A file as blocks of whole lines, without its byte order mark.

    `fixed` counts what was done to it as a whole, and grows while the blocks are read. `is_lines` is false for what was
    left as it is, because it holds no lines and may not be made into lines.
    """

    blocks: Iterator[bytes]
    bom: bool = False
    encoding: str | None = None
    container: str | None = None
    fixed: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def is_lines(self) -> bool:
        """Whether the blocks are lines of JSON."""
        return self.encoding is None and self.container is None

    @property
    def summary(self) -> FileSummary:
        """What is known of the file for the rules on files."""
        return FileSummary(lines=1, examples=1, bom=self.bom, encoding=self.encoding, container=self.container)


def opened_text(read: Callable[[int], bytes], path: str, permits: Permits) -> Text:
    """The text of a file, converted as far as that is wanted; `InputError` where it can't be without loss."""
    chunks = filled(iter(lambda: read(BLOCK_BYTES), b""))
    head = next(chunks, b"")
    text = Text(iter(()), encoding=encoding_of(head))
    if text.encoding is not None:
        chunks = chain([head], chunks)
        if not permits.codes(text.summary):
            text.blocks = chunks
            return text
        text.fixed["ENC004"] += 1
        chunks = decoded(chunks, path, text.encoding)
        text.encoding = None
        head = next(chunks, b"")
    else:
        text.bom = head.startswith(BOM)
        head = head.removeprefix(BOM)
    return with_lines(text, head, chunks, path, permits)


def with_lines(text: Text, head: bytes, chunks: Iterator[bytes], path: str, permits: Permits) -> Text:
    """The text with its blocks, when it is known to be UTF-8."""
    following = next(chunks, b"")
    chunks = (chunk for chunk in chain([head, following], chunks) if chunk)
    start = head[: head.rfind(b"\n") + 1 or len(head)] if following else head
    text.container = container_of(start, is_whole=not following)
    if text.container is not None:
        return with_values(text, chunks, path, permits)
    if b"\n" not in head and CR_END.search(head) and permits.codes(FileSummary(lines=1, cr=Tally(1, 1))):
        chunks = with_line_feeds(chunks, text.fixed)
    text.blocks = blocks(reader(chunks), path)
    return text


def with_values(text: Text, chunks: Iterator[bytes], path: str, permits: Permits) -> Text:
    """The text of a file that is an array or printed over many lines, each value on a line of its own if that is wanted."""
    if "FIL007" not in permits.codes(text.summary):
        text.blocks = chunks
        return text
    text.fixed["FIL007"] += 1
    text.blocks = (value + b"\n" for value in values(without_marks(chunks), path, text.container == "array"))
    text.container = None
    return text


def without_marks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes without the byte order marks that begin lines."""
    last, held = b"\n", b""
    for chunk in chain(chunks, [b""]):
        text = last + held + chunk
        # What may be the beginning of a mark is looked at again with what follows.
        cut = max((size for size in (2, 1) if chunk and text.endswith(BOM[:size])), default=0)
        text, held = text[: len(text) - cut], text[len(text) - cut :]
        text = MARKS.sub(b"\n", text)
        last = text[-1:]
        yield text[1:]


def filled(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, the first chunk as large as a block if there are as many: streams may give less."""
    chunks = iter(chunks)
    head: list[bytes] = []
    while sum(map(len, head)) < BLOCK_BYTES and (chunk := next(chunks, b"")):
        head.append(chunk)
    yield b"".join(head)
    yield from chunks


def reader(chunks: Iterator[bytes]) -> Callable[[int], bytes]:
    """Chunks as a function to read them with, however large they are."""
    return lambda _size: next(chunks, b"")


def decoded(chunks: Iterable[bytes], path: str, encoding: str) -> Iterator[bytes]:
    """Text in UTF-16 or UTF-32 as UTF-8, its byte order mark taken off."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first = True
    for chunk in chain(chunks, [b""]):
        try:
            text = decoder.decode(chunk, final=not chunk).encode()
        except UnicodeError as error:
            raise InputError(
                f"{path}: the file is not whole {encoding.upper()} ({error}); nothing was changed"
            ) from error
        if is_first and text:
            text, is_first = text.removeprefix(BOM), False
        if text:
            yield text


def with_line_feeds(chunks: Iterable[bytes], fixed: Counter[str]) -> Iterator[bytes]:
    """Text in which carriage returns end the lines, with line feeds in their place."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        # What may be the beginning of a line end is looked at again with what follows.
        cut = len(text.rstrip(b" \t\r"))
        cut -= text[:cut].endswith(b"}")
        text, held = text[:cut], text[cut:]
        text, count = CR_END.subn(rb"\1\n", text)
        fixed["FIL006"] += count
        if text:
            yield text
    if held:
        yield held
