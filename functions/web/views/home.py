"""What the start page shows of the last days and of what is still to be done. Pure; refuses to know words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from deadair.domain.action_item import ActionItem
from deadair.domain.outline import Outline

HAPPENED, ACTIONS = 5, 5
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ToDo:
    """Open action items: how many there are and how many of them are late, and the first of them by their days."""

    total: int
    overdue: int
    first: tuple[ActionItem, ...]


def ended_lately(outlines: Iterable[Outline]) -> list[Outline]:
    """What ended last, the latest first; nothing that was no incident after all."""
    over = [one for one in outlines if one.is_real and one.resolved_at]
    return sorted(over, key=lambda one: one.resolved_at or EVER, reverse=True)[:HAPPENED]


def to_do(items: Iterable[ActionItem], today: date) -> ToDo:
    """What is open; the earliest day first."""
    ranked = sorted((one for one in items if one.is_open), key=lambda one: (one.due_on, one.incident, one.number))
    return ToDo(len(ranked), sum(one.is_overdue(today) for one in ranked), tuple(ranked[:ACTIONS]))
