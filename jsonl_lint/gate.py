"""The fast way: a typed decoder that takes good lines only, and two proofs of what no decoder shows.

A line is admitted when it decodes into the types of its target's facts, no key in it stands twice, and nothing that the
types can't say is in doubt. The gate may doubt a good line, which costs time; it never admits a line in which a rule on
structure would find something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, Struct

from jsonl_lint.formats import DOUBTFUL_ROLES, line_type, plain_type
from jsonl_lint.images import MARK, Pictures, Shortened, shortened
from jsonl_lint.parts import Image
from jsonl_lint.plain import MAX_ORDERS, Plain, is_trained
from jsonl_lint.plan import Plan
from jsonl_lint.proof import delimiters, strings
from jsonl_lint.rule import Roles
from jsonl_lint.text import has_visible

if TYPE_CHECKING:
    from jsonl_lint.toolbox import Toolbox, Toolboxes
    from jsonl_lint.tooled import Tooled

__all__ = ["Gate", "images_in"]

# Deprecated: a rule has a word to say on each.
DOUBTFUL_FIELDS = ("functions", "function_call")


class Gate:
    """Admits the lines of one plan that are structurally clean."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        # Keys for a grader may be anything, which no type proves: such lines all go the exact way.
        self.is_open = not plan.facts.extra_row_keys and not has_lone_role(plan)
        self.lone_parts = frozenset(role for role, known in plan.facts.roles.items() if len(known.parts) == 1)
        self.images: list[Image] = []
        self.orders: dict[tuple[str | None, ...], bool] = {}
        self.purpose = "train" if plan.method == "sft" else "prompt"
        plain = plain_type(plan.facts, plan.method)
        self.plain = Plain(plain, self.is_clean_conversation_order, self.purpose == "train") if plain else None

    @cached_property
    def toolboxes(self) -> Toolboxes:
        """What knows of tools and calls; what it needs takes a while to import."""
        from jsonl_lint.toolbox import Toolboxes

        return Toolboxes(self.plan)

    @cached_property
    def tooled(self) -> Tooled | None:
        """The fast proof for chats with tools."""
        from jsonl_lint.tooled import Tooled

        return Tooled(self.plan) if self.plan.method in ("sft", "rft") else None

    @cached_property
    def row_type(self) -> type[Struct]:
        """The type of all lines, which takes a while to make, and which files of plain lines do without."""
        return line_type(self.plan.facts, self.plan.method, raw_tools=True)

    @cached_property
    def decode(self) -> Callable[[bytes], Struct]:
        """What decodes lines that are more than plain ones."""
        return msgspec.json.Decoder(self.row_type).decode

    def admit(self, line: bytes) -> Struct | None:
        """The typed row of a line that is clean; None if there is any doubt."""
        if not self.is_open:
            return None
        if MARK in line:
            return self.admit_shortened(shortened(line))
        if self.plain is not None and b'"tool' not in line:
            row = decoded(self.plain.decode, line)
            if row is not None:
                (order,) = self.plain.orders([row])
                return row if self.plain.is_good(row, order, delimiters(line)) else None
        row = decoded(self.decode, line)
        return row if row is not None and self.is_good(row, delimiters(line)) else None

    def admit_shortened(self, short: Shortened | None) -> Struct | None:
        """The same for a line with images in data URIs, of which the row has the beginnings alone."""
        if short is None or not self.is_open:
            return None
        row = decoded(self.decode, short.text)
        return row if row is not None and self.is_good(row, delimiters(short.text), short.pictures) else None

    def is_good(self, row: Any, quotes: int, pictures: Pictures | None = None) -> bool:
        """Whether the row of a line with so many quotes has no key twice, and no defect that its types can't exclude.

        `pictures` are those that were cut out of the line.
        """
        self.images = []
        holder = row.input if self.plan.method == "dpo" else row
        box = None
        if getattr(holder, "tools", UNSET) is not UNSET:
            box = self.toolboxes.open(bytes(holder.tools))
            if box is None:
                return False
            # Lines that declare the same tools share them.
            msgspec.structs.force_setattr(holder, "tools", ())
        if not pictures and self.is_tooled(row, box, quotes):
            if box is not None:
                msgspec.structs.force_setattr(row, "tools", box.tools)
            return True
        if (strings(row) + (box.strings if box else 0)) * 2 != quotes or not self.is_clean(row, box):
            return False
        if (self.images or pictures) and not self.are_clean_images(pictures or {}):
            return False
        if box is not None:
            msgspec.structs.force_setattr(holder, "tools", box.tools)
        return True

    def is_tooled(self, row: Any, box: Toolbox | None, quotes: int) -> bool:
        """Whether a row is a chat of texts, calls and results that the fast proof finds clean."""
        if self.tooled is None:
            return False
        found = self.tooled.strings(row.messages, box)
        if found is None:
            return False
        beside = sum([getattr(row, key) is not UNSET for key in row.__struct_fields__])
        return (
            (found + beside + (box.strings if box else 0)) * 2 == quotes
            and is_clean_holder(row, box)
            and self.is_clean_order(tuple([message.ROLE for message in row.messages]), self.purpose)
            and (self.purpose != "train" or is_trained(row.messages))
        )

    def is_clean(self, row: Any, box: Toolbox | None) -> bool:
        """Whether a row has none of the defects that its types can't exclude."""
        if self.plan.method == "completion":
            return has_visible(row.prompt) and has_visible(row.completion)
        if self.plan.method == "dpo":
            return self.is_clean_preference(row, box)
        return is_clean_holder(row, box) and self.is_clean_conversation(row.messages, self.purpose, box)

    def is_clean_preference(self, row: Any, box: Toolbox | None) -> bool:
        """Whether the three conversations of a preference are clean, and the outputs different answers."""
        outputs = (row.preferred_output, row.non_preferred_output)
        return (
            outputs[0] != outputs[1]
            and is_clean_holder(row.input, box)
            and self.is_clean_conversation(row.input.messages, "input", box)
            and all(self.is_clean_conversation(output, "output", box, row.input.messages) for output in outputs)
        )

    def is_clean_conversation(
        self, messages: list[Any], purpose: str, box: Toolbox | None, before: Sequence[Any] = ()
    ) -> bool:
        """Whether the messages, the order of their roles, their weights and their calls are clean."""
        roles = tuple([message.ROLE for message in messages])
        return (
            self.is_clean_order(roles, purpose)
            and all(self.is_clean_message(message) for message in messages)
            and (purpose != "train" or is_trained(messages))
            and (purpose != "output" or "assistant" in roles)
            and self.toolboxes.are_clean_calls(messages, before, box)
        )

    def is_clean_conversation_order(self, roles: tuple[str, ...]) -> bool:
        """Whether the rules on the order of roles find nothing in the conversation of a chat line."""
        return self.is_clean_order(roles, self.purpose)

    def is_clean_order(self, roles: tuple[str, ...], purpose: str) -> bool:
        """Whether the rules on the order of roles find nothing; asked once for each order."""
        key = (purpose, *roles)
        verdict = self.orders.get(key)
        if verdict is None:
            verdict = DOUBTFUL_ROLES.isdisjoint(roles) and not self.finds_in_order(Roles(roles, purpose))
            if len(self.orders) < MAX_ORDERS:
                self.orders[key] = verdict
        return verdict

    def finds_in_order(self, roles: Roles) -> bool:
        """Whether any rule of the gate on the order of roles finds something."""
        gated = [head for head in self.plan.heads(Roles) if head.gated]
        return any(True for rule in self.plan.concerned(gated, roles) for _ in rule.check(roles, self.plan.facts))

    def is_clean_message(self, message: Any) -> bool:
        """Whether a message has something to read, or calls tools."""
        content = getattr(message, "content", UNSET)
        if content is None or content is UNSET:
            return self.is_clean_call(message)
        if isinstance(content, str):
            return has_visible(content) and is_unset(message, DOUBTFUL_FIELDS)
        if message.ROLE in self.lone_parts:
            return False
        for part in content:
            if part.__struct_config__.tag == "image_url":
                self.images.append(Image(part.image_url.url, part.image_url.detail, message.ROLE))
        return all(map(is_clean_part, content)) and is_unset(message, DOUBTFUL_FIELDS)

    def are_clean_images(self, pictures: Pictures) -> bool:
        """Whether the images of the line in hand are clean: those elsewhere by their URLs, the others by their bytes."""
        limit = self.plan.facts.max_images_per_example
        if limit is not None and len(self.images) > limit:
            return False
        # Only the exact way knows where an image stands that is to be fetched.
        if self.plan.fetches and any(image.is_remote for image in self.images):
            return False
        self.images = [with_picture(image, pictures) for image in self.images]
        # What was cut out of a text that is no image's URL has been judged for what it is not.
        if any(pictures.values()):
            return False
        # Nothing is known here of data that is spelled in another way, whichever rules there are to say so.
        if any(image.picture is None and not image.is_remote for image in self.images):
            return False
        rules = [rule for rule in self.plan.rules(Image) if rule.gated]
        return not any(True for image in self.images for rule in rules for _ in rule.check(image, self.plan.facts))

    def is_clean_call(self, message: Any) -> bool:
        """Whether a message without content may have none: it calls tools."""
        has_calls = getattr(message, "tool_calls", UNSET) is not UNSET
        has_null = message.content is None
        return has_calls and not (has_null and self.plan.facts.refuses_null_content)


def has_lone_role(plan: Plan) -> bool:
    """Whether some conversation of the plan's lines takes messages of one role only.

    Of a type that stands alone, not in a union, the decoder takes objects without their tag too. Such a lack would make up
    for a key that stands twice elsewhere when strings are counted. The same holds for parts of which a role takes one kind.
    """
    return len(plan.facts.roles) == 1 or (plan.method == "dpo" and len(plan.facts.output_roles) == 1)


def decoded(decode: Callable[[bytes], Struct], line: bytes) -> Struct | None:
    """The typed row of a line; None if it is not of the decoder's type."""
    try:
        return decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def images_in(row: Any) -> tuple[int, int]:
    """How many images an admitted row has, and how many of them are elsewhere."""
    conversations = [getattr(getattr(row, "input", row), "messages", ())]
    conversations += [getattr(row, "preferred_output", ()), getattr(row, "non_preferred_output", ())]
    contents = [message.content for messages in conversations for message in messages]
    lists = [content for content in contents if isinstance(content, list)]
    if not lists:
        return 0, 0
    urls = [part.image_url.url for parts in lists for part in parts if part.__struct_config__.tag == "image_url"]
    return len(urls), sum(not url[:5].lower().startswith("data:") for url in urls)


def with_picture(image: Image, pictures: Pictures) -> Image:
    """An image with the picture that was cut out of its URL."""
    cut = pictures.get(image.url)
    return msgspec.structs.replace(image, picture=cut.pop()) if cut else image


def is_clean_part(part: Any) -> bool:
    """Whether the text or refusal of a content part can be seen; other parts have neither."""
    return has_visible(getattr(part, "text", "x")) and has_visible(getattr(part, "refusal", "x"))


def is_clean_holder(holder: Any, box: Toolbox | None) -> bool:
    """Whether the fields beside the messages are clean."""
    has_parallel = getattr(holder, "parallel_tool_calls", UNSET) is not UNSET
    return is_unset(holder, DOUBTFUL_FIELDS) and (not has_parallel or (box is not None and bool(box.tools)))


def is_unset(row: Any, fields: Iterable[str]) -> bool:
    """Whether none of these fields stands in a row."""
    return all(getattr(row, field, UNSET) is UNSET for field in fields)
