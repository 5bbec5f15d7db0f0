"""The alarms of an integration: those that its row asks for, and how CloudWatch says that they stand.

Pure. Refuses to know words, colours and any alarm that the row does not ask for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deadair.adapters.cloudwatch.series import AlarmNow
from deadair.domain.alarm import Signal
from deadair.domain.expectation import Expectation
from deadair.domain.marks import MADE_BY, is_ours
from deadair.domain.ownership import Integration
from deadair.domain.watch import NAME_SHOWN, Watch

FOLLOW_HOURS = frozenset({Signal.SILENCE, Signal.FRESHNESS})


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm. `state` is CloudWatch's word, `rests` (nothing is expected now), `missing`, `foreign` or `unknown`.

    `says` is what it watches, in the words that stand in CloudWatch.
    """

    name: str
    signal: Signal
    says: str
    state: str
    since: datetime | None


def alarm_lines(
    row: Integration,
    wanted: Iterable[Watch],
    found: Mapping[str, AlarmNow] | None,
    expectation: Expectation | None,
    *,
    prefix: str,
    now: datetime,
) -> list[AlarmLine]:
    """The alarms of a row. With `found` None nobody knows how they stand."""
    rests = expectation is not None and not expectation.expects(now)
    return [_line(row, watch, found, prefix=prefix, rests=rests) for watch in wanted]


def as_data(line: AlarmLine) -> dict[str, Any]:
    """An alarm for programs."""
    since = line.since.isoformat().replace("+00:00", "Z") if line.since else None
    return {"name": line.name, "signal": line.signal.value, "says": line.says, "state": line.state, "since": since}


def _line(
    row: Integration, watch: Watch, found: Mapping[str, AlarmNow] | None, *, prefix: str, rests: bool
) -> AlarmLine:
    state, since = _state(watch, found, prefix=prefix, rests=rests)
    return AlarmLine(watch.name, watch.signal, _says(row, watch), state, since)


def _state(
    watch: Watch, found: Mapping[str, AlarmNow] | None, *, prefix: str, rests: bool
) -> tuple[str, datetime | None]:
    if found is None:
        return "unknown", None
    alarm = found.get(watch.name)
    if alarm is None:
        return "missing", None
    if not is_ours(alarm.description, prefix):
        return "foreign", None
    if rests and alarm.state == "OK" and watch.signal in FOLLOW_HOURS:
        return "rests", None
    return alarm.state, alarm.since


def _says(row: Integration, watch: Watch) -> str:
    """The description without the integration's name, which the page has already, and without our mark."""
    text = str(watch.definition.get("AlarmDescription", "")).partition(MADE_BY)[0]
    plain = text.removeprefix(f"{row.name[:NAME_SHOWN]}: ")
    return plain[:1].upper() + plain[1:]
