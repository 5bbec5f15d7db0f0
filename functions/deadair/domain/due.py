"""What is due on an incident at an instant, and when to look again. Pure: the same state and instant, the same answer.

Knows waiting for an answer, the silence of whoever has it, and recovery. Refuses to know schedules: whether it is asked
early, late, twice or never for an instant, what it says follows from the state alone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deadair.domain.alarm import AlarmState
from deadair.domain.begun_again import begun_again
from deadair.domain.chain import People, Wait
from deadair.domain.escalation import Escalation, Rung
from deadair.domain.handling import USUAL, Handling
from deadair.domain.held_back import holds
from deadair.domain.holding import Hold, Window, held
from deadair.domain.incident import Incident
from deadair.domain.ownership import same_person
from deadair.domain.patience import CONFIRM_AFTER, Patience, patience
from deadair.domain.stages import Status
from deadair.domain.telling import Due, entry_of, escalate
from deadair.domain.timeline import Fact


@dataclass(frozen=True, slots=True)
class World:
    """What an incident's next step depends on beside itself. `passed`: another one of its line has come after it."""

    people: People
    handling: Handling = USUAL
    windows: tuple[Window, ...] = ()
    passed: bool = False


def due(incident: Incident, world: World, now: datetime) -> Due:
    """Everything that is due by now. `version` is left to whoever writes it."""
    if incident.is_open:
        return _open(incident, world, now)
    return Due(_answered(incident)) if world.passed else _ended(incident, world, now)


def _ended(incident: Incident, world: World, now: datetime) -> Due:
    again = begun_again(incident, world.handling.reopens_within, world.windows, now)
    if not again.incident.is_open:
        return replace(again, incident=_answered(incident))
    then = _open(again.incident, world, now)
    return replace(then, entries=again.entries + then.entries)


def _open(incident: Incident, world: World, now: datetime) -> Due:
    kept = holds(incident, world.windows, now)
    then = _live(kept.incident, world, now)
    begins = (window.begins_at for window in world.windows if window.begins_at > now)
    return Due(then.incident, kept.entries + then.entries, _first(then.next_at, *begins))


def _live(incident: Incident, world: World, now: datetime) -> Due:
    hold = held(incident, now)
    if incident.recovered_at is not None:
        return _recovered(_answered(incident), world, hold, now)
    if hold is not None:
        return Due(_answered(incident), next_at=hold.until)
    if incident.status is Status.OPEN:
        return _unanswered(_broken_again(incident, world.handling, now), world, now)
    if incident.status is Status.ACKNOWLEDGED:
        return _silent(incident, world, now)
    return _to_confirm(_answered(incident), last_step(incident), now, "The harm has stopped. Is it over?")


def _unanswered(incident: Incident, world: World, now: datetime) -> Due:
    since = incident.pending_since or incident.opened_at
    begun = incident.escalation.unreachable
    waiting = _answered(incident) if begun is not None and begun < since else incident
    return escalate(waiting, world.people, _wait(waiting, since, _limits(waiting, world)), now)


def _broken_again(incident: Incident, handling: Handling, now: datetime) -> Incident:
    """After a recovery of some length its owner has all their time again; flapping does not put anybody off."""
    calm_since = incident.escalation.calm_since
    if calm_since is None:
        return incident
    broke_at = min((a.at for a in incident.alarms.values() if a.state is AlarmState.ALARM), default=now)
    if broke_at - calm_since < handling.reopens_within:
        return replace(incident, escalation=replace(incident.escalation, calm_since=None))
    since = max(broke_at, incident.pending_since or incident.opened_at)
    return replace(incident, pending_since=since, escalation=Escalation(hold=incident.escalation.hold))


def last_step(incident: Incident) -> datetime:
    """The last word of a person, or since when one is waited for."""
    said = (incident.touched_at, incident.acknowledged_at, incident.pending_since, incident.opened_at)
    return max(at for at in said if at is not None)


def _recovered(incident: Incident, world: World, hold: Hold | None, now: datetime) -> Due:
    """Its alarms are OK: it ends by itself where the row says so, else whoever has it is asked once more."""
    since = incident.recovered_at or now
    if incident.status is Status.OPEN:
        incident = replace(incident, escalation=replace(incident.escalation, calm_since=since))
    after_min = None if incident.consent else world.handling.resolves_itself_after_min
    ends_at = since + timedelta(minutes=after_min) if after_min else None
    if ends_at is not None and now >= ends_at:
        return _by_itself(incident, now)
    if hold is not None:
        return Due(incident, next_at=_first(ends_at, hold.until))
    asked = _to_confirm(incident, since, now, "Its alarms have been OK for a day. Is it over?")
    return replace(asked, next_at=_first(ends_at, asked.next_at))


def _by_itself(incident: Incident, now: datetime) -> Due:
    over = incident.resolve_by_itself(now)
    text = "Resolved by itself: its alarms are OK, and its row says that this is enough."
    return Due(over, (entry_of(over, Fact.RESOLVED, now, now, text),))


def _to_confirm(incident: Incident, since: datetime, now: datetime, text: str) -> Due:
    """Ask once, a day after; a new recovery, or a word of a person, begins another day."""
    since = max(since, last_step(incident))
    if _asked(incident, since):
        return Due(incident)
    asks_at = since + CONFIRM_AFTER
    return Due(incident, next_at=asks_at) if now < asks_at else _ask(incident, since, now, text)


def _asked(incident: Incident, since: datetime) -> datetime | None:
    """When it was asked after that; None: not yet."""
    at = incident.escalation.asked_at
    return at if at is not None and at > since else None


def _ask(incident: Incident, since: datetime, now: datetime, text: str) -> Due:
    asked = replace(incident, escalation=replace(incident.escalation, asked_at=now, told=(), waits=None))
    return Due(asked, (entry_of(asked, Fact.ASKED, since, now, text),))


def _silent(incident: Incident, world: World, now: datetime) -> Due:
    """Somebody has it and says nothing: they are asked once, then the others are told."""
    limits, last = _limits(incident, world), last_step(incident)
    people = _behind_the_holder(incident, world.people)
    asked_at = _asked(incident, last)
    if asked_at is not None:
        return escalate(incident, people, _wait(incident, asked_at, limits), now)
    calm, asks_at = _answered(incident), _asks_at(people, limits, last)
    if now < asks_at:
        return Due(calm, next_at=asks_at)
    text = f"{incident.acknowledged_by} has it, and nothing was said for a while. How does it go?"
    asked = _ask(calm, last, now, text)
    then = escalate(asked.incident, people, _wait(asked.incident, now, limits), now)
    return replace(then, entries=asked.entries + then.entries)


def _behind_the_holder(incident: Incident, people: People) -> People:
    """Whoever has it was asked and stands first; behind somebody from outside stands the owner."""
    holder = incident.holder or incident.owner
    first = [link for link in people.chain if same_person(link[1], holder)] or [(Rung.OWNER, holder)]
    return replace(people, chain=(*first, *(link for link in people.chain if link not in first)))


def _asks_at(people: People, limits: Patience, since: datetime) -> datetime:
    if not limits.working or not people.chain:
        return since + timedelta(minutes=limits.update_min)
    return people.reach_of(people.chain[0][1]).after_work(since, limits.update_min)


def _limits(incident: Incident, world: World) -> Patience:
    return patience(incident.severity, world.handling, consent=incident.consent)


def _wait(incident: Incident, since: datetime, limits: Patience) -> Wait:
    """Who was told before it began to wait was told of an earlier time."""
    told = tuple(told for told in incident.escalation.told if told.at >= since)
    return Wait(since, told, limits.ack_min, limits.working)


def _answered(incident: Incident) -> Incident:
    """Nobody is sought any more."""
    if incident.escalation.unreachable is None and incident.escalation.waits is None:
        return incident
    return replace(incident, escalation=replace(incident.escalation, unreachable=None, waits=None))


def _first(*instants: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)
