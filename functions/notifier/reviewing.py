"""Who is told of the review of a postmortem: whoever is asked to read it, and whoever wrote it once it was read.

Knows that each is told once for each asking and each answer, and that what is there already is brought up to date.
Refuses to apply facts: everything follows from the postmortem as it is now.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.review_notices import review_answer, review_request
from deadair.domain.alarm import digest
from deadair.domain.ownership import Person, same_person
from deadair.domain.postmortem import Postmortem
from notifier.bringing import Bringer, version_of
from notifier.drawing import Marks
from notifier.showing import Sheet, look_of, show
from notifier.standby import ANSWERED, ASKED
from notifier.telling import key_of


@dataclass(frozen=True, slots=True)
class ReviewErrand:
    """What one person is to know of a review. A new `occasion` is a new message, if it still `speaks`."""

    name: str
    person: Person
    occasion: str
    speaks: bool

    def is_news(self, marks: Marks) -> bool:
        """Whether the person has not heard it."""
        return self.speaks and marks.get("occasion") != self.occasion


def review_errands(seen: Dossier) -> list[ReviewErrand]:
    """What is to be said now, and what was said to people whom it does not concern any more."""
    due = list(_due(seen.postmortem)) if seen.postmortem else []
    known = {errand.name for errand in due}
    past = [name for name in seen.notices if name.startswith((ASKED, ANSWERED)) and name not in known]
    return [*due, *(_past(name, seen.progress(name).marks) for name in past)]


def _due(postmortem: Postmortem) -> Iterator[ReviewErrand]:
    review = postmortem.review
    if review is None:
        return
    yield ReviewErrand(
        _name(ASKED, review.asked_of),
        review.asked_of,
        review.asked_at.isoformat(),
        speaks=postmortem.waits_for is not None,
    )
    by, at = review.approved_by or review.returned_by, review.approved_at or review.returned_at
    if by is None or at is None:
        return
    settled = postmortem.is_published and not postmortem.amending
    speaks = not settled and (postmortem.approved or review.approved_by is None)
    for writer in _writers(postmortem, review.asked_by, by):
        yield ReviewErrand(_name(ANSWERED, writer), writer, at.isoformat(), speaks=speaks)


def _writers(postmortem: Postmortem, asked_by: Person, answered_by: Person) -> list[Person]:
    """Whoever wrote it and whoever asked, each once; nobody is told of their own answer."""
    found: list[Person] = []
    for person in (asked_by, *postmortem.authors):
        if not any(same_person(person, other) for other in (answered_by, *found)):
            found.append(person)
    return found


def _name(kind: str, person: Person) -> str:
    return kind + digest(key_of(person))[:12]


def _past(name: str, marks: Marks) -> ReviewErrand:
    person = Person(marks.get("name", ""), slack_id=marks.get("person", ""))
    return ReviewErrand(name, person, marks.get("occasion", ""), speaks=False)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Brings these messages with the room's own hands."""

    bringer: Bringer

    def bring(self, seen: Dossier, errand: ReviewErrand) -> None:
        """Have the person told, or what they have brought up to date."""
        told = seen.progress(errand.name)
        if not self._asks_for_work(seen, errand, told):
            return

        def make(before: Progress) -> tuple[int, Marks]:
            now = self.bringer.read(seen.incident.number)
            found = next((one for one in review_errands(now) if one.name == errand.name), None)
            marks = self._told(now, found, before) if found else before.marks
            if before.undelivered is not None:
                self.bringer.standby.delivered(before.undelivered)
            return version_of(now), marks

        self.bringer.pen.draw(seen.incident.number, errand.name, version_of(seen), told, make)

    def _asks_for_work(self, seen: Dossier, errand: ReviewErrand, told: Progress) -> bool:
        if errand.is_news(told.marks) or told.unfinished or told.undelivered:
            return True
        return "ts" in told.marks and told.marks.get("look") != look_of(self._message(seen, errand))

    def _told(self, seen: Dossier, errand: ReviewErrand, before: Progress) -> Marks:
        marks = before.marks
        if not errand.is_news(marks):
            if "ts" not in marks:
                return marks
            return marks | show(self.bringer.slack, marks["channel"], self._sheet(seen, errand), before)
        person, now = errand.person, self.bringer.clock()
        told = {"person": key_of(person), "name": person.name, "occasion": errand.occasion}
        slack_id = self.bringer.whom.id_of(person, now)
        if not slack_id:
            return told | {"letter": self.bringer.standby.tell(seen, errand.name, person)}
        channel = self.bringer.whom.channel(slack_id, person, now)
        anew = Progress({}, before.drawn, before.unfinished, before.undelivered)
        return told | show(self.bringer.slack, channel, self._sheet(seen, errand), anew)

    def _sheet(self, seen: Dossier, errand: ReviewErrand) -> Sheet:
        wanted = {"incident": seen.incident.id, "notice": errand.name, "occasion": errand.occasion}
        return Sheet(wanted, version_of(seen), self._message(seen, errand), seen.incident.opened_at)

    def _message(self, seen: Dossier, errand: ReviewErrand) -> Message:
        postmortem = seen.postmortem or Postmortem(incident=seen.incident.id)
        if errand.name.startswith(ASKED):
            return review_request(seen.incident, postmortem, self.bringer.links, errand.person)
        return review_answer(seen.incident, postmortem, self.bringer.links)
