"""A resolved incident gets a postmortem: each of the five questions with what the data know.

Knows which facts answer which question. Refuses to touch people's answers: a suggestion becomes an answer only
when a person saves it.
"""

from dataclasses import replace
from datetime import datetime

from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.jinja.postmortem import class_words, signal_words, suggestion
from deadair.domain.alarm import DEADAIR
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, lengths, started
from deadair.domain.ownership import Person
from deadair.domain.postmortem import QUESTIONS, Postmortem
from deadair.domain.severity import FailureClass
from deadair.domain.stages import NOTHING_TO_TELL
from deadair.domain.timeline import Actor, Entry, Fact, Source
from deadair.usecases.step import entry_of

WRITER = Actor(Person(DEADAIR), Source.SYSTEM)
# Names past this many would make a sentence that nobody reads.
ALARMS_AT_MOST = 5


def draft_postmortem(store: IncidentStore, number: int, *, now: datetime) -> Postmortem | None:
    """Create the draft of a resolved incident, or bring its suggestions up to date. None: nothing to tell yet, or ever.

    One that goes on after all keeps its draft, which says no more than is so now. The same again changes nothing.
    Raises NotFound, and Stale when somebody saved meanwhile: try again.
    """
    incident = store.get(number)
    known = store.postmortem(number)
    if incident.ending in NOTHING_TO_TELL or (incident.is_open and known is None):
        return known
    suggested = suggestions(incident)
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


def suggestions(incident: Incident) -> dict[str, str]:
    """What the facts answer, as Markdown by question; questions of which they know nothing are left out."""
    told = lengths(incident)
    unknown = incident.failure_class is FailureClass.UNKNOWN
    variables = {
        "title": incident.title.rstrip("."),
        "failure_class": "" if unknown else class_words(incident.failure_class.value),
        "class_key": incident.failure_class.value,
        "consent": incident.consent,
        "started_at": started(incident),
        "detected_at": detected(incident),
        "to_detect_s": told["to_detect"].total_seconds() if told["to_detect"] else 0,
        "alarms": sorted({alarm.name for alarm in incident.alarms.values()})[:ALARMS_AT_MOST],
        "signal": signal_words(incident.signal.value),
        "fix": incident.fix,
        "opened_by": incident.by_hand.by if incident.by_hand else "",
        "affected": incident.affected.rstrip("."),
    }
    made = {key: suggestion(key, variables) for key in QUESTIONS}
    return {key: text for key, text in made.items() if text}


def _entry(incident: Incident, now: datetime) -> Entry:
    entry = entry_of(incident, WRITER, Fact.POSTMORTEM_DRAFTED, "Postmortem drafted.", now=now)
    return replace(entry, id=f"{entry.id}-drafted")
