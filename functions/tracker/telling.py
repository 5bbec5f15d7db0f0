"""One fact told to the tracker: the item as it is now, signed; what the tracker answers is kept.

Knows what each answer means. Refuses to tell a tracker what it said itself, and to call an address that wants nothing
any more before a day has passed.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.adapters.dynamodb.actions import ActionStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.standing_errors import StandingErrors
from deadair.adapters.slack.links import Links
from deadair.adapters.tracker.payload import headers, payload
from deadair.adapters.tracker.post import Answer
from deadair.domain.action_item import ActionItem
from deadair.domain.alarm import digest
from deadair.domain.errors import NotFound, Refusal, Unavailable
from deadair.domain.ownership import Person
from deadair.domain.standing_error import Kind, StandingError
from deadair.domain.timeline import Actor, Source
from deadair.usecases.actions.change_action import keep_link
from tracker.events import ActionFact

log = logging.getLogger(f"deadair.{__name__}")

GONE, FAILS = "gone", "fails"
ASK_AGAIN = timedelta(days=1)
TRACKER = Actor(Person("Tracker"), Source.SYSTEM)
GONE_TEXT = (
    "The tracker's address answers 410, so action items are not sent to it any more. Once a day one is tried; for "
    "operators: set ActionsWebhook to another address, or to none."
)
FAILS_TEXT = (
    "The tracker does not take action items ({why}). They are tried again for a while, then wait as dead letters."
)


class TryLater(Unavailable):
    """The tracker did not take it; after `wait_s` (0: it did not say) it may."""

    def __init__(self, why: str, wait_s: int = 0) -> None:
        super().__init__(f"The tracker did not take it: {why}.")
        self.why = why
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Tracker:
    """`send` posts to the configured address; `secret` is asked for each time, so that rotation works."""

    incidents: IncidentStore
    actions: ActionStore
    errors: StandingErrors
    links: Links
    url: str
    secret: Callable[[], str]
    send: Callable[[str, bytes, dict[str, str]], Answer]

    def tell(self, fact: ActionFact, now: datetime) -> bool:
        """Whether it was sent. Raises TryLater, Unavailable, and NotFound for what is not there (any more)."""
        if not self.url or fact.source == Source.SYSTEM.value:
            return False
        standing = [one for one in self.errors.all() if one.kind is Kind.TRACKER]
        if self._rests(standing, now):
            return False
        item = self._item(fact)
        body = payload(fact.kind, item, self.incidents.get(fact.incident), self.links)
        try:
            answer = self.send(self.url, body, headers(self.secret(), delivery_of(fact), body, now))
        except Unavailable as silent:
            self._fails(str(silent), now)
            raise TryLater("no answer") from silent
        self._heard(answer, item, standing, now)
        return True

    def _item(self, fact: ActionFact) -> ActionItem:
        entry = self.incidents.entry(fact.incident, fact.entry)
        number = entry.details.get("action", "") if entry else ""
        if not number.isdigit():
            raise NotFound(f"INC-{fact.incident} has no such entry.")
        return self.actions.get(fact.incident, int(number))

    def _heard(self, answer: Answer, item: ActionItem, standing: Iterable[StandingError], now: datetime) -> None:
        if answer.gone:
            self.errors.put(Kind.TRACKER, self._named(GONE), GONE_TEXT, now)
            log.warning("the tracker wants nothing any more")
            return
        if not answer.taken:
            self._fails(f"HTTP {answer.status}", now)
            raise TryLater(f"HTTP {answer.status}", answer.retry_after_s)
        # Whatever stood wrong with this address or an earlier one does not any more.
        for one in standing:
            self.errors.clear(Kind.TRACKER, one.name)
        if answer.link:
            self._keep(item, answer.link, now)

    def _keep(self, item: ActionItem, link: str, now: datetime) -> None:
        """Where it is kept. An address that cannot be kept costs the delivery nothing."""
        try:
            keep_link(self.incidents, item.incident, item.number, TRACKER, link, now=now)
        except Refusal as refused:
            log.warning("the tracker's address of an item is not kept", extra={"why": type(refused).__name__})
            if refused.field == "version":
                raise TryLater("the item was changed meanwhile") from refused

    def _rests(self, standing: Iterable[StandingError], now: datetime) -> bool:
        """Whether it said, not long ago, that it wants nothing any more."""
        name = self._named(GONE)
        gone = next((one for one in standing if one.name == name), None)
        if gone is None:
            return False
        if now - gone.since < ASK_AGAIN:
            return True
        # Said again, it stands from then on.
        self.errors.clear(Kind.TRACKER, name)
        return False

    def _fails(self, why: str, now: datetime) -> None:
        self.errors.put(Kind.TRACKER, FAILS, FAILS_TEXT.format(why=why.rstrip(".")), now)

    def _named(self, what: str) -> str:
        return f"{what}-{digest(self.url)[:8]}"


def delivery_of(fact: ActionFact) -> str:
    """The same for every attempt at one fact."""
    return f"INC-{fact.incident}/{fact.entry}"
