"""The next person is told: whose turn has come, who is waited for, and what the timeline says of it. Pure.

Knows one incident that waits for an answer. Refuses to know why it waits, and how anybody is reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from deadair.domain.alarm import DEADAIR
from deadair.domain.chain import People, Turn, Wait, next_turn
from deadair.domain.escalation import Told
from deadair.domain.incident import Incident
from deadair.domain.timeline import Entry, Fact, Source


@dataclass(frozen=True, slots=True)
class Due:
    """The state as it should be now, the entries that say so, and when to look again; None: no instant calls for it."""

    incident: Incident
    entries: tuple[Entry, ...] = ()
    next_at: datetime | None = None


def escalate(incident: Incident, people: People, wait: Wait, now: datetime) -> Due:
    """Tell whoever's turn it is, one after the other, until the next turn is still to come."""
    turn = next_turn(people, wait, now)
    if now < turn.at:
        return _not_yet(incident, people, wait, turn, now)
    if turn.link is None:
        return _nobody_left(incident, wait, turn, now)
    rung, person = turn.link
    begins = people.reach_of(person).next_work(now) if wait.working else now
    if begins > now:
        return _for_working_time(incident, Told(person, rung, begins), people, now)
    told = Told(person, rung, now, "; ".join(turn.passed))
    after = replace(incident, escalation=replace(incident.escalation, told=(*wait.told, told), waits=None))
    text = _words(told, wait, unanswered=turn.at > wait.since)
    entry = entry_of(after, Fact.ESCALATED, wait.since, now, text, person=person.name, rung=rung.value)
    rest = escalate(after, people, replace(wait, told=(*wait.told, told)), now)
    return replace(rest, entries=(entry, *rest.entries))


def _not_yet(incident: Incident, people: People, wait: Wait, turn: Turn, now: datetime) -> Due:
    """Somebody's time runs. Where it only begins with their working time, that is said."""
    if wait.working and wait.begun and not wait.told and people.chain:
        rung, person = people.chain[0]
        begins = people.reach_of(person).next_work(wait.since)
        if now < begins:
            waiting = _for_working_time(incident, Told(person, rung, begins), people, now)
            return replace(waiting, next_at=turn.at)
    return Due(incident, next_at=turn.at)


def _for_working_time(incident: Incident, waits: Told, people: People, now: datetime) -> Due:
    if incident.escalation.waits == waits:
        return Due(incident, next_at=waits.at)
    after = replace(incident, escalation=replace(incident.escalation, waits=waits))
    zone = people.reach_of(waits.person).zone
    begins = f"{waits.at.astimezone(zone):%a %d %b, %H:%M} ({zone.key})"
    text = f"{waits.person.name} ({waits.rung.value}) does not work now; their time begins {begins}."
    entry = entry_of(
        after, Fact.HELD, waits.at, now, text, person=waits.person.name, rung=waits.rung.value, reason="working_time"
    )
    return Due(after, (entry,), waits.at)


def _nobody_left(incident: Incident, wait: Wait, turn: Turn, now: datetime) -> Due:
    """Everybody was told and nobody answered, or nobody could be told. Who comes back is told then."""
    since = incident.escalation.unreachable
    if since is not None and since >= wait.since:
        return Due(incident, next_at=turn.back_at)
    after = replace(incident, escalation=replace(incident.escalation, unreachable=now, waits=None))
    entry = entry_of(after, Fact.UNREACHABLE, wait.since, now, _why_nobody(turn))
    return Due(after, (entry,), turn.back_at)


def _why_nobody(turn: Turn) -> str:
    away = f" {'; '.join(turn.passed)}." if turn.passed else ""
    return f"Nobody answers, and there is nobody left to tell.{away}"


def _words(told: Told, wait: Wait, *, unanswered: bool) -> str:
    minutes = f"{wait.minutes} {'working ' if wait.working else ''}minute{'' if wait.minutes == 1 else 's'}"
    silence = f"no answer for {minutes}" if unanswered else ""
    return f"Told {told.person.name} ({told.rung.value}): {'; '.join(filter(None, (silence, told.why)))}."


def entry_of(incident: Incident, fact: Fact, mark: datetime, now: datetime, text: str, **data: str) -> Entry:
    """An entry of Deadair's own. Its id follows from what it is about, so that it can be written once only."""
    about = "#".join([fact.value.split(".")[1], *(data[name] for name in ("rung",) if name in data)])
    return Entry(
        incident=incident.id,
        id=f"{mark.isoformat(timespec='milliseconds')}#{about}",
        fact=fact,
        occurred_at=now,
        recorded_at=now,
        author=DEADAIR,
        source=Source.SYSTEM,
        text=text,
        integration=incident.integration,
        data=tuple(sorted(data.items())),
    )
