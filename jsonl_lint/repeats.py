"""Which numbers of a long array stand in it more than once: in little memory, however many there are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

__all__ = ["common", "repeated", "repeated_few"]

# Up to here a dictionary is faster than the import of numpy.
FEW = 20_000
PART = 1_000

# So many different numbers are looked at in one round, which bounds the memory that their places take.
ROUND = 100_000

Groups = dict[int, list[int]]


def repeated(numbers: array[int]) -> Iterator[Groups]:
    """The places of each number that stands more than once, by number, in rounds of a bounded size."""
    if len(numbers) <= FEW:
        found = repeated_few(numbers)
        if found:
            yield found
        return
    import numpy

    ordered = numpy.sort(numpy.frombuffer(numbers, numpy.uint64))
    doubled = numpy.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    yield from rounds(numbers, doubled)


def repeated_few(numbers: array[int]) -> Groups:
    """The same for few numbers, in one round; part by part, so that no part takes much memory."""
    parts = len(numbers) // PART + 1
    doubled: set[int] = set()
    for part in range(parts):
        seen: set[int] = set()
        for number in numbers:
            if number % parts == part:
                (doubled if number in seen else seen).add(number)
    return places_few(numbers, doubled) if doubled else {}


def common(numbers: array[int], others: array[int]) -> Iterator[tuple[Groups, Groups]]:
    """The places in both arrays of each number that stands in both, in rounds of a bounded size."""
    if len(numbers) + len(others) <= FEW:
        shared = set(numbers).intersection(others)
        if shared:
            yield places_few(numbers, shared), places_few(others, shared)
        return
    import numpy

    shared_numbers = numpy.intersect1d(numpy.frombuffer(numbers, numpy.uint64), numpy.frombuffer(others, numpy.uint64))
    yield from zip(rounds(numbers, shared_numbers), rounds(others, shared_numbers), strict=True)


def places_few(numbers: array[int], wanted: set[int]) -> Groups:
    """The places of the wanted numbers."""
    places: Groups = {}
    for index, number in enumerate(numbers):
        if number in wanted:
            places.setdefault(number, []).append(index)
    return places


def rounds(numbers: array[int], wanted: Any) -> Iterator[Groups]:
    """The places of the wanted numbers, which are sorted, in rounds."""
    import numpy

    values = numpy.frombuffer(numbers, numpy.uint64)
    for start in range(0, len(wanted), ROUND):
        part = wanted[start : start + ROUND]
        places: Groups = {}
        for index in numpy.flatnonzero(is_among(values, part)).tolist():
            places.setdefault(numbers[index], []).append(index)
        yield places


def is_among(values: Any, part: Any) -> Any:
    """Whether each value is among some sorted ones."""
    import numpy

    found = numpy.searchsorted(part, values)
    found[found == len(part)] = 0
    return part[found] == values
