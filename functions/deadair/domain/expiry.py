"""How long something of a registry row holds: its credential, the version of the vendor's API that it is pinned to.

Knows days. Refuses to know words and pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

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


def credential(row: Integration, now: datetime) -> Credential:
    """The credential as the registry knows it."""
    return _held(row.row.get("credential"), "kind", "expires_on", now)


def version_end(row: Integration, now: datetime) -> Credential:
    """The pinned version of the vendor's API and its end, read as a credential is."""
    return _held(row.row.get("api_version"), "version", "ends_on", now)


def _held(told: object, kind: str, until: str, now: datetime) -> Credential:
    fields = told if isinstance(told, Mapping) else {}
    ends = _date(fields.get(until))
    return Credential(str(fields.get(kind) or ""), ends, (ends - now.date()).days if ends else None)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
