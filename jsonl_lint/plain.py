"""The proof for plain lines: the order of the roles says how many quotes such a line has, names and weights aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from jsonl_lint.text import has_visible

__all__ = ["MAX_ORDERS", "Order", "Plain", "is_trained"]

# Orders of roles are remembered up to this number, so that data made to have ever new ones does not fill the memory.
MAX_ORDERS = 4096

# No line has that many.
NEVER = -(1 << 40)


class Order(Struct, frozen=True):
    """An order of roles, and how many quotes a line has that holds them and nothing else; NEVER if rules flag the order."""

    roles: tuple[str, ...]
    quotes: int


class Plain:
    """Proves plain lines clean. `is_clean_order` asks the rules on the order of roles; `trains` says that weights count."""

    def __init__(self, row_type: type[Struct], is_clean_order: Callable[[tuple[str, ...]], bool], trains: bool) -> None:
        decoder = msgspec.json.Decoder(row_type)
        self.decode: Callable[[bytes], Any] = decoder.decode
        self.decode_lines: Callable[[bytes], list[Any]] = decoder.decode_lines
        self.is_clean_order = is_clean_order
        self.trains = trains
        self.known: dict[tuple[type[Struct], ...], Order] = {}

    def orders(self, rows: list[Any]) -> list[Order]:
        """The order of roles of each row."""
        known = self.known.get
        return [known(tuple(map(type, row.messages))) or self.learn(row) for row in rows]

    def learn(self, row: Any) -> Order:
        """The order of roles of a row, judged once for all rows like it."""
        kinds: tuple[type[Struct], ...] = tuple(map(type, row.messages))
        roles = tuple(message.ROLE for message in row.messages)
        # The key of the list, and in each message two keys and two values: all with two quotes.
        order = Order(roles, 2 + 8 * len(roles) if self.is_clean_order(roles) else NEVER)
        if len(self.known) < MAX_ORDERS:
            self.known[kinds] = order
        return order

    def is_good(self, row: Any, order: Order, quotes: int) -> bool:
        """Whether a row of a line with so many quotes has no key twice, and none of the defects that types can't exclude."""
        messages = row.messages
        names = sum([getattr(message, "name", UNSET) is not UNSET for message in messages])
        weights = sum([getattr(message, "weight", UNSET) is not UNSET for message in messages])
        if order.quotes + 4 * names + 2 * weights != quotes:
            return False
        if weights and self.trains and not is_trained(messages):
            return False
        return all(map(has_visible, [message.content for message in messages]))


def is_trained(messages: Iterable[Any]) -> bool:
    """Whether some message is trained on: an assistant's whose weight is not 0."""
    return any(getattr(message, "weight", 0) != 0 for message in messages)
