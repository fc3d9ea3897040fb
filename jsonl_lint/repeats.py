"""Which numbers of a long array stand in it more than once, and where: in little memory, however many there are.

Wanted numbers are a set where the arrays are short, for which numpy need not be loaded, and else a long array in order
without any number twice. Their places are never held: they are found anew each time, in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonl_lint.long_array import CHUNK, LongArray

__all__ = ["Round", "Wanted", "common", "count", "differing", "places", "repeated", "rounds"]

Values = Any
"""An array of numpy."""

Wanted = set[int] | LongArray
Round = set[int] | Values
"""Some of the wanted numbers: a set, or a sorted array of numpy."""

# Up to here sets are faster than the import of numpy.
FEW = 20_000
PART = 1_000

# So many numbers are looked at in one round, which bounds what has to be remembered of their places.
ROUND = 150_000

# So many numbers are sorted at once, or as many as that makes slices of all numbers by their first bits.
SORTED = 1 << 20
SLICES = 8


def repeated(numbers: LongArray) -> Wanted:
    """The numbers that stand more than once."""
    if len(numbers) <= FEW:
        return repeated_few(numbers)
    found = LongArray()
    for low, high in slices(len(numbers)):
        ordered = between(numbers, low, high)
        add(found, ordered[1:][ordered[1:] == ordered[:-1]])
    return found


def repeated_few(numbers: LongArray) -> set[int]:
    """The same for few numbers; part by part, so that no part takes much memory."""
    parts = len(numbers) // PART + 1
    doubled: set[int] = set()
    for part in range(parts):
        seen: set[int] = set()
        for number in numbers:
            if number % parts == part:
                (doubled if number in seen else seen).add(number)
    return doubled


def common(numbers: LongArray, others: LongArray) -> Wanted:
    """The numbers that stand in both arrays."""
    if len(numbers) + len(others) <= FEW:
        return set(numbers).intersection(others)
    import numpy

    found = LongArray()
    for low, high in slices(max(len(numbers), len(others))):
        own, other = (distinct(between(one, low, high)) for one in (numbers, others))
        add(found, numpy.intersect1d(own, other, assume_unique=True))
    return found


def differing(numbers: LongArray, others: LongArray, wanted: Wanted) -> Wanted:
    """Those of the wanted numbers beside whose places in a second array different numbers stand."""
    if isinstance(wanted, set):
        beside: dict[int, int] = {}
        pairs = ((number, other) for number, other in zip(numbers, others, strict=True) if number in wanted)
        return {number for number, other in pairs if beside.setdefault(number, other) != other}
    import numpy

    found = LongArray()
    for part in chunks(wanted, ROUND):
        least = numpy.full(len(part), 2**64 - 1, numpy.uint64)
        most = numpy.zeros(len(part), numpy.uint64)
        for values, beside in zip(chunks(numbers), chunks(others), strict=True):
            where, is_there = found_in(values, part)
            numpy.minimum.at(least, where, beside[is_there])
            numpy.maximum.at(most, where, beside[is_there])
        add(found, part[least != most])
    return found


def rounds(wanted: Wanted) -> Iterator[Round]:
    """The wanted numbers in portions of a bounded size."""
    if isinstance(wanted, set):
        ordered = sorted(wanted)
        yield from (set(ordered[start : start + ROUND]) for start in range(0, len(ordered), ROUND))
        return
    yield from chunks(wanted, ROUND)


def places(numbers: LongArray, wanted: Wanted | Round) -> Iterator[int]:
    """The places of the wanted numbers, in order."""
    if isinstance(wanted, set):
        yield from (place for place, number in enumerate(numbers) if number in wanted)
        return
    start = 0
    for values in chunks(numbers) if len(wanted) else ():
        yield from (flags(values, wanted).nonzero()[0] + start).tolist()
        start += len(values)


def count(numbers: LongArray, wanted: Wanted) -> int:
    """How many places the wanted numbers have."""
    if isinstance(wanted, set):
        return sum(number in wanted for number in numbers)
    return sum(int(flags(values, wanted).sum()) for values in chunks(numbers)) if len(wanted) else 0


def slices(length: int) -> Iterator[tuple[int, int]]:
    """The lowest and the highest number of each slice of all numbers, so narrow that few of so many stand in it."""
    wanted = max(SLICES, -(-length // SORTED))
    width = 2**64 >> (wanted - 1).bit_length()
    yield from ((low, low + width - 1) for low in range(0, 2**64, width))


def between(numbers: LongArray, low: int, high: int) -> Values:
    """The numbers from one up to another, in order, and those that stand more than twice only twice."""
    import numpy

    kept = [numpy.empty(0, numpy.uint64)]
    size = 0
    for values in chunks(numbers):
        kept.append(values[(values >= numpy.uint64(low)) & (values <= numpy.uint64(high))])
        size += len(kept[-1])
        if size > SORTED:
            kept = [thinned(numpy.concatenate(kept))]
            size = 0
    return thinned(numpy.concatenate(kept))


def thinned(values: Values) -> Values:
    """The same numbers in order, and those that stand more than twice only twice."""
    import numpy

    values.sort()
    is_kept = numpy.ones(len(values), bool)
    is_kept[2:] = values[2:] != values[:-2]
    return values[is_kept]


def distinct(ordered: Values) -> Values:
    """Numbers in order, each of them once."""
    import numpy

    is_first = numpy.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def add(found: LongArray, values: Values) -> None:
    """Put numbers behind those that were found before."""
    found.frombytes(values.tobytes())
    found.settle()


def chunks(numbers: LongArray, size: int = 0) -> Iterator[Values]:
    """All numbers in order, so many at once."""
    import numpy

    for chunk in numbers.chunks(size or CHUNK):
        yield numpy.frombuffer(chunk, numpy.uint64)


def flags(values: Values, wanted: LongArray | Values) -> Values:
    """For each number whether it is a wanted one."""
    if not isinstance(wanted, LongArray):
        return found_in(values, wanted)[1]
    import numpy

    is_there = numpy.zeros(len(values), bool)
    for part in chunks(wanted, SORTED):
        is_there |= found_in(values, part)[1]
    return is_there


def found_in(values: Values, wanted: Values) -> tuple[Values, Values]:
    """Which of the wanted numbers, a sorted array with at least one, stand among some, and which of these are wanted ones."""
    import numpy

    where: Values = numpy.searchsorted(wanted, values)
    where[where == len(wanted)] = 0
    is_there = wanted[where] == values
    return where[is_there], is_there
