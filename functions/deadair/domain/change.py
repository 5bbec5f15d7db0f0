"""A change near an integration: a deploy, a release, a rotated credential. Somebody made it, at a time, in one line.

Knows when two changes are the same one, and which of many are worth a line beside an incident: the near ones, the
telling kinds first. Refuses to say that a change is the cause, and to know who told us.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from deadair.domain.alarm import digest, shown
from deadair.domain.audit import Action, AuditEntry
from deadair.domain.own_signal import DATES
from deadair.domain.ownership import Integration, understanding
from deadair.domain.redaction import redact

TEXT_LIMIT, NAME_LIMIT = 200, 100
# Looking for secrets in more text than this costs more than a line is worth.
READ_LIMIT = 8 * TEXT_LIMIT
# What happened this long before the start of an incident, or after it, may have to do with it. A deploy is often told
# when it ended, which is after what it broke.
BEFORE, AFTER = timedelta(hours=24), timedelta(hours=1)
# A date that ended something goes on to matter: what runs weekly meets it a week later.
ENDED_BEFORE = timedelta(days=7)
DAY = timedelta(days=1)
SHOWN = 5
FIELDS_NAMED = 4


class Kind(StrEnum):
    """What sort of change it is."""

    DEPLOY = "deploy"
    RELEASE = "release"
    CONFIG = "config"
    CREDENTIAL = "credential"
    SCHEMA = "schema"
    CAMPAIGN = "campaign"
    OTHER = "other"


class Teller(StrEnum):
    """Who told us of a change."""

    INTEGRATION = "integration"
    BUS = "bus"
    AWS = "aws"
    PERSON = "person"
    REGISTRY = "registry"


# How far away a change of a kind feels: what breaks integrations most often feels nearest.
WEIGHT = {
    Kind.CREDENTIAL: 0.25,
    Kind.DEPLOY: 0.5,
    Kind.SCHEMA: 0.5,
    Kind.RELEASE: 0.5,
    Kind.CONFIG: 0.7,
    Kind.CAMPAIGN: 0.8,
    Kind.OTHER: 1.0,
}
AFTERWARDS = 3.0
# Within so short a time it is the kind that tells, not the minute.
BLUR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `id` is the same for the same change and for no other; `lasts` is a day for what has only a date."""

    id: str
    integration: str
    at: datetime
    kind: Kind
    text: str
    by: str
    source: Teller
    url: str = ""
    lasts: timedelta = timedelta(0)


def a_change(
    integration: str, at: datetime, kind: Kind, text: str, *, by: str, source: Teller, own_id: str = "", url: str = ""
) -> Change:
    """A change whose texts came from outside: one line each, without secrets. `own_id` is its sender's name for it."""
    line, who = _line(text, TEXT_LIMIT), _line(by, NAME_LIMIT)
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds")
    said = ("id", own_id) if own_id else ("said", stamp, kind.value, line, who, url)
    return Change(digest("change", integration, *said), integration, at, kind, line, who, source, url)


def _line(text: str, limit: int) -> str:
    return shown(redact(text[:READ_LIMIT]), limit=limit)


def nearest(changes: Iterable[Change], around: datetime) -> list[Change]:
    """Those worth a line beside an incident that began at `around`, the nearest and most telling first."""
    near = {change.id: change for change in changes if _is_near(change, around)}
    return sorted(near.values(), key=lambda change: (_distance(change, around), change.at, change.id))[:SHOWN]


def _is_near(change: Change, around: datetime) -> bool:
    back = ENDED_BEFORE if change.lasts else BEFORE
    return change.at <= around + AFTER and change.at + change.lasts >= around - back


def _distance(change: Change, around: datetime) -> float:
    ends = change.at + change.lasts
    away = max(change.at - around, around - ends, timedelta(0)) + BLUR
    return away.total_seconds() * WEIGHT[change.kind] * (AFTERWARDS if change.at > around else 1)


def of_registry(entry: AuditEntry) -> Change | None:
    """What an entry of the audit log is as a change: the names of the fields, not what they say.

    None for what cannot break anything: a row that is in the registry for the first time, a further signal key.
    """
    text = _what_changed(entry)
    if not text:
        return None
    return Change(
        digest("change", entry.slug, "audit", str(entry.number)),
        entry.slug,
        entry.at,
        _kind_of(entry),
        _line(text, TEXT_LIMIT),
        _line(entry.by, NAME_LIMIT),
        Teller.REGISTRY,
    )


def _kind_of(entry: AuditEntry) -> Kind:
    named = any(one.field.startswith("credential.") for one in entry.differences)
    return Kind.CREDENTIAL if named else Kind.CONFIG


def _what_changed(entry: AuditEntry) -> str:
    if entry.action == Action.CHANGED:
        return f"Row changed: {_fields(entry)}" if entry.differences else ""
    if entry.action == Action.RETIRED:
        return "Row taken out of the registry"
    if entry.action == Action.ADDED:
        return "Row back in the registry" if entry.previous else ""
    # A revoked key or address may be the one that a sender still uses.
    return f"Signals: {entry.action}" if "revoked" in entry.action else ""


def _fields(entry: AuditEntry) -> str:
    """The fields by their group: `credential (expires_on, scopes), runbook`."""
    fields = [one.field.split(".", 1) for one in entry.differences]
    more = f" and {len(fields) - FIELDS_NAMED} more" if len(fields) > FIELDS_NAMED else ""
    groups: dict[str, list[str]] = {}
    for group, *inner in fields[:FIELDS_NAMED]:
        groups.setdefault(group, []).extend(inner)
    return ", ".join(f"{group} ({', '.join(inner)})" if inner else group for group, inner in groups.items()) + more


def of_dates(integration: Integration, around: datetime) -> Iterator[Change]:
    """What the row's dates say: a credential rotated or over, an API version that ended. Raises OddRow."""
    for what, on in _dates(integration):
        at = datetime.combine(on, time(), UTC)
        ended = what != ROTATED
        if not ended and around - at - DAY > BEFORE:
            continue
        kind = Kind.RELEASE if what == VERSION_ENDS else Kind.CREDENTIAL
        text = f"{what} {on.isoformat()}"
        told = digest("change", integration.slug, "date", text)
        yield Change(told, integration.slug, at, kind, text, "", Teller.REGISTRY, lasts=DAY)


ROTATED, EXPIRES, VERSION_ENDS = "Credential rotated", "Credential expires", "API version ends"


def _dates(integration: Integration) -> Iterator[tuple[str, date]]:
    for what, dated in zip((EXPIRES, VERSION_ENDS), DATES, strict=True):
        if on := dated.of(integration.row):
            yield what, on
    with understanding("credential"):
        told = (integration.row.get("credential") or {}).get("rotated_on")
        rotated = date.fromisoformat(told) if told else None
    if rotated:
        yield ROTATED, rotated
