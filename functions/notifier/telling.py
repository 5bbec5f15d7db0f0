"""Who is to be told what of an incident, as it is now: one errand per person and reason.

Knows when there is something to say and that a hold keeps it back. Refuses to know Slack, and whether it was said:
an errand has an occasion, and an occasion is told once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.slack.notices import IS_YOURS, TOLD, Opening
from deadair.domain.alarm import digest
from deadair.domain.holding import held
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.stages import Status

OWNER, ASKED, RECOVERED, STOPPED = "owner", "asked", "recovered", "stopped"
QUESTIONS = frozenset({ASKED, RECOVERED, STOPPED})
BESIDE = "told-"


@dataclass(frozen=True, slots=True)
class Errand:
    """What one person is to know. `name` is the notice's; a new `occasion` is a new message, the same one is edited.

    `speaks`: there is reason for a new message now. Otherwise one that is there already is brought up to date.
    """

    name: str
    person: Person
    occasion: str
    speaks: bool
    opening: Opening = IS_YOURS

    @property
    def is_question(self) -> bool:
        """Whether it asks something, instead of telling of the incident."""
        return self.name in QUESTIONS


def key_of(person: Person) -> str:
    """What a person is known by: their member id, else their address, else their name."""
    return person.slack_id or person.email.casefold() or person.name


def beside(person: Person) -> str:
    """The name of the notice of somebody who is told beside the owner."""
    return BESIDE + digest(key_of(person))[:12]


def errands(incident: Incident, now: datetime) -> list[Errand]:
    """Everything that people are to know now, the owner's first."""
    waits = incident.is_open and held(incident, now) is None
    return [_owner(incident, waits=waits), *_others(incident, waits=waits), *_questions(incident, waits=waits)]


def _owner(incident: Incident, *, waits: bool) -> Errand:
    """The owner, once for each time that it becomes theirs or comes back after its end."""
    occasion = f"{key_of(incident.owner)}|{incident.reopened}"
    return Errand(OWNER, incident.owner, occasion, waits and incident.recovered_at is None)


def _others(incident: Incident, *, waits: bool) -> Iterator[Errand]:
    """Those whom the escalation reached, unless somebody took it since."""
    for told in incident.escalation.told:
        if key_of(told.person) != key_of(incident.owner):
            taken = incident.acknowledged_at is not None and incident.acknowledged_at >= told.at
            opening = Opening(TOLD, rung=told.rung.value, why=told.why)
            yield Errand(
                beside(told.person), told.person, told.at.isoformat(), speaks=waits and not taken, opening=opening
            )


def _questions(incident: Incident, *, waits: bool) -> Iterator[Errand]:
    person = holder(incident)
    since = f"{key_of(person)}|{incident.reopened}"
    asked_at = incident.escalation.asked_at
    if asked_at is not None:
        silent = incident.touched_at is None or incident.touched_at < asked_at
        yield Errand(ASKED, person, f"{key_of(person)}|{asked_at.isoformat()}", waits and silent)
    yield Errand(RECOVERED, person, since, waits and incident.recovered_at is not None and not incident.is_old_news)
    yield Errand(STOPPED, person, since, waits and incident.evidence_stopped_at is not None)


def holder(incident: Incident) -> Person:
    """Who is asked: whoever has it, where we know more of them than a name; else its owner."""
    known = [incident.owner, *(told.person for told in incident.escalation.told)]
    if incident.status is Status.OPEN:
        return incident.owner
    has_it = incident.holder
    if has_it is None:
        return incident.owner
    kept = has_it if has_it.slack_id or has_it.email else incident.owner
    return next((person for person in known if same_person(person, has_it)), kept)
