"""With which incident news go on, found in what was read about their lines.

Knows alarms that have an incident of their own, evidence and maintenance. Refuses to read and to write anything.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.looking_up import Question, Seen
from deadair.domain.alarm import AlarmState, Transition
from deadair.domain.answering import Held
from deadair.domain.diagnosis import LOW, evidence_in
from deadair.domain.holding import hold_in
from deadair.domain.incident import Incident
from deadair.domain.line import Line
from deadair.domain.ownership import unmatched_slug


def question(transition: Transition, held: Held) -> Question:
    """What to look up. An ALARM may be explained by what the integration's own signals said."""
    row = next((one.integration for one in (held, *held.below) if one.integration), None)
    health = row.slug if row and transition.state is AlarmState.ALARM else ""
    lines = (held.line, unmatched_slug(transition), *(one.line for one in held.below))
    return Question(transition, lines, health, tags=held.stranger)


def numbers(group: Iterable[tuple[Transition, Held]], seen: Seen) -> list[int]:
    """The incidents that the news may go on with."""
    told = [(news, seen.lines[name]) for news, held in group for name in question(news, held).lines]
    return [number for news, line in told for number in line.candidates(news)]


def head_of(transition: Transition, held: Held, line: Line, latest: dict[int, Incident]) -> Incident | None:
    """The incident that the news goes on with, else the line's latest one."""
    found = [latest[number] for number in line.candidates(transition) if number in latest]
    goes_on = (head for head in found if held.continues(head, transition))
    return next(goes_on, latest.get(line.number or 0))


def with_evidence(transition: Transition, held: Held, seen: Seen, now: datetime) -> Transition:
    """With what the integration's own signals said around it."""
    if transition.state is not AlarmState.ALARM or held.ahead:
        return transition
    low_since = transition.started_at if transition.signal in LOW else None
    health = seen.health.get(held.integration.slug) if held.integration else None
    evidence = evidence_in(health, at=transition.at, now=now, low_since=low_since)
    return replace(transition, evidence=evidence)


def continued(transition: Transition, held: Held, seen: Seen, latest: dict[int, Incident]) -> Held:
    """An incident that is open keeps its alarms until it is resolved: their OK belongs to it.

    It may have opened before the alarm had a row, or have taken a composite alarm in with one of its children, or
    somebody split it off: that one keeps its alarms as any line keeps those of its latest incident.
    """
    alone = replace(held, slug=unmatched_slug(transition), ahead="", below=())
    for one in (alone, *held.below):
        begun = latest.get(seen.lines[one.line].number or 0)
        mine = begun is not None and (one is alone or transition.alarm.key in begun.alarms)
        if begun is not None and mine and _goes_on(one, begun, transition):
            return one
    return held.below[0] if held.below else held


def _goes_on(held: Held, begun: Incident, transition: Transition) -> bool:
    if begun.is_open:
        return begun.awaits(transition)
    return begun.integration != held.slug and held.continues(begun, transition)


def kept_back(held: Held, seen: Seen, now: datetime) -> Held:
    """With the maintenance that is under way."""
    row = held.integration
    return replace(held, maintenance=hold_in(seen.windows.get(row.slug, ()), now)) if row else held
