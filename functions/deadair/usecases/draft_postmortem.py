"""A resolved incident gets a postmortem: each of the five questions with what the data know.

Knows when there is one. Refuses to touch people's answers: a suggestion becomes an answer only
when a person saves it.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.domain.alarm import DEADAIR
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem
from deadair.domain.stages import NOTHING_TO_TELL
from deadair.domain.timeline import Actor, Entry, Fact, Source
from deadair.usecases.beside import NOWHERE, Around
from deadair.usecases.step import entry_of
from deadair.usecases.suggest import suggestions

WRITER = Actor(Person(DEADAIR), Source.SYSTEM)


def draft_postmortem(
    store: IncidentStore, number: int, *, now: datetime, around: Around = NOWHERE
) -> Postmortem | None:
    """Create the draft of a resolved incident, or bring its suggestions up to date. None: nothing to tell yet, or ever.

    One that goes on after all keeps its draft, which says no more than is so now. The same again changes nothing.
    Raises NotFound, and Stale when somebody saved meanwhile: try again.
    """
    incident = store.get(number)
    known = store.postmortem(number)
    if incident.ending in NOTHING_TO_TELL or (incident.is_open and known is None):
        return known
    beside, timeline = around.beside(store, incident, now), store.timeline(number)
    suggested = suggestions(incident, beside, timeline, around.templates)
    if known is None:
        # Edit 0, as a form that was opened before there was a draft has seen it.
        drafted = Postmortem(incident=incident.id, suggested=suggested, drafted_at=now)
        store.save_postmortem(number, None, drafted, _entry(incident, now))
        return drafted
    if known.suggested == suggested:
        return known
    # Suggestions are no edit of a person's: a form that is open meanwhile must not be refused for them.
    refreshed = replace(known, suggested=suggested)
    store.save_postmortem(number, known, refreshed)
    return refreshed


def _entry(incident: Incident, now: datetime) -> Entry:
    entry = entry_of(incident, WRITER, Fact.POSTMORTEM_DRAFTED, "Postmortem drafted.", now=now)
    return replace(entry, id=f"{entry.id}-drafted")
