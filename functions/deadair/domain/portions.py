"""Things in portions that a neighbour takes at once. Knows sums and limits, and nothing of what is portioned."""

from collections.abc import Callable, Iterable, Iterator
from operator import add, gt
from typing import TypeVar

Thing = TypeVar("Thing")
Sums = tuple[int, ...]


def portions(things: Iterable[Thing], limits: Sums, weights: Callable[[Thing], Sums]) -> Iterator[list[Thing]]:
    """The things in their order, as many together as no sum of their weights goes over its limit.

    A thing that is too heavy by itself goes alone: whoever takes it refuses it.
    """
    portion: list[Thing] = []
    sums: Sums = ()
    for thing in things:
        more = weights(thing)
        heavier = tuple(map(add, sums, more)) if portion else more
        if portion and any(map(gt, heavier, limits)):
            yield portion
            portion, heavier = [], more
        portion.append(thing)
        sums = heavier
    if portion:
        yield portion
