"""Calls of tools and their results: which result answers no call, which call has no result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from jsonl_lint.rule import Conversation, intended_role

__all__ = ["Trips", "Turn", "calls_of", "id_of", "last_turns", "round_trips", "trips_of"]


class Turn(msgspec.Struct, frozen=True):
    """What a message has to do with calls: the ids of those it makes, and whether it is a result, of the call `answers`.

    An id that can't be told is None.
    """

    calls: tuple[str | None, ...] = ()
    is_result: bool = False
    answers: str | None = None


SAID = Turn()
SPEAKERS = ("system", "user", "assistant")


class Trips(msgspec.Struct):
    """The results without a call, as indexes of messages with a word on why; the calls without a result, as two indexes."""

    orphans: list[tuple[int, str]] = []
    unanswered: list[tuple[int, int]] = []


def round_trips(turns: Sequence[Turn]) -> Trips:
    """Go through a conversation: each call is answered in the run of results that follows, in any order.

    Calls of the last message need no answer.
    """
    trips = Trips([], [])
    if not any(turn is not SAID and (turn.is_result or turn.calls) for turn in turns):
        return trips
    caller, waiting, answered = 0, list[tuple[int, "str | None"]](), set[str]()
    for index, turn in enumerate(turns):
        if not turn.is_result:
            trips.unanswered.extend((caller, place) for place, call in waiting if call is not None)
            caller, waiting, answered = index, list(enumerate(turn.calls)), set()
            continue
        place = next((at for at, (_, call) in enumerate(waiting) if call == turn.answers), None)
        if turn.answers is None or place is None:
            # A call without a usable id may be the one that is meant.
            if turn.answers is None or not any(call is None for _, call in waiting):
                trips.orphans.append((index, "again" if turn.answers in answered else "none"))
            continue
        answered.add(turn.answers)
        del waiting[place]
    if caller != len(turns) - 1:
        trips.unanswered.extend((caller, place) for place, call in waiting if call is not None)
    return trips


def turns_of(conversation: Conversation) -> tuple[list[Turn], int]:
    """The turns of a conversation, and how many stand before its first message.

    Results that begin an output answer the calls that end its input.
    """
    earlier = conversation.row.get("messages") if conversation.purpose == "output" else None
    before = last_turns([turn_of(item) for item in earlier]) if isinstance(earlier, list) else []
    return [*before, *(turn_of(item) for item in conversation.items)], len(before)


def trips_of(conversation: Conversation) -> Trips:
    """The results without a call and the calls without a result among a conversation's own messages, by their indexes there.

    Several rules ask for them, so that they are found once.
    """
    known: Trips | None = conversation.__dict__.get("trips")
    if known is None:
        turns, before = turns_of(conversation)
        found = round_trips(turns)
        orphans = [(index - before, why) for index, why in found.orphans if index >= before]
        unanswered = [(index - before, place) for index, place in found.unanswered if index >= before]
        known = conversation.__dict__["trips"] = Trips(orphans, unanswered)
    return known


def last_turns(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The last turn that is no result, and the results that follow it."""
    start = len(turns)
    while start and turns[start - 1].is_result:
        start -= 1
    return turns[max(start - 1, 0) :]


def turn_of(item: Any) -> Turn:
    """What a message, whatever it is, has to do with calls."""
    if not isinstance(item, dict):
        return SAID
    # Most messages have nothing to do with calls, which shows at once.
    if "tool_calls" not in item and item.get("role") in SPEAKERS:
        return SAID
    answers = item.get("tool_call_id")
    if intended_role(item.get("role")) == "tool":
        return Turn(is_result=True, answers=answers if isinstance(answers, str) and answers else None)
    return Turn(tuple(id_of(call) for call in calls_of(item)))


def calls_of(message: dict[str, Any]) -> Sequence[Any]:
    """The calls that a message makes; none if `tool_calls` is no list."""
    calls = message.get("tool_calls")
    return calls if isinstance(calls, list) and intended_role(message.get("role")) == "assistant" else ()


def id_of(call: Any) -> str | None:
    """The id of a call; None if it can't be told."""
    name = call.get("id") if isinstance(call, dict) else None
    return name if isinstance(name, str) and name else None
