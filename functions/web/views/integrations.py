"""What the integration pages show: owners, open incidents, and how long a credential still holds.

Pure. Refuses to know words and storage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Credential:
    """`days` is what is left of it: negative when it is over, None when the registry names no date."""

    kind: str
    expires_on: date | None
    days: int | None

    @property
    def urgency(self) -> str:
        """`over`, `soon`, `fine` or `unknown`."""
        if self.days is None:
            return "unknown"
        return "over" if self.days < 0 else "soon" if self.days <= SOON_DAYS else "fine"


@dataclass(frozen=True, slots=True)
class Row:
    """One integration in the list, with its open incidents, the worst first."""

    integration: Integration
    open: tuple[Incident, ...]
    credential: Credential


def credential(row: Integration, now: datetime) -> Credential:
    """The credential as the registry knows it."""
    told = row.row.get("credential")
    fields = told if isinstance(told, Mapping) else {}
    expires = _date(fields.get("expires_on"))
    return Credential(str(fields.get("kind") or ""), expires, (expires - now.date()).days if expires else None)


def rows(registry: Iterable[Integration], open_incidents: Iterable[Incident], now: datetime) -> list[Row]:
    """Every integration; those with an open incident first, then by name."""
    by_slug: dict[str, list[Incident]] = {}
    for incident in open_incidents:
        by_slug.setdefault(incident.integration, []).append(incident)
    listed = [
        Row(row, tuple(sorted(by_slug.get(row.slug, ()), key=lambda i: i.severity)), credential(row, now))
        for row in registry
    ]
    return sorted(listed, key=lambda row: (not row.open, row.integration.name.casefold()))


def runbook_link(text: str) -> str:
    """The runbook as a link if it is an http(s) address, else empty: other schemes run code or go nowhere."""
    return text if text.lower().startswith(("https://", "http://")) else ""


def words(value: object) -> str:
    """A value of a registry row as one line for people; nested values flattened."""
    if isinstance(value, Mapping):
        return " · ".join(f"{key} {words(part)}" for key, part in value.items() if part not in (None, "", [], {}))
    if isinstance(value, list | tuple):
        return ", ".join(words(part) for part in value)
    return str(value)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
