"""News that came before the ALARM that they follow, and which of them are kept.

Knows that there is room for some only. Refuses to know when they are taken in.
"""

from collections import Counter
from dataclasses import dataclass

from deadair.domain.alarm import Transition
from deadair.domain.alarm_entry import REASON_LIMIT

# CloudWatch delivers late by minutes, not by dozens of changes; but an integration may have dozens of alarms.
KEPT, KEPT_PER_ALARM = 50, 20
# All of them lie in one item of at most 400 KB, with what they need beside their texts.
BYTES_KEPT, BYTES_BESIDE = 200_000, 1000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A transition and the message that brought it."""

    transition: Transition
    message_id: str


def with_early(early: tuple[Arrival, ...], arrival: Arrival) -> tuple[Arrival, ...]:
    """The early news with one more, oldest first. Short of room the latest of each alarm stay: they say how it is."""
    kept: list[Arrival] = []
    left = BYTES_KEPT
    for place, one in sorted(_by_worth((*early, arrival)), key=lambda each: each[0]):
        if len(kept) < KEPT and place < KEPT_PER_ALARM and _bytes(one) <= left:
            kept.append(one)
            left -= _bytes(one)
    return tuple(sorted(kept, key=_when))


def _by_worth(early: tuple[Arrival, ...]) -> list[tuple[int, Arrival]]:
    """Each with its place among the news of its alarm, the latest first."""
    seen: Counter[str] = Counter()
    placed = []
    for one in sorted(early, key=_when, reverse=True):
        alarm = one.transition.alarm.key
        placed.append((seen[alarm], one))
        seen[alarm] += 1
    return placed


def _when(one: Arrival) -> tuple[object, ...]:
    return (*one.transition.order, one.transition.key)


def _bytes(one: Arrival) -> int:
    """What it takes at most: shown, a reason has no more characters than its limit, and a character four bytes."""
    texts = min(len(one.transition.reason), REASON_LIMIT) + len(one.transition.alarm.name)
    return 4 * texts + BYTES_BESIDE
