"""Every quarter of an hour: which open incidents have recovered without their alarm being able to say so.

A silence alarm that rests at closing time and finds records at the next opening was OK all night, so it changes no
state and CloudWatch sends nothing. And nothing sends an OK when a credential was renewed. Knows both, and only asks
about incidents that are open. Refuses to call an integration healthy because nothing is expected of it.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deadair.adapters.cloudwatch.alarms import Alarms, Found
from deadair.adapters.cloudwatch.sums import Sums
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.rows_now import RowsNow
from deadair.domain.alarm import AlarmState, Signal
from deadair.domain.errors import OddRow
from deadair.domain.expectation import DAY_MIN, expectation_of
from deadair.domain.hours import RECORD
from deadair.domain.marks import alarm_name, is_ours
from deadair.domain.own_signal import DATES, OwnSignal, is_moved, moved
from deadair.domain.ownership import Integration, understanding
from deadair.domain.window import followed_hours

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
# Which metric an alarm reads that goes off when too little comes.
LOW = {Signal.SILENCE: "Records", Signal.FRESHNESS: "Successes"}
DATED = {dated.signal for dated in DATES}


@dataclass(frozen=True, slots=True)
class _Held:
    """An alarm that an open incident does not hold for recovered."""

    row: Integration
    name: str
    signal: Signal


class LookAgain:
    """The open incidents of one stage, held against its rows and its metrics."""

    def __init__(self, incidents: IncidentStore, rows: RowsNow, alarms: Alarms, sums: Sums, *, prefix: str) -> None:
        self._incidents, self._rows, self._alarms, self._sums = incidents, rows, alarms, sums
        self._prefix = prefix

    def recovered(self, now: datetime) -> list[OwnSignal]:
        """An OK for each alarm that cannot say it itself."""
        held = list(self._held())
        found = self._alarms.named(one.name for one in held if one.signal in LOW)
        return [told for one in held if (told := self._news_of(one, found.get(one.name), now))]

    def _news_of(self, held: _Held, found: Found | None, now: datetime) -> OwnSignal | None:
        """An OK, if there is reason for one. A row that cannot be understood holds up no other."""
        try:
            if held.signal in DATED:
                is_over = is_moved(held.row, held.signal, now)
                return moved(held.row, self._prefix, held.signal, now) if is_over else None
            return self._flows(held, now) if self._is_calm(found) and _expects(held.row, now) else None
        except OddRow:
            logger.exception("a row cannot be understood", extra={"row": held.row.slug})
            return None

    def _held(self) -> Iterator[_Held]:
        waiting = [
            (incident.integration, alarm)
            for incident in self._incidents.open_incidents()
            for alarm in incident.alarms.values()
            if alarm.state is not AlarmState.OK and alarm.signal in LOW.keys() | DATED
        ]
        rows = {row.slug: row for row in self._rows.of({slug for slug, _ in waiting}).there}
        for slug, alarm in waiting:
            if slug in rows and alarm.name == alarm_name(self._prefix, slug, alarm.signal.value):
                yield _Held(rows[slug], alarm.name, alarm.signal)

    def _is_calm(self, found: Found | None) -> bool:
        ours = found is not None and is_ours(found.get("AlarmDescription") or "", self._prefix)
        return found is not None and ours and found["StateValue"] == AlarmState.OK

    def _flows(self, held: _Held, now: datetime) -> OwnSignal | None:
        """An OK, when a period within the expected hours brought what it should."""
        with understanding("thresholds"):
            thresholds = held.row.row.get("thresholds") or {}
            window = thresholds.get(f"{held.signal.value}_min")
            if not window:
                return None
            pct = thresholds.get("floor_pct") if held.signal is Signal.SILENCE else None
            followed = followed_hours(held.row.row, window, pct, now)
        start = now - followed.period_min * followed.periods * MINUTE
        sums = self._sums.of(held.row.slug, LOW[held.signal], start, now, followed.period_min)
        met = [at for at, total in sums.items() if 0 < followed.hours.floor(_minute(at)) <= total * RECORD]
        if not met:
            return None
        last, metric = max(met), LOW[held.signal]
        reason = f"{metric} flow again: {sums[last]:g} in the {followed.period_min} min from {last:%H:%M} UTC."
        return OwnSignal(held.name, held.row.slug, held.signal, AlarmState.OK, now, reason)


def _expects(row: Integration, now: datetime) -> bool:
    expectation = expectation_of(row.row)
    return expectation is None or expectation.expects(now)


def _minute(at: datetime) -> int:
    utc = at.astimezone(UTC)
    return utc.weekday() * DAY_MIN + utc.hour * 60 + utc.minute
