"""What one person is told of an incident: told once for each occasion, then kept up to date where it stands.

Knows when a message is new. Refuses to tell anybody of their own step, and to be loud while notices are held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.dossiers import Dossier, read_dossier
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.dynamodb.steps import read_step
from deadair.adapters.slack.client import SlackClient
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.notices import (
    Opening,
    handed_on,
    has_it_now,
    person_notice,
    question,
)
from deadair.domain.holding import held
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person
from deadair.domain.severity import Severity
from deadair.domain.timeline import Entry, Fact
from notifier.among import Among, state_of
from notifier.crowd import Crowds
from notifier.drawing import Marks, Pen
from notifier.handing import PAST, aside, close, is_anothers, set_aside
from notifier.knowing import author, is_new, is_own_step, only_flaps, opening_marks, opening_of
from notifier.showing import Sheet, look_of, show
from notifier.standby import Standby
from notifier.telling import OWNER, QUESTIONS, Errand, errands, holder, key_of
from notifier.whom import Whom

# As it opened: nobody can have handed it on yet.
FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Bringer:
    """Brings errands. `clock` gives aware UTC instants."""

    store: IncidentStore
    pen: Pen
    slack: SlackClient
    whom: Whom
    crowds: Crowds
    standby: Standby
    links: Links
    clock: Callable[[], datetime]

    def read(self, number: int) -> Dossier:
        """The incident and its notices, as they are now. Raises NotFound."""
        return read_dossier(self.store.client, self.store.table, number)

    def bring(self, seen: Dossier, errand: Errand) -> None:
        """Have the person told what the errand is about, as it is now, or later."""
        number, name = seen.incident.number, errand.name
        if not self._asks_for_work(seen, errand):
            return

        def make(before: Progress) -> tuple[int, Marks]:
            now = self.read(number)
            found = next((one for one in errands(now.incident, self.clock()) if one.name == name), None)
            marks = self._told(now, found, before) if found else before.marks
            if before.undelivered is not None:
                self.standby.delivered(before.undelivered)
            return version_of(now), marks

        self.pen.draw(number, name, version_of(seen), seen.progress(name), make)

    def is_news(self, seen: Dossier, errand: Errand) -> bool:
        """Whether the person is to hear something that they do not know."""
        return errand.speaks and is_new(errand, seen.progress(errand.name).marks)

    def _asks_for_work(self, seen: Dossier, errand: Errand) -> bool:
        """Whether anything would change: most news of an incident are none for a person."""
        told = seen.progress(errand.name)
        if is_anothers(told.marks, errand.person):
            return True
        if told.unfinished or told.undelivered or self.is_news(seen, errand):
            return True
        if self._is_held(seen.incident, errand) and "held" not in told.marks:
            return True
        if "crowd" in told.marks:
            return told.marks.get("state") != state_of(seen.incident)
        return "ts" in told.marks and told.marks.get("look") != look_of(self._message(seen, errand, told.marks))

    def _told(self, seen: Dossier, errand: Errand, before: Progress) -> Marks:
        marks = before.marks
        if is_anothers(marks, errand.person):
            set_aside(self.pen.notices, seen.incident.number, errand.name, marks)
        if not errand.speaks or not is_new(errand, marks):
            held_now = {"held": "1"} if self._is_held(seen.incident, errand) else {}
            if is_anothers(marks, errand.person):
                return held_now
            return self._up_to_date(seen, errand, before) | held_now
        entries = self._steps(seen.incident)
        known = is_own_step(seen.incident, entries, marks, self._who) or only_flaps(seen.incident, entries, marks)
        if errand.name == OWNER and known:
            return self._known_already(seen, errand, before)
        return self._anew(seen, errand, before, opening_of(seen.incident, errand, entries, marks))

    def _anew(self, seen: Dossier, errand: Errand, before: Progress, opening: Opening) -> Marks:
        person = errand.person
        told = {"person": key_of(person), "name": person.name, "occasion": errand.occasion} | opening_marks(opening)
        slack_id = self.whom.id_of(person, self.clock())
        if not slack_id:
            return told | {"letter": self.standby.tell(seen, errand.name, person)}
        # Written down before it was told, by somebody who may have died or failed over it.
        first = int(before.marks["crowd"]) if before.marks.get("joined_for") == errand.occasion else 0
        channel = self.whom.channel(slack_id, person, self.clock())
        sheet = self._sheet(seen, errand, told)
        if not first and before.unfinished:
            ts = self.slack.find(channel, sheet.wanted, before.drawn, sheet.since)
            before = Progress({"ts": ts} if ts else {}, before.drawn, unfinished=False)
        else:
            before = Progress({}, before.drawn, unfinished=False)
        if errand.name == OWNER and not before.marks and seen.incident.severity is not Severity.SEV1:
            first = first or self.crowds.place(key_of(person), seen.incident.number, self.clock())
            if first != seen.incident.number:
                joined = {"crowd": str(first), "joined_for": errand.occasion, "channel": channel}
                self.pen.notices.note(seen.incident.number, OWNER, joined)
                return self._in_crowd(seen.incident, first, told | joined)
        return told | show(self.slack, channel, sheet, before)

    def _known_already(self, seen: Dossier, errand: Errand, before: Progress) -> Marks:
        """They did it themselves: what they have is edited, and nothing is said."""
        told = {"person": key_of(errand.person), "name": errand.person.name, "occasion": errand.occasion}
        if before.marks.get("person") != told["person"]:
            return told
        marks = self._up_to_date(seen, errand, before) | told
        return {name: value for name, value in marks.items() if name != "held"}

    def _up_to_date(self, seen: Dossier, errand: Errand, before: Progress) -> Marks:
        """What is there already is edited; nothing new is said."""
        marks = before.marks
        if "crowd" in marks:
            return self._in_crowd(seen.incident, int(marks["crowd"]), marks)
        if "ts" not in marks:
            return marks
        return marks | show(self.slack, marks["channel"], self._sheet(seen, errand, marks), before)

    def let_go(self, number: int) -> None:
        """Edit the messages whose readers have it no more."""
        now = self.read(number)
        for name, marks in aside(now.notices):
            if "crowd" in marks:
                self._in_crowd(now.incident, int(marks["crowd"]), marks)
            else:
                close(self.slack, marks, self._handed_on(now.incident, name, marks))
            self.pen.notices.note(number, name, {"closed": "1"})

    def _handed_on(self, incident: Incident, name: str, marks: Marks) -> Message:
        if any(name.startswith(f"{PAST}{question}-") for question in QUESTIONS):
            return has_it_now(incident, self.links, holder(incident).name)
        by = author(self._steps(incident), Fact.ASSIGNED)
        return handed_on(incident, self.links, marks.get("name", ""), by)

    def _in_crowd(self, incident: Incident, first: int, told: Marks) -> Marks:
        """Among others in one message."""
        return Among(self.store, self.pen, self.slack, self.crowds, self.links).show(incident, first, told)

    def _sheet(self, seen: Dossier, errand: Errand, marks: Marks) -> Sheet:
        wanted = {"incident": seen.incident.id, "notice": errand.name, "occasion": errand.occasion}
        return Sheet(wanted, version_of(seen), self._message(seen, errand, marks), seen.incident.opened_at)

    def _message(self, seen: Dossier, errand: Errand, marks: Marks) -> Message:
        if errand.is_question:
            return question(seen.incident, self.links, errand.name, asks=errand.speaks)
        opening = Opening(
            marks.get("opening", errand.opening.kind), marks.get("by", ""), errand.opening.rung, errand.opening.why
        )
        return person_notice(seen.incident, self.links, opening, seen.diagnosed)

    def _steps(self, incident: Incident) -> list[Entry]:
        """The timeline, where it can say whose step it was."""
        return [] if incident.version == FIRST_VERSION else self.store.timeline(incident.number)

    def _who(self, incident: Incident, entry: Entry) -> Person | None:
        """Whose step an entry is of, while it is kept: two people may have one name."""
        step = read_step(self.store.client, self.store.table, incident.number, entry.id)
        return step.by if step else None

    def _is_held(self, incident: Incident, errand: Errand) -> bool:
        return errand.name == OWNER and incident.is_open and held(incident, self.clock()) is not None


def version_of(seen: Dossier) -> int:
    """Grows with every change of incident, postmortem or diagnosis: all three counters only ever grow."""
    postmortem = seen.postmortem.edit + 1 if seen.postmortem else 0
    diagnosis = seen.diagnosed.edit + 1 if seen.diagnosed else 0
    return seen.incident.version + postmortem + diagnosis
