"""The alarms of one incident taken together: what they say as one, and how many of them there is room for.

Knows that the state of an incident is one item of at most 400 KB. Refuses to know what people said of it.
"""

from collections.abc import Mapping
from datetime import datetime

from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.alarm_on_incident import AlarmOnIncident

# With more alarms than this, further ones are told on the timeline only.
MOST_ALARMS = 400
# The name of an alarm may take 800 bytes; beside it lie at most so many.
MOST_BYTES, MOST_BESIDE_NAME = 330_000, 700

Alarms = Mapping[str, AlarmOnIncident]


def with_news(alarms: dict[str, AlarmOnIncident], transition: Transition) -> dict[str, AlarmOnIncident]:
    """With what one of them said. Beyond what there is room for those that came first stay."""
    key = transition.alarm.key
    known = alarms.get(key)
    if known is None and (is_full(alarms) or transition.reconfigured):
        return alarms
    told = known.after(transition) if known else AlarmOnIncident.of(transition)
    return dict(sorted({**alarms, key: told}.items()))


def fitting(alarms: Alarms) -> dict[str, AlarmOnIncident]:
    """Those for which there is room. Of too many those stay that rang first."""
    kept: dict[str, AlarmOnIncident] = {}
    for key in sorted(alarms, key=lambda key: (alarms[key].first_alarm_at, key)):
        if is_full(kept):
            break
        kept[key] = alarms[key]
    return dict(sorted(kept.items()))


def is_full(alarms: Alarms) -> bool:
    """Whether there is room for no other."""
    if len(alarms) >= MOST_ALARMS:
        return True
    # Names are only measured where they could matter: this is asked for each of the news.
    return len(alarms) * MOST_BESIDE_NAME > MOST_BYTES // 2 and _bytes_of(alarms) > MOST_BYTES


def recovered_at(alarms: Alarms) -> datetime | None:
    """When the last of them became OK; None while any is not, or may not be."""
    if not alarms or is_full(alarms) or any(alarm.state is not AlarmState.OK for alarm in alarms.values()):
        return None
    return max(alarm.at for alarm in alarms.values())


def evidence_stopped_at(alarms: Alarms) -> datetime | None:
    """Since when none says that it is broken, and one has no data to say that it works; None else."""
    states = {alarm.state for alarm in alarms.values()}
    blind = [a.at for a in alarms.values() if a.state is AlarmState.INSUFFICIENT_DATA and not a.rests]
    return max(blind) if blind and AlarmState.ALARM not in states else None


def _bytes_of(alarms: Alarms) -> int:
    return sum(len(alarm.name.encode()) + MOST_BESIDE_NAME for alarm in alarms.values())
