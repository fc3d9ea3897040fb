"""The number of tokens of texts: exactly as many as `tiktoken` makes of them, whatever they contain."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cached_property, partial
from itertools import compress
from operator import sub
from typing import TYPE_CHECKING

from jsonl_lint.errors import JsonlLintError, UsageError
from jsonl_lint.tokens.fast import PROVEN, FastCounter, load_fast
from jsonl_lint.tokens.memo import Memo
from jsonl_lint.tokens.split import LONG, parts
from jsonl_lint.tokens.vocabulary import ENCODINGS, load_encoding, load_whole, token_sizes

if TYPE_CHECKING:
    from jsonl_lint.tokens.lexicon import Lexicon

__all__ = ["TextCounter", "Uncountable"]

# To go by words takes longer for fewer characters at once, and to load what it needs as long as to count so many without it.
FEW_CHARACTERS = 4 * 1024
MANY_CHARACTERS = 1024 * 1024

MEMO_BYTES = 4 * 1024 * 1024


class Uncountable(JsonlLintError):  # noqa: N818 - it says what the text is
    """A text that can't be tokenized."""


class TextCounter:
    """Counts the tokens of texts in one encoding; the text of special tokens is text like any other.

    `fast` says whether splintr-rs counts: None where it is installed in a proven version, True in any case (`UsageError` if
    it can't), False never. The counts are the same. Nothing is loaded before the first text. `sharers` are how many counters
    remember words and texts beside each other, all in as much memory as one has alone.
    """

    def __init__(self, encoding: str, fast: bool | None = None, *, sharers: int = 1) -> None:
        if encoding not in ENCODINGS:
            raise ValueError(f"unknown encoding {encoding!r}; known are {', '.join(ENCODINGS)}")
        if fast and load_fast(encoding) is None:
            versions = " or ".join(sorted(PROVEN))
            raise UsageError(f"fast counting of {encoding} takes splintr-rs {versions}: pip install jsonl-lint[fast]")
        self.encoding = encoding
        self.wants_fast = fast is not False
        self.sharers = sharers
        self.memo = Memo(size=MEMO_BYTES // sharers)
        self.met = 0

    @cached_property
    def fast(self) -> FastCounter | None:
        """What counts in place of tiktoken, if anything."""
        return load_fast(self.encoding) if self.wants_fast else None

    @cached_property
    def lexicon(self) -> Lexicon:
        """What counts many texts word by word; what it needs takes a while to import."""
        from jsonl_lint.tokens.lexicon import Lexicon
        from jsonl_lint.tokens.tally import WordCounter

        sizes = partial(token_sizes, self.encoding)
        counter = WordCounter(self.encoding, sizes, encode=self._encode, count=self._count_one, sharers=self.sharers)
        return Lexicon(counter)

    def load(self) -> None:
        """Load now what counting many texts takes."""
        if self.fast is None:
            load_encoding(self.encoding)
        else:
            self.fast.load()
        _ = self.lexicon
        self.met = MANY_CHARACTERS

    def count(self, text: str) -> int:
        """The number of tokens of a text; `Uncountable` if tiktoken gives up on it."""
        return self.count_batch([text])[0]

    def count_batch(self, texts: Iterable[str]) -> list[int]:
        """The number of tokens of each text; `Uncountable` if tiktoken gives up on one."""
        texts = list(texts)
        suits = [0 < len(text) < LONG for text in texts]
        if not self._goes_by_words(sum(map(len, compress(texts, suits)))):
            return self._count_remembered(texts)
        counted = iter(self._count_by_words(list(compress(texts, suits))))
        return [next(counted) if suited else self._count_one(text) for text, suited in zip(texts, suits, strict=True)]

    def count_together(self, together: bytes, ends: array[int]) -> list[int]:
        """The same for texts that stand end to end in UTF-8, none of them empty."""
        longest = max(map(sub, ends, [0, *ends[:-1]]), default=0)
        if longest < LONG and self._goes_by_words(len(together)):
            try:
                return self.lexicon.count_together(together, ends)
            except BaseException as error:
                if not isinstance(error, Uncountable) and not _is_panic(error):
                    raise
        return self.count_batch(together[start:end].decode() for start, end in zip([0, *ends], ends, strict=False))

    def _goes_by_words(self, size: int) -> bool:
        """Whether to count texts of so many characters word by word."""
        self.met += size
        return size >= FEW_CHARACTERS and self.met >= MANY_CHARACTERS and self.lexicon.is_worthwhile(size)

    def _count_remembered(self, texts: list[str]) -> list[int]:
        counts = {text: self.memo.get(text) for text in texts}
        for text in [text for text, count in counts.items() if count is None]:
            counts[text] = count = self._count_one(text)
            self.memo.put(text, count)
        return [counts[text] or 0 for text in texts]

    def _count_one(self, text: str) -> int:
        return self._count_exact(text) if self.fast is None else self._count_fast(text, self.fast)

    def _count_fast(self, text: str, fast: FastCounter) -> int:
        if len(text) >= LONG or not fast.takes(text):
            return self._count_exact(text)
        try:
            return fast.count(text)
        except UnicodeEncodeError:
            return fast.count(_repaired(text))
        except BaseException as error:
            if not _is_panic(error):
                raise
            return self._count_exact(text)

    def _count_by_words(self, texts: list[str]) -> list[int]:
        try:
            return self.lexicon.count([text.encode() for text in texts])
        except UnicodeEncodeError:
            return self.lexicon.count([_repaired(text).encode() for text in texts])
        except BaseException as error:
            if not isinstance(error, Uncountable) and not _is_panic(error):
                raise
            return [self._count_one(text) for text in texts]

    def _encode(self, text: str) -> bytes:
        if self.fast is not None:
            return self.fast.encode(text)
        return array("I", load_encoding(self.encoding).encode_ordinary(text)).tobytes()

    def _count_exact(self, text: str) -> int:
        try:
            if len(text) < LONG:
                return len(load_encoding(self.encoding).encode_ordinary(text))
            return sum(self._count_part(part, whole=whole) for part, whole in parts(text, self.encoding))
        except BaseException as error:
            if not _is_panic(error):
                raise
            raise Uncountable(f"tiktoken gives up on a text of {len(text):,} characters") from None

    def _count_part(self, part: str, *, whole: bool) -> int:
        load = load_whole if whole else load_encoding
        return len(load(self.encoding).encode_ordinary(part))


def _is_panic(error: BaseException) -> bool:
    """Whether an error is Rust's panic, which is no `Exception` and whose type can't be imported."""
    return type(error).__name__ == "PanicException"


def _repaired(text: str) -> str:
    """A text as tiktoken reads it: U+FFFD in place of half a surrogate pair, and neighbouring halves joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
