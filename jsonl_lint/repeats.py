"""Which numbers of a long array stand in it more than once, and where: in little memory, however many there are.

Wanted numbers are a set where the array is short, for which numpy need not be loaded, and else a sorted array. Their places
are never held: they are found anew each time, in order.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

__all__ = ["common", "count", "differing", "places", "repeated", "rounds"]

Wanted = Any
"""A set of numbers, or a sorted array of numpy without any number twice."""

# Up to here sets are faster than the import of numpy.
FEW = 20_000
PART = 1_000

# So many numbers are looked at in one round, which bounds what has to be remembered of their places.
ROUND = 150_000

# So much of a long array is looked at at once; it is sorted in so many slices.
CHUNK = 1 << 17
SLICE_BITS = 3
HIGHEST = 2**64 - 1


def repeated(numbers: array[int]) -> Wanted:
    """The numbers that stand more than once."""
    if len(numbers) <= FEW:
        return repeated_few(numbers)
    import numpy

    values = numpy.frombuffer(numbers, numpy.uint64)
    found = []
    for part in range(1 << SLICE_BITS):
        low = part << (64 - SLICE_BITS)
        high = low + (HIGHEST >> SLICE_BITS)
        ordered = values[(values >= numpy.uint64(low)) & (values <= numpy.uint64(high))]
        ordered.sort()
        again = ordered[1:] == ordered[:-1]
        again[1:] &= ordered[2:] != ordered[:-2]
        found.append(ordered[1:][again])
    return numpy.concatenate(found)


def repeated_few(numbers: array[int]) -> set[int]:
    """The same for few numbers; part by part, so that no part takes much memory."""
    parts = len(numbers) // PART + 1
    doubled: set[int] = set()
    for part in range(parts):
        seen: set[int] = set()
        for number in numbers:
            if number % parts == part:
                (doubled if number in seen else seen).add(number)
    return doubled


def common(numbers: array[int], others: array[int]) -> Wanted:
    """The numbers that stand in both arrays."""
    if len(numbers) + len(others) <= FEW:
        return set(numbers).intersection(others)
    import numpy

    shared = numpy.unique(numpy.frombuffer(others, numpy.uint64))
    is_shared = numpy.zeros(len(shared), bool)
    for _, where, _ in found_in(numbers, shared):
        is_shared[where] = True
    return shared[is_shared]


def differing(numbers: array[int], others: array[int], wanted: Wanted) -> Wanted:
    """Those of the wanted numbers beside whose places in a second array different numbers stand."""
    if isinstance(wanted, set):
        beside: dict[int, int] = {}
        pairs = ((number, other) for number, other in zip(numbers, others, strict=True) if number in wanted)
        return {number for number, other in pairs if beside.setdefault(number, other) != other}
    import numpy

    kept = [wanted[:0]]
    for part in rounds(wanted):
        least, most = numpy.full(len(part), HIGHEST, numpy.uint64), numpy.zeros(len(part), numpy.uint64)
        for start, where, is_there in found_in(numbers, part):
            other = numpy.frombuffer(others, numpy.uint64, len(is_there), start * 8)[is_there]
            numpy.minimum.at(least, where, other)
            numpy.maximum.at(most, where, other)
        kept.append(part[least != most])
    return numpy.concatenate(kept)


def rounds(wanted: Wanted) -> Iterator[Wanted]:
    """The wanted numbers in portions of a bounded size."""
    if isinstance(wanted, set):
        ordered = sorted(wanted)
        yield from (set(ordered[start : start + ROUND]) for start in range(0, len(ordered), ROUND))
        return
    yield from (wanted[start : start + ROUND] for start in range(0, len(wanted), ROUND))


def places(numbers: array[int], wanted: Wanted) -> Iterator[int]:
    """The places of the wanted numbers, in order."""
    if isinstance(wanted, set):
        yield from (place for place, number in enumerate(numbers) if number in wanted)
        return
    for start, _, is_there in found_in(numbers, wanted):
        yield from (is_there.nonzero()[0] + start).tolist()


def count(numbers: array[int], wanted: Wanted) -> int:
    """How many places the wanted numbers have."""
    if isinstance(wanted, set):
        return sum(number in wanted for number in numbers)
    return sum(len(where) for _, where, _ in found_in(numbers, wanted))


def found_in(numbers: array[int], wanted: Any) -> Iterator[tuple[int, Any, Any]]:
    """For each chunk of an array where it starts, which of the wanted numbers stand in it, and which of its places have one."""
    import numpy

    for start in range(0, len(numbers) if len(wanted) else 0, CHUNK):
        values = numpy.frombuffer(numbers, numpy.uint64, min(CHUNK, len(numbers) - start), start * 8)
        where = numpy.searchsorted(wanted, values)
        where[where == len(wanted)] = 0
        is_there = wanted[where] == values
        yield start, where[is_there], is_there
