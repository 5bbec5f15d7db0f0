"""What the integration pages show: owners, open incidents, last records, and how long a credential still holds.

Pure. Refuses to know words and storage.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.domain.expectation import WEEKDAYS
from deadair.domain.expiry import Credential, credential
from deadair.domain.health import Health
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration

# The owner of rows that need one, in a filter.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Row:
    """One integration in the list, with its open incidents, the worst first, and how it is by its last signals."""

    integration: Integration
    open: tuple[Incident, ...]
    credential: Credential
    health: Health | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. `total` counts what the filters leave, `everything` the registry."""

    rows: tuple[Row, ...]
    total: int
    everything: int
    page: int
    pages: int


def in_order(
    registry: Sequence[Integration], open_incidents: Iterable[Incident], filters: Mapping[str, str]
) -> list[tuple[Integration, tuple[Incident, ...]]]:
    """What the filters leave of the registry; those with an open incident first, then by name."""
    by_slug: dict[str, list[Incident]] = {}
    for incident in open_incidents:
        by_slug.setdefault(incident.integration, []).append(incident)
    left = [row for row in registry if wanted(row, filters)]
    left.sort(key=lambda row: (row.slug not in by_slug, row.name.casefold(), row.slug))
    return [(row, tuple(sorted(by_slug.get(row.slug, ()), key=lambda i: i.severity))) for row in left]


def wanted(row: Integration, filters: Mapping[str, str]) -> bool:
    """Whether a row passes: every word of `q` is in its name, slug or systems; `owner` is who answers, or `nobody`."""
    owner, words = filters.get("owner", "").casefold(), filters.get("q", "").casefold().split()
    named = {row.owner.name.casefold(), row.owner.email.casefold()}
    if owner and not (not row.owner.name if owner == NOBODY else owner in named):
        return False
    text = f"{row.name} {row.slug} {row.source} {row.destination}".casefold() if words else ""
    return all(word in text for word in words)


def listing(
    ordered: Sequence[tuple[Integration, tuple[Incident, ...]]],
    health: Mapping[str, Health],
    now: datetime,
    *,
    everything: int,
    page: int,
    size: int,
) -> Listing:
    """One page of rows that are in order already. A page beyond the last is empty."""
    shown = ordered[(page - 1) * size : page * size]
    rows = tuple(Row(row, down, credential(row, now), health.get(row.slug)) for row, down in shown)
    return Listing(rows, len(ordered), everything, page, max(1, -(-len(ordered) // size)))


class Told(dict[str, Any]):
    """What a row says; what it does not say is an empty text, which pages leave out."""

    def __missing__(self, name: str) -> str:
        """A field that was left out."""
        return ""


def told(value: Any) -> Any:
    """A row's JSON as `Told` from top to bottom."""
    if isinstance(value, Mapping):
        return Told({name: told(part) for name, part in value.items()})
    return [told(part) for part in value] if isinstance(value, list) else value


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


def days(value: object) -> str:
    """Weekdays of a row for people: runs of three and more as `mon to fri`."""
    named = [day for day in WEEKDAYS if isinstance(value, list) and day in value]
    at = [WEEKDAYS.index(day) for day in named]
    run = len(at) > 2 and at[-1] - at[0] == len(at) - 1  # noqa: PLR2004 - two are no run
    return f"{named[0]} to {named[-1]}" if run else ", ".join(named)
