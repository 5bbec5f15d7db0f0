"""Somebody says what is to be done so that an incident does not come again, is seen earlier, or is put right.

Knows who has it and until when where nobody says: the incident's owner, four weeks. Refuses to overwrite another
item: of two who add at once, each gets a number of their own.
"""

from datetime import date, datetime, timedelta

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.action_item import ActionItem, ActionKind
from deadair.domain.errors import IllegalTransition, Invalid, Stale
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.timeline import Actor, Fact
from deadair.usecases.actions.writing import action_step, actions_of, address, said

DUE = timedelta(days=28)
# Nobody keeps in mind what is further away.
FARTHEST = timedelta(days=2 * 366)
# More are a project, not what follows from one incident; keys have three digits.
MOST = 50
TURNS = 5


def add_action(
    store: IncidentStore,
    incident_number: int,
    actor: Actor,
    text: str,
    *,
    kind: ActionKind = ActionKind.PREVENTIVE,
    owner: Person | None = None,
    due_on: date | None = None,
    now: datetime,
    today: date | None = None,
    link: str = "",
) -> ActionItem:
    """Add one to an incident, open or resolved. `today` is the day on the actor's clock, of UTC unless said.

    Returns it. Raises NotFound, NotAllowed, IllegalTransition for a merged incident, Invalid, and Stale where many
    write at once.
    """
    text, link = said(text), address(link)
    due_on = due(due_on, today or now.date())
    for turn in range(TURNS):
        incident = store.get(incident_number)
        must_go_on(incident)
        item = ActionItem(
            incident=incident.number,
            number=_number(store, incident),
            integration=incident.integration,
            text=text,
            kind=kind,
            owner=owner or incident.owner,
            due_on=due_on,
            added_by=actor.person.name,
            added_at=now,
            link=link,
        )
        try:
            return action_step(store, incident, actor, None, item, fact=Fact.ACTION_ADDED, text=_told(item), now=now)
        except Stale:
            if turn == TURNS - 1:
                raise
    raise AssertionError("unreachable")


def due(day: date | None, today: date) -> date:
    """The day until which it is to be done. Raises Invalid for one that is over or too far away."""
    if day is None:
        return today + DUE
    if day < today:
        raise Invalid(f"{day:%-d %b %Y} is over.", field="due_on", remedy="Name a day to come.")
    if day > today + FARTHEST:
        raise Invalid("That is more than two years away.", field="due_on", remedy="Name an earlier day.")
    return day


def must_go_on(incident: Incident) -> None:
    """Raises IllegalTransition for an incident that goes on elsewhere."""
    if incident.merged_into is not None:
        told = f"{incident.id} was merged into INC-{incident.merged_into}."
        raise IllegalTransition(told, field="status", remedy=f"action {incident.merged_into} what is to be done")


def _number(store: IncidentStore, incident: Incident) -> int:
    number = actions_of(store).next_number(incident.number)
    if number > MOST:
        told = f"{incident.id} has {MOST} action items."
        raise Invalid(told, field="text", remedy="Add it where the work is planned, and link that.")
    return number


def _told(item: ActionItem) -> str:
    return f"Action item {item.id}: {item.text} ({item.kind.value}, {item.owner.name}, by {item.due_on:%-d %b %Y})"
