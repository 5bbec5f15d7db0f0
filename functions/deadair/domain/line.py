"""What a transition of an alarm means for its integration: a new incident, one more entry, or nothing yet.

Knows that transitions arrive late, twice and in any order, and ends the same for all of them. Refuses to know
where any of it is stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.alarm_entry import entry_for, fact_for
from deadair.domain.answering import Held, defect_of, opened
from deadair.domain.early import Arrival, with_early
from deadair.domain.incident import Incident
from deadair.domain.late_alarms import with_late
from deadair.domain.timeline import Entry, Fact

# News may be late by a week, from a queue of dead letters; until then it is known when the last incidents ended.
PAST_KEPT, PAST_FOR = 5, timedelta(days=8)


class Outcome(StrEnum):
    """What became of a message."""

    OPENED = "opened"
    APPENDED = "appended"
    RECOVERED = "recovered"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class Past:
    """An incident of the line before its latest one, and when it ended."""

    number: int
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What is remembered of an integration between messages: its latest incidents, and news that came too early.

    `slug` is the integration's, or what `Held.line` makes of it. `past` has the oldest first.
    """

    slug: str
    number: int | None = None
    early: tuple[Arrival, ...] = ()
    past: tuple[Past, ...] = ()
    version: int = 0

    def candidates(self, transition: Transition) -> list[int]:
        """The incidents that the news may go on with, by their number, the likeliest first.

        By time: a late ALARM belongs to the incident that went on then, not to the latest one. Whatever follows an
        ALARM may come after the end of its incident.
        """
        by_time = [one.number for one in self.past if transition.at <= one.ended_at][:1]
        latest = [] if self.number is None else [self.number]
        before = [one.number for one in self.past[-1:] if transition.state is not AlarmState.ALARM]
        return list(dict.fromkeys([*by_time, *latest, *before]))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be written for one arrival. `incident` and `line` are the new states, None where unchanged."""

    outcome: Outcome
    reason: str = ""
    incident: Incident | None = None
    entries: tuple[Entry, ...] = ()
    line: Line | None = None
    adopted: tuple[Arrival, ...] = ()


def rule(arrival: Arrival, held: Held, line: Line, latest: Incident | None, *, number: int, now: datetime) -> Ruling:
    """Decide. `latest` is the incident that the news may go on with, `number` the one to use should a new one open."""
    transition = arrival.transition
    if latest is not None and held.continues(latest, transition):
        return _append(arrival, held, line, latest, now)
    if transition.state is AlarmState.ALARM:
        return _open(arrival, held, passing(line, latest, now), number, now)
    waiting = replace(line, early=with_early(line.early, arrival), version=line.version + 1)
    return Ruling(Outcome.IGNORED, "no_open_incident", line=waiting)


def passing(line: Line, latest: Incident | None, now: datetime) -> Line:
    """The line before a new incident begins: the latest one, once it is over, is of the past."""
    if latest is None or line.number is None or latest.resolved_at is None:
        return line
    known = (*line.past, Past(line.number, latest.resolved_at))
    return replace(line, past=tuple(one for one in known if now - one.ended_at <= PAST_FOR)[-PAST_KEPT:])


def _open(arrival: Arrival, held: Held, line: Line, number: int, now: datetime) -> Ruling:
    incident = opened(arrival.transition, held, number, now)
    incident, adopted = _adopt(incident, line)
    # Each of the news counts as one, so that the version does not depend on what came together.
    incident = replace(incident, version=1 + len(adopted))
    entries = [entry_for(arrival.transition, incident, Fact.OPENED, now)]
    entries += [entry_for(a.transition, incident, fact_for(a.transition), now) for a in adopted]
    entries += [defect_of(held.defect, incident, now)] if held.defect else []
    rest = tuple(a for a in line.early if a not in adopted)
    after = replace(line, number=number, early=rest, version=line.version + 1)
    return Ruling(Outcome.OPENED, held.owner_note, incident, tuple(entries), after, adopted)


def _append(arrival: Arrival, held: Held, line: Line, latest: Incident, now: datetime) -> Ruling:
    transition = arrival.transition
    again = held.reopens(latest, transition)
    before = latest.reopen_by_alarm(held.maintenance, now) if again else latest
    told = before.with_transition(transition)
    alarms = transition.state is AlarmState.ALARM
    incident, adopted = _adopt(with_late(told, transition.alarm.key, now) if alarms else told, line)
    incident = replace(incident, version=latest.version + 1 + len(adopted))
    entries = [entry_for(transition, incident, Fact.REOPENED if again else fact_for(transition), now)]
    entries += [entry_for(a.transition, incident, fact_for(a.transition), now) for a in adopted]
    ruling = Ruling(outcome_of(transition), "", incident, tuple(entries))
    if not adopted:
        return ruling
    rest = tuple(a for a in line.early if a not in adopted)
    return replace(ruling, line=replace(line, early=rest, version=line.version + 1), adopted=adopted)


def _adopt(incident: Incident, line: Line) -> tuple[Incident, tuple[Arrival, ...]]:
    """Take in what had come before the ALARM that explains it."""
    adopted = tuple(a for a in line.early if incident.awaits(a.transition))
    for arrival in adopted:
        incident = incident.with_transition(arrival.transition)
    return incident, adopted


def outcome_of(transition: Transition) -> Outcome:
    """What a message became whose transition goes into an incident that is there already."""
    return Outcome.RECOVERED if transition.state is AlarmState.OK else Outcome.APPENDED
