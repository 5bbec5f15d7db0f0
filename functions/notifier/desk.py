"""What Slack should show for an incident, and bringing it there: the card, what people are told, the prompt.

Knows which notices there are and for whom. Refuses to apply facts: every notice follows from the current state.
A notice that fails does not hold up the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.dossiers import Dossier
from deadair.adapters.dynamodb.notices import Progress
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.slack.card import Known, incident_card
from deadair.adapters.slack.message import Message
from deadair.adapters.slack.notices import postmortem_prompt
from deadair.domain.action_item import ActionItem
from deadair.domain.holding import held
from deadair.domain.incident import Incident
from deadair.domain.ownership import Integration, Person
from deadair.domain.stages import NOTHING_TO_TELL, Status
from notifier.bringing import Bringer, version_of
from notifier.drawing import Marks
from notifier.failing import Failed, NoticesFailed
from notifier.following import following
from notifier.handing import PAST, aside, is_anothers, set_aside
from notifier.remembering import Remembering
from notifier.reviewing import ReviewErrand, Reviewing, review_errands
from notifier.showing import Sheet, look_of, show
from notifier.telling import BESIDE, Errand, errands
from notifier.thread import CARD, THREAD, Thread

PROMPT = "postmortem"


@dataclass(frozen=True, slots=True)
class Desk:
    """The room's neighbours, and the channel of the cards."""

    bringer: Bringer
    registry: RegistryStore
    past: Remembering
    actions: ActionStore
    channel: str

    def converge(self, number: int) -> None:
        """Bring every notice about an incident up to its state. Raises NoticesFailed after trying all."""
        seen = self.bringer.read(number)
        reviews = [self._review(seen, errand) for errand in review_errands(seen)]
        # What was over before anybody told of it is no news; that somebody is asked to read about it is.
        steps = reviews if seen.incident.recorded_afterwards else [*self._of_it(seen), *reviews]
        failures = [failed for step in steps if (failed := step.failure())]
        if failures:
            raise NoticesFailed(number, failures)

    def _of_it(self, seen: Dossier) -> "list[_Step]":
        """The card, what people are told, the prompt, and the thread under the card."""
        steps = [_Step(CARD, lambda: self._card(seen), None, "ts" not in seen.progress(CARD).marks)]
        steps += [self._errand(seen, errand) for errand in self._errands(seen)]
        if seen.postmortem is not None:
            steps.append(_Step(PROMPT, lambda: self._prompt(seen), None, "ts" not in seen.progress(PROMPT).marks))
        if self._moved(seen):
            steps.append(_Step(PAST, lambda: self.bringer.let_go(seen.incident.number), None, is_news=False))
        steps.append(_Step(THREAD, lambda: Thread(self.bringer, self.channel).bring(seen), None, is_news=False))
        return steps

    def _errands(self, seen: Dossier) -> list[Errand]:
        """What is to be said now, and what was said to people whom the escalation has left behind."""
        due = errands(seen.incident, self.bringer.clock())
        known = {errand.name for errand in due}
        past = [name for name in seen.notices if name.startswith(BESIDE) and name not in known]
        return [*due, *(Errand(name, Person(""), "", speaks=False) for name in past)]

    def _moved(self, seen: Dossier) -> bool:
        """Whether a message stands in front of somebody who has it no more."""
        current = [*self._errands(seen), Errand(PROMPT, seen.incident.owner, "", speaks=False)]
        here = any(is_anothers(seen.progress(errand.name).marks, errand.person) for errand in current)
        return here or any(aside(seen.notices))

    def _errand(self, seen: Dossier, errand: Errand) -> "_Step":
        news = self.bringer.is_news(seen, errand)
        return _Step(errand.name, lambda: self.bringer.bring(seen, errand), errand.person, news)

    def _review(self, seen: Dossier, errand: ReviewErrand) -> "_Step":
        news = errand.is_news(seen.progress(errand.name).marks)
        return _Step(errand.name, lambda: Reviewing(self.bringer).bring(seen, errand), errand.person, news)

    def _card(self, seen: Dossier) -> None:
        """One card in the channel, edited in place; the first one waits while notices are held."""
        told = seen.progress(CARD)
        posted = "ts" in told.marks
        if not posted and held(seen.incident, self.bringer.clock()) is not None:
            return
        if posted and not told.unfinished and told.undelivered is None and self._shows(seen, told):
            return

        def make(before: Progress) -> tuple[int, Marks]:
            now = self.bringer.read(seen.incident.number)
            wanted = {"incident": now.incident.id, "notice": CARD}
            sheet = Sheet(wanted, version_of(now), self._drawing(now, before), now.incident.opened_at)
            return sheet.version, self._shown(self.channel, sheet, before)

        self.bringer.pen.draw(seen.incident.number, CARD, version_of(seen), told, make)

    def _shows(self, seen: Dossier, told: Progress) -> bool:
        return told.marks.get("look") == look_of(self._drawing(seen, told))

    def _drawing(self, seen: Dossier, before: Progress) -> Message:
        incident = seen.incident
        # A first card must know what was learned a second ago; later ones may be a moment behind.
        first = "ts" not in before.marks
        known = Known(
            earlier=self.past.of(incident, seen.diagnosed, afresh=first) if incident.is_open else (),
            postmortem=seen.postmortem,
            diagnosed=seen.diagnosed,
            hold=held(incident, self.bringer.clock()),
            following=following(incident, self._row(incident)) if incident.status is Status.OPEN else (),
            overdue=self._overdue(incident) if incident.is_open else (),
        )
        return incident_card(incident, self.bringer.links, known)

    def _prompt(self, seen: Dossier) -> None:
        """The five questions, to the owner, edited as they are answered."""

        def make(before: Progress) -> tuple[int, Marks]:
            now = self.bringer.read(seen.incident.number)
            owner, pm = now.incident.owner, now.postmortem
            known = before.marks if before.marks.get("person") == owner.slack_id else {}
            if is_anothers(before.marks, owner):
                set_aside(self.bringer.pen.notices, now.incident.number, PROMPT, before.marks)
            # Taken back, or called something else: whoever was not asked yet is not.
            unwanted = now.incident.is_open or now.incident.ending in NOTHING_TO_TELL
            if pm is None or not owner.slack_id or (unwanted and not known):
                return version_of(now), {"person": ""}
            channel = known.get("channel") or self.bringer.slack.direct_channel(owner.slack_id)
            wanted = {"incident": now.incident.id, "notice": PROMPT}
            message = postmortem_prompt(now.incident, pm, self.bringer.links)
            sheet = Sheet(wanted, version_of(now), message, now.incident.opened_at)
            seen_before = Progress(known, before.drawn, before.unfinished, before.undelivered)
            return sheet.version, {"person": owner.slack_id, "name": owner.name} | self._shown(
                channel, sheet, seen_before
            )

        self.bringer.pen.draw(seen.incident.number, PROMPT, version_of(seen), seen.progress(PROMPT), make)

    def _shown(self, channel: str, sheet: Sheet, before: Progress) -> Marks:
        marks = show(self.bringer.slack, channel, sheet, before)
        if before.undelivered is not None:
            self.bringer.standby.delivered(before.undelivered)
        return marks

    def _overdue(self, incident: Incident) -> list[ActionItem]:
        """What was to be done against it by now; without it the card only lacks that."""
        try:
            items = self.actions.of_integration(incident.integration)
        except (BotoCoreError, ClientError):
            return []
        return [one for one in items if one.is_overdue(self.bringer.clock().date())]

    def _row(self, incident: Incident) -> Integration | None:
        """The registry's row; without it the card only lacks who comes next."""
        try:
            return self.registry.get(incident.integration)
        except (BotoCoreError, ClientError):
            return None


@dataclass(frozen=True, slots=True)
class _Step:
    """Bringing one notice. A failure is kept for the caller, after the other notices had their turn."""

    name: str
    work: Callable[[], None]
    person: Person | None
    is_news: bool

    def failure(self) -> Failed | None:
        try:
            self.work()
        except Exception as error:  # noqa: BLE001 - raised again by the caller
            return Failed(self.name, error, self.person, self.is_news)
        return None
