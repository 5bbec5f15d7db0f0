"""What Deadair tells itself without an alarm: a credential that expires, a version that ends, records that flow again.

Knows when a date comes near enough, and the shape in which such news enters the line. Refuses to send it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.marks import alarm_name
from deadair.domain.ownership import Integration, understanding

SOURCE, DETAIL_TYPE = "deadair.signals", "Deadair Signal"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a row that ends something, and how long before it somebody must know."""

    signal: Signal
    part: str
    field: str
    horizon: timedelta
    what: str

    def of(self, row: dict[str, Any]) -> date | None:
        """The date, if the row gives it. Raises OddRow for what no import wrote."""
        with understanding(self.part):
            told = (row.get(self.part) or {}).get(self.field)
            return date.fromisoformat(told) if told else None


DATES = (
    Dated(Signal.CREDENTIAL, "credential", "expires_on", timedelta(days=14), "credential expires"),
    Dated(Signal.VERSION, "api_version", "ends_on", timedelta(days=30), "API version ends"),
)


@dataclass(frozen=True, slots=True)
class OwnSignal:
    """One piece of news, under the name of an alarm. Said again with the same `at` it is the same news."""

    alarm: str
    integration: str
    signal: Signal
    state: AlarmState
    at: datetime
    reason: str

    def message(self, account: str, region: str, now: datetime) -> dict[str, Any]:
        """The body of a message for the intake queue."""
        detail = {
            "alarm": self.alarm,
            "integration": self.integration,
            "signal": self.signal.value,
            "state": self.state.value,
            "at": _iso(self.at),
            "reason": self.reason,
        }
        frame = {"source": SOURCE, "detail-type": DETAIL_TYPE, "account": account, "region": region}
        return frame | {"time": _iso(now), "detail": detail}


def due(integration: Integration, prefix: str, now: datetime) -> Iterator[OwnSignal]:
    """An ALARM for each date that is near, at the midnight on which it came near, so that each day says the same."""
    for dated in DATES:
        ends = dated.of(integration.row)
        if ends is None or ends - dated.horizon > now.astimezone(UTC).date():
            continue
        crossed = datetime.combine(ends - dated.horizon, time(), UTC)
        name = alarm_name(prefix, integration.slug, dated.signal.value)
        reason = f"The {dated.what} on {ends.isoformat()}."
        yield OwnSignal(name, integration.slug, dated.signal, AlarmState.ALARM, crossed, reason)


def is_moved(integration: Integration, signal: Signal, now: datetime) -> bool:
    """Whether the date behind such an ALARM is no longer near, or no longer given."""
    dated = next(one for one in DATES if one.signal is signal)
    ends = dated.of(integration.row)
    return ends is None or ends - dated.horizon > now.astimezone(UTC).date()


def moved(integration: Integration, prefix: str, signal: Signal, now: datetime) -> OwnSignal:
    """The OK that follows when the date was moved."""
    dated = next(one for one in DATES if one.signal is signal)
    ends = dated.of(integration.row)
    when = f"on {ends.isoformat()}" if ends else "at no date that the row gives"
    name = alarm_name(prefix, integration.slug, signal.value)
    return OwnSignal(name, integration.slug, signal, AlarmState.OK, now, f"The {dated.what} {when}.")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
