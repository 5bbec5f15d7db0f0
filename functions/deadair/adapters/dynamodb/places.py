"""Where two states of an item differ, and how a difference is taken back. Values are DynamoDB's own.

Knows which maps are taken apart, so that two who change different parts of one do not meet. Refuses to know what the
values mean and which of them follow from others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deadair.adapters.dynamodb.items import Item

Raw = Mapping[str, Any]
# How deep: of an alarm each of its attributes is a place of its own, of a hold only the whole.
TAKEN_APART = {"alarms": 2, "milestones": 1, "checks": 1, "escalation": 1, "answers": 1, "extras": 1, "impact": 1}


@dataclass(frozen=True, slots=True)
class Place:
    """One value that differs; None: it is absent."""

    path: tuple[str, ...]
    before: Raw | None
    after: Raw | None


def places(before: Item, after: Item, leaving_out: frozenset[str]) -> list[Place]:
    """The places at which two states of an item differ, but for some attributes."""
    names = sorted((before.keys() | after.keys()) - leaving_out)
    return [place for name in names for place in _between((name,), before.get(name), after.get(name))]


def _between(path: tuple[str, ...], before: Raw | None, after: Raw | None) -> Iterator[Place]:
    before, after = _told(before), _told(after)
    if before == after:
        return
    inside = len(path) <= TAKEN_APART.get(path[0], 0)
    # An attribute that is not there is an empty map; one alarm that is not there is not there as a whole.
    if inside and (len(path) == 1 or (before and after)):
        old, new = _inner(before), _inner(after)
        for name in sorted(old.keys() | new.keys()):
            yield from _between((*path, name), old.get(name), new.get(name))
    else:
        yield Place(path, before, after)


def _told(value: Raw | None) -> Raw | None:
    return None if value == {"NULL": True} else value


def _inner(value: Raw | None) -> Mapping[str, Raw]:
    return value["M"] if value else {}


def value_at(item: Mapping[str, Raw], path: tuple[str, ...]) -> Raw | None:
    """What is there; None: nothing."""
    value = _told(item.get(path[0]))
    return value if len(path) == 1 or value is None else value_at(value["M"], path[1:])


def with_value(item: Mapping[str, Raw], path: tuple[str, ...], value: Raw | None) -> Item:
    """The item with that value there; None takes it away."""
    name = path[0]
    if len(path) > 1:
        value = {"M": with_value(_inner(item.get(name)), path[1:], value)}
    rest = {other: kept for other, kept in item.items() if other != name}
    return rest if value is None else {**rest, name: value}
