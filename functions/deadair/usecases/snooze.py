"""Somebody wants to hear no more of an incident for a while, and says why; or wants to hear of it again."""

from dataclasses import replace
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.errors import IllegalTransition, Invalid
from deadair.domain.held_back import released
from deadair.domain.holding import Hold, held
from deadair.domain.incident import Incident
from deadair.domain.redaction import redact
from deadair.domain.severity import Severity
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.step import take, within

LIMIT = 500
LONGEST = {
    Severity.SEV1: timedelta(hours=4),
    Severity.SEV2: timedelta(hours=8),
    Severity.SEV3: timedelta(hours=24),
    Severity.SEV4: timedelta(days=7),
}
LONGEST_FOR_CONSENT = timedelta(hours=2)
HOUR_S = 3600


def snooze(store: IncidentStore, number: int, actor: Actor, until: datetime, reason: str, *, now: datetime) -> Incident:
    """Notices wait until then. Returns the new state; raises Refusals, and then nothing changed."""
    why = redact(reasoned(reason, "Say why it can wait."))
    hold = Hold(until, why, actor.person.name)

    def step(incident: Incident) -> Incident:
        _must_be_open(incident)
        _must_end_in_time(incident, until, now)
        after = replace(incident, snooze=hold)
        return replace(after, escalation=replace(after.escalation, hold=held(after, now)))

    text = f"Snoozed until {until:%a %d %b %H:%M} UTC: {why}"
    return take(store, number, actor, step, fact=Fact.SNOOZED, text=text, now=now)


def end_snooze(store: IncidentStore, number: int, actor: Actor, *, now: datetime) -> Incident:
    """Notices come again at once. Returns the new state; raises Refusals."""

    def step(incident: Incident) -> Incident:
        _must_be_open(incident)
        if incident.snooze is None or not incident.snooze.lasts(now):
            raise IllegalTransition(f"{incident.id} is not snoozed.", field="snooze", remedy=f"show {number}")
        return released(replace(incident, snooze=None), now, now)

    return take(store, number, actor, step, fact=Fact.HOLD_ENDED, text="The snooze was ended.", now=now)


def longest(incident: Incident) -> timedelta:
    """For how long an incident may be snoozed at once."""
    by_severity = LONGEST[incident.severity]
    return min(by_severity, LONGEST_FOR_CONSENT) if incident.consent else by_severity


def reasoned(reason: str, remedy: str) -> str:
    """The reason without the space around it. Raises Invalid where there is none, or too much of it."""
    why = within(reason, LIMIT, what="reason", field="reason")
    if not why:
        raise Invalid("There is no reason.", field="reason", remedy=remedy)
    return why


def _must_be_open(incident: Incident) -> None:
    if incident.merged_into is not None:
        told = f"{incident.id} was merged into INC-{incident.merged_into}."
        raise IllegalTransition(told, field="status", remedy=f"show {incident.merged_into}")
    if not incident.is_open:
        raise IllegalTransition(f"{incident.id} is resolved.", field="status", remedy=f"reopen {incident.number}")


def _must_end_in_time(incident: Incident, until: datetime, now: datetime) -> None:
    if until <= now:
        raise Invalid("That time is over.", field="until", remedy="Give a time to come, such as 2h.")
    most = longest(incident)
    if until - now > most:
        what = f"{incident.severity.value}{' with consent' if incident.consent else ''}"
        hours = int(most.total_seconds() // HOUR_S)
        raise Invalid(
            f"{incident.id} is {what}: it can be snoozed for {hours} hours at most.",
            field="until",
            remedy=f"Give a time within {hours} hours.",
        )
