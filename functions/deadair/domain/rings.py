"""Who only stand in for each other: the rings of a relation such as owner to deputy.

Knows pairs of names. Refuses to know rows, and whether a ring is a fault.
"""

from collections import deque
from collections.abc import Iterable, Mapping


def rings(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The shortest way round through each pair, the shortest first; of longer ones only those with somebody new.

    So of a group in which everybody leads to everybody, its twos are told, and not each way round.
    """
    onward: dict[str, list[str]] = {}
    for one, other in pairs:
        onward.setdefault(one, []).append(other)
    found = [way for one, others in onward.items() for other in others if (way := _way(onward, other, one))]
    told: dict[frozenset[str], tuple[str, ...]] = {}
    named: set[str] = set()
    for way in sorted(found, key=len):
        if len(way) == 2 or not named.issuperset(way):  # noqa: PLR2004 - two and no third
            told.setdefault(frozenset(way), (way[-1], *way[:-1]))
            named.update(way)
    return list(told.values())


def _way(onward: Mapping[str, list[str]], first: str, last: str) -> tuple[str, ...]:
    """The shortest way from one name to another, with both; empty when there is none."""
    came_from: dict[str, str] = {first: ""}
    waiting = deque([first])
    while waiting and last not in came_from:
        here = waiting.popleft()
        for there in onward.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    way, here = [], last if last in came_from else ""
    while here:
        way.append(here)
        here = came_from[here]
    return tuple(reversed(way))
