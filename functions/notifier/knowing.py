"""What somebody knows of an incident already, by the marks of their notice and by whose step it was.

Knows that nobody is told of their own step, and how a message begins for whom. Refuses to read and to send.
"""

from collections.abc import Callable

from deadair.adapters.slack.notices import AGAIN, HANDED, HOLD_OVER, TOLD, Opening
from deadair.domain.alarm import DEADAIR
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.stages import Status
from deadair.domain.timeline import Entry, Fact
from notifier.drawing import Marks
from notifier.telling import OWNER, Errand, key_of

# Whose step an entry is of; None: that is not known any more.
Who = Callable[[Incident, Entry], Person | None]


def is_new(errand: Errand, marks: Marks) -> bool:
    """Whether the person does not know of this occasion, or knew of it before notices were held."""
    return marks.get("occasion") != errand.occasion or "held" in marks


def is_own_step(incident: Incident, entries: list[Entry], marks: Marks, who: Who) -> bool:
    """Whether the owner said it first, took it, opened it again or ended its hold: nobody is told of their own step."""
    if marks.get("person", "") != key_of(incident.owner):
        step = Fact.ASSIGNED
    else:
        step = Fact.HOLD_ENDED if "held" in marks else Fact.REOPENED
    if step is Fact.REOPENED and incident.status is not Status.OPEN:
        return True
    given = _last(entries, step)
    if given is not None:
        by = who(incident, given)
        return same_person(by, incident.owner) if by else given.author == incident.owner.name
    said_first = incident.by_hand.by if incident.by_hand and step is Fact.ASSIGNED and "held" not in marks else ""
    return said_first == incident.owner.name


def only_flaps(incident: Incident, entries: list[Entry], marks: Marks) -> bool:
    """Whether it ended by itself and came back, as its alarms do again and again: that is told once."""
    same = marks.get("person") == key_of(incident.owner) and "held" not in marks
    return same and incident.flapping and author(entries, Fact.RESOLVED) == DEADAIR


def author(entries: list[Entry], fact: Fact) -> str:
    """Who took the last step of that kind; empty: nobody did."""
    last = _last(entries, fact)
    return last.author if last else ""


def _last(entries: list[Entry], fact: Fact) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.fact is fact), None)


def opening_of(incident: Incident, errand: Errand, entries: list[Entry], marks: Marks) -> Opening:
    """How their message begins."""
    if errand.name != OWNER:
        return errand.opening
    if marks.get("person") == key_of(incident.owner):
        return Opening(HOLD_OVER if "held" in marks else AGAIN)
    given_by = author(entries, Fact.ASSIGNED)
    if given_by:
        return Opening(HANDED, by=given_by)
    return Opening(HOLD_OVER) if "held" in marks else errand.opening


def opening_marks(opening: Opening) -> Marks:
    """What is kept of an opening, so that an edited message begins as it did."""
    return {} if opening.kind == TOLD else {"opening": opening.kind} | ({"by": opening.by} if opening.by else {})
