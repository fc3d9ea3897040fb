"""The gate for many plain lines at once: one pass in C proves them clean, and gives what is kept of each.

It may doubt more lines than the gate does one by one: a rule on structure finds nothing in those it proves.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from msgspec import Struct

from jsonl_lint.examples import LineExample
from jsonl_lint.formats import plain_roles
from jsonl_lint.gate import Gate
from jsonl_lint.native import function
from jsonl_lint.plain import MAX_ORDERS
from jsonl_lint.prints import Prints
from jsonl_lint.rule import Tally, Variant
from jsonl_lint.targets import Facts
from jsonl_lint.text import INVISIBLE

__all__ = ["Contents", "PlainBatch", "PlainLines", "Proof"]

Records = npt.NDArray[np.void]
Numbers = npt.NDArray[np.uint64]
Order = tuple[str, ...]

# As in native/lines.c.
ROLES = ("system", "user", "assistant")
KEYS = {"role": 1, "content": 2, "name": 4, "weight": 8}
NUMBERS = ("end", "order", "prompt", "example", "system", "system_start", "system_end", "crlf")
LINE = np.dtype([(name, "=u8" if name in ("order", "prompt", "example", "system") else "=i8") for name in NUMBERS])

# A block of more lines than one for so many bytes holds no conversations.
SHORTEST_LINE = 32


class Shape(ctypes.Structure):
    """What a target takes, as the part in C reads it."""

    _fields_ = (("keys", ctypes.c_uint32 * len(ROLES)), ("weights", ctypes.c_uint32), ("shows", ctypes.c_uint8 * 256))


class Contents(Struct, frozen=True):
    """What the contents of messages say, one after the other in UTF-8, and where each ends."""

    together: bytes
    ends: array[int]


class Proof(Struct, frozen=True):
    """What is known of the lines of a block, which of them are in doubt, and the orders of roles by their numbers."""

    block: bytes
    lines: Records
    doubtful: Sequence[int]
    orders: dict[int, Order]
    decode: Callable[[bytes], list[Any]]
    contents: Callable[[bytes, int], Contents | None]

    def runs(self) -> Iterator[tuple[int, int, bool]]:
        """Neighbouring lines that are proved, or one in doubt: the first, the one after the last, and which it is."""
        first = 0
        for index in self.doubtful:
            if first < index:
                yield first, index, True
            yield index, index + 1, False
            first = index + 1
        if first < len(self.lines):
            yield first, len(self.lines), True

    def start(self, index: int) -> int:
        """Where a line begins in the block."""
        return int(self.lines["end"][index - 1]) + 1 if index else 0

    def line(self, index: int) -> bytes:
        """A line with its line feed."""
        return self.block[self.start(index) : self.start(index + 1)]

    def crlf(self, first: int, last: int) -> list[int]:
        """Which of some lines that are proved, counted from the first, end with a carriage return and a line feed."""
        found: list[int] = np.flatnonzero(self.lines["crlf"][first:last]).tolist()
        return found

    def batch(self, first: int, last: int, first_line: int) -> PlainBatch:
        """Neighbouring lines that are proved; the first of them is the file's line of this number."""
        return PlainBatch(self, first, last, first_line)


class PlainLines:
    """Proves plain lines of one plan clean."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.shape = shape_of(gate.plan.facts)
        self.orders: dict[int, Order] = {}
        self.lines = np.empty(0, LINE)
        self.scratch = np.empty(0, np.uint8)

    @cached_property
    def read(self) -> Any:
        """The part in C; None where it is not there, or the plan takes no plain lines."""
        if self.gate.plain is None or not self.gate.is_open or self.gate.plan.method != "sft":
            return None
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        return function("read_lines", ctypes.c_char_p, number, pointer, pointer, pointer, number)

    def prove(self, block: bytes) -> Proof | None:
        """What is known of the lines of a block that ends with a line feed; None if most are in doubt."""
        if self.read is None or self.gate.plain is None:
            return None
        if len(self.scratch) < len(block):
            self.scratch = np.empty(len(block), np.uint8)
            self.lines = np.empty(len(block) // SHORTEST_LINE + 1, LINE)
        shape, scratch, out = ctypes.byref(self.shape), self.scratch.ctypes.data, self.lines.ctypes.data
        count = self.read(block, len(block), shape, scratch, out, len(self.lines))
        lines = self.lines[: max(count, 0)]
        if len(self.orders) > MAX_ORDERS:
            self.orders = {}
        flagged = [order for order in different(lines["order"]).tolist() if not self.is_clean(order)]
        doubtful = [] if not flagged else np.flatnonzero(np.isin(lines["order"], flagged)).tolist()
        if 2 * len(doubtful) >= count:
            return None
        return Proof(block, lines.copy(), doubtful, self.orders, self.gate.plain.decode_lines, self.contents)

    def contents(self, lines: bytes, messages: int) -> Contents | None:
        """What so many messages say in lines that are proved; None if any has a name or a weight."""
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        read = function("read_contents", ctypes.c_char_p, number, pointer, pointer, pointer, number)
        out, ends = np.empty(len(lines), np.uint8), array("Q", bytes(8 * messages))
        shape, (place, room) = ctypes.byref(self.shape), ends.buffer_info()
        if read(lines, len(lines), shape, out.ctypes.data, place, room) != messages:
            return None
        return Contents(out[: ends[-1]].tobytes(), ends)

    def is_clean(self, number: int) -> bool:
        """Whether the rules on the order of roles find nothing in an order (0 for none): then it is remembered."""
        if number in self.orders:
            return True
        roles = roles_of(number)
        if not roles or not self.gate.is_clean_conversation_order(roles):
            return False
        self.orders[number] = roles
        return True


class PlainBatch:
    """Neighbouring lines that are proved plain; their rows are decoded when they are asked for.

    `first_line` is the number of the first of them, `block` holds them from `start` up to the last one's line feed at `end`.
    """

    def __init__(self, proof: Proof, first: int, last: int, first_line: int) -> None:
        self.proof = proof
        self.block = proof.block
        self.first_line = first_line
        self.lines = proof.lines[first:last]
        self.start = proof.start(first)
        self.end = int(self.lines["end"][-1])

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[LineExample]:
        for number, (text, row) in enumerate(zip(self.texts, self.rows, strict=True), self.first_line):
            yield LineExample(number, text, row)

    @property
    def size(self) -> int:
        """How many bytes the lines have, their line feeds not counted."""
        return self.end + 1 - self.start - len(self)

    @property
    def longest(self) -> int:
        """How many bytes the longest of the lines has."""
        return int(np.diff(self.lines["end"], prepend=self.start - 1).max()) - 1

    @cached_property
    def texts(self) -> list[bytes]:
        """The lines, without their line feeds."""
        return self.block[self.start : self.end].split(b"\n")

    @cached_property
    def rows(self) -> Sequence[Any]:
        """The typed rows of the lines."""
        return self.proof.decode(self.block[self.start : self.end + 1])

    @cached_property
    def roles(self) -> Sequence[Order]:
        """The order of roles of each line."""
        return list(map(self.proof.orders.__getitem__, self.lines["order"].tolist()))

    @property
    def orders(self) -> Iterator[tuple[Order, Tally]]:
        """The different orders of roles: of how many lines each is, and of which first."""
        numbers = self.lines["order"]
        for number in different(numbers).tolist():
            (places,) = (numbers == number).nonzero()
            yield self.proof.orders[number], Tally(len(places), self.first_line + int(places[0]))

    def contents(self) -> Contents | None:
        """What the messages of the lines say; None if any has a name or a weight."""
        return self.proof.contents(self.block[self.start : self.end + 1], sum(map(len, self.roles)))

    def leave_prints(self, prints: Prints) -> None:
        """Keep the fingerprints of the examples."""
        systems = self.systems() if prints.systems is not None else ()
        prints.add_plain(self.first_line, self.lines["prompt"].tobytes(), self.lines["example"].tobytes(), systems)

    def systems(self) -> Iterator[tuple[int, Variant]]:
        """The different system messages at the head of lines, each with its fingerprint."""
        having = np.flatnonzero(self.lines["system_end"])
        systems = self.lines["system"][having]
        for key in different(systems).tolist():
            places = having[systems == key]
            index, count = int(places[0]), len(places)
            line = self.lines[index]
            spelled = self.block[int(line["system_start"]) - 1 : int(line["system_end"]) + 1]
            yield key, Variant(self.first_line + index, count, orjson.loads(spelled))


def different(numbers: Numbers) -> Numbers:
    """The different numbers among some that are mostly alike."""
    if not len(numbers):
        return numbers
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def shape_of(facts: Facts) -> Shape:
    """The shape of a target's plain lines."""
    known = plain_roles(facts)
    keys = [keys_of(role, facts) if role in known else 0 for role in ROLES]
    weights = sum(1 << weight for weight in facts.weight_values if weight in range(10))
    return Shape((ctypes.c_uint32 * len(ROLES))(*keys), weights, (ctypes.c_uint8 * 256)(*shows()))


def keys_of(role: str, facts: Facts) -> int:
    """The keys that a plain message of this role may have."""
    return KEYS["role"] + sum(number for key, number in KEYS.items() if key in facts.roles[role].keys and key != "role")


def shows() -> bytes:
    """For each byte whether every character that begins with it shows on a page."""
    hidden = {character.encode()[0] for character in INVISIBLE}
    return bytes(lead not in hidden and not 0x80 <= lead < 0xC2 for lead in range(256))


def roles_of(number: int) -> Order:
    """The roles of an order's number: below its highest bit there are two bits for each."""
    count = (number.bit_length() - 1) // 2
    return tuple(ROLES[number >> 2 * place & 3] for place in reversed(range(count)))
