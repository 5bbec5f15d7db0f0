"""The incidents that opened in a period, open ones and past ones, and their figures for machines.

Knows that lists are by opening, newest first, so that reading ends where the period begins. Refuses to count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.items import instant
from deadair.domain.incident import Incident
from deadair.domain.numbers import By, Group, Numbers

TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Period:
    """`incidents` newest first; `cut`: there are older ones in it that were not read."""

    since: datetime
    incidents: tuple[Incident, ...]
    cut: bool = False


def read_period(
    store: IncidentStore, since: datetime, *, most: int, tell: Callable[[int], None] = lambda _count: None
) -> Period:
    """The newest incidents that opened since then, at most about `most` past ones. `tell` hears of those read."""
    found = [incident for incident in store.open_incidents() if incident.opened_at >= since]
    past, cut = _past(store, since, most, tell)
    # One that was resolved between the two reads is in both.
    unique = {incident.number: incident for incident in [*found, *past]}
    newest = sorted(unique.values(), key=lambda incident: incident.sort_id, reverse=True)
    return Period(since, tuple(newest), cut)


def _past(store: IncidentStore, since: datetime, most: int, tell: Callable[[int], None]) -> tuple[list[Incident], bool]:
    found: list[Incident] = []
    cursor = ""
    while True:
        page = store.past_incidents(min(TOGETHER, most - len(found)), cursor)
        tell(len(page.items))
        inside = [incident for incident in page.items if incident.opened_at >= since]
        found += inside
        cursor = page.next
        if not cursor or len(inside) < len(page.items):
            return found, False
        if len(found) >= most:
            return found, True


def as_data(counted: Numbers, period: Period, by: By) -> dict[str, Any]:
    """The figures as plain values."""
    return {
        "since": instant(period.since),
        "by": by.value,
        "quantile": "nearest rank",
        "overall": _fields(counted.overall),
        "groups": [{by.value: group.key, "name": group.name} | _fields(group) for group in counted.groups],
    }


def _fields(group: Group) -> dict[str, Any]:
    told = {
        f"{measure}_s": {"count": f.count, "median": _seconds(f.median), "p90": _seconds(f.p90)}
        for measure, f in group.figures.items()
    }
    return {"incidents": group.incidents, "false_alarms": group.false_alarms} | told


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
