"""Planned work on integrations: notices wait meanwhile, and whatever is broken at its end speaks up.

Knows that incidents open all the same, and asks for each integration who may hold its notices back. Refuses to know
all integrations at once: each is named.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.maintenance import MaintenanceStore
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.errors import Invalid, NotFound, Stale
from deadair.domain.held_back import holds
from deadair.domain.holding import Window
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration
from deadair.domain.permission import check_row, signed
from deadair.domain.redaction import redact
from deadair.domain.timeline import Actor
from deadair.usecases.snooze import reasoned

# Whoever needs longer retires the row, or says it again.
LONGEST = timedelta(days=30)
MOST_SLUGS = 100
TURNS = 5


@dataclass(frozen=True, slots=True)
class Maintained:
    """The window as it was written, for which integrations, and the open incidents that it changed."""

    window: Window
    slugs: tuple[str, ...]
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The neighbours of both use cases."""

    windows: MaintenanceStore
    incidents: IncidentStore
    registry: RegistryStore


def maintain(
    at: Maintenance,
    slugs: Sequence[str],
    actor: Actor,
    *,
    begins_at: datetime,
    ends_at: datetime,
    reason: str,
    now: datetime,
) -> Maintained:
    """Plan maintenance. Raises Refusals, and then nothing changed."""
    why = redact(reasoned(reason, "Say what is being done."))
    rows = _known(at.registry, slugs)
    for row in rows:
        check_row(row, actor)
    _must_make_sense(begins_at, ends_at, now)
    named = tuple(row.slug for row in rows)
    by = signed(actor.person.name, rows, actor)
    window = Window(_id(named, begins_at, ends_at, now), begins_at, ends_at, why, by)
    touched: list[Incident] = []
    for slug in named:
        after = at.windows.change(slug, lambda known: (*known, window), now)
        touched += _brought_up_to(at.incidents, slug, after, now)
    return Maintained(window, named, tuple(touched))


def end_maintenance(at: Maintenance, window_id: str, actor: Actor, *, now: datetime) -> Maintained:
    """End a window now, for all its integrations; one that has not begun is gone. Raises NotFound or NotAllowed."""
    rows = {row.slug: row for row in at.registry.rows()}
    found = {
        slug: window
        for slug, windows in at.windows.of_many(rows).items()
        for window in windows
        if window.id == window_id and window.ends_at > now
    }
    if not found:
        raise NotFound(
            f"There is no maintenance {window_id} that lasts or is to come.",
            field="window",
            remedy="See `deadair maintenance list`.",
        )
    for slug in found:
        check_row(rows[slug], actor)
    touched: list[Incident] = []
    for slug in found:
        after = at.windows.change(slug, lambda known: _ended(known, window_id, now), now)
        touched += _brought_up_to(at.incidents, slug, after, now)
    window = replace(next(iter(found.values())), ends_at=now)
    return Maintained(window, tuple(found), tuple(touched))


def planned(at: Maintenance) -> list[Maintained]:
    """Every window that is kept, each once with its integrations, the next end first."""
    slugs: dict[Window, list[str]] = {}
    for slug, windows in sorted(at.windows.of_many(row.slug for row in at.registry.rows()).items()):
        for window in windows:
            slugs.setdefault(window, []).append(slug)
    by_end = sorted(slugs, key=lambda window: (window.ends_at, window.id))
    return [Maintained(window, tuple(slugs[window]), ()) for window in by_end]


def _ended(known: tuple[Window, ...], window_id: str, now: datetime) -> tuple[Window, ...]:
    kept = (window for window in known if window.id != window_id or window.begins_at < now)
    return tuple(replace(w, ends_at=min(w.ends_at, now)) if w.id == window_id else w for w in kept)


def _brought_up_to(store: IncidentStore, slug: str, windows: tuple[Window, ...], now: datetime) -> list[Incident]:
    """The open incidents of an integration as the windows want them. Who opens this moment is met by the room."""
    opened = [incident.number for incident in store.of_integration(slug) if incident.is_open]
    changed = (_one_brought_up(store, number, windows, now) for number in opened)
    return [incident for incident in changed if incident is not None]


def _one_brought_up(store: IncidentStore, number: int, windows: tuple[Window, ...], now: datetime) -> Incident | None:
    for _ in range(TURNS):
        before = store.get(number)
        then = holds(before, windows, now)
        if not before.is_open or then.incident == before:
            return None
        after = replace(then.incident, version=before.version + 1)
        try:
            store.save(before, after, *then.entries)
        except Stale:
            continue
        return after
    return None


def _known(registry: RegistryStore, slugs: Sequence[str]) -> list[Integration]:
    named = tuple(dict.fromkeys(slugs))
    if not 0 < len(named) <= MOST_SLUGS:
        raise Invalid(
            f"{len(named)} integrations are named.", field="integration", remedy=f"Name 1 to {MOST_SLUGS} of them."
        )
    rows = {slug: registry.get(slug) for slug in named}
    strangers = [slug for slug, row in rows.items() if row is None]
    if strangers:
        raise NotFound(
            f"The registry has no {', '.join(strangers)}.",
            field="integration",
            remedy="See `deadair registry list`.",
        )
    return [row for row in rows.values() if row is not None]


def _must_make_sense(begins_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= begins_at:
        raise Invalid("It would end before it begins.", field="until", remedy="Give an end after the beginning.")
    if ends_at <= now:
        raise Invalid("That time is over.", field="until", remedy="Give an end that is to come.")
    if ends_at - begins_at > LONGEST:
        raise Invalid(
            f"It would last {(ends_at - begins_at).days} days.",
            field="until",
            remedy=f"Give an end within {LONGEST.days} days.",
        )


def _id(slugs: tuple[str, ...], begins_at: datetime, ends_at: datetime, now: datetime) -> str:
    """The same words at the same instant are the same window."""
    said = "\n".join([*slugs, begins_at.isoformat(), ends_at.isoformat(), now.isoformat()])
    return f"MW-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
