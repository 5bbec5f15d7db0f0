"""Everybody's morning: who is to be told now, of what.

Knows whose morning it is. Refuses to let one person's trouble keep the others waiting: it says so when all are through.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.email.reminders import digest_letter
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.reminders import digest_message
from deadair.domain.alarm import digest as digest_name
from deadair.domain.errors import DeadairError
from deadair.domain.ownership import Person
from deadair.domain.reachability import Reach
from deadair.domain.reminding import Digest, Work, digest_of, due_day
from deadair.usecases.actions.gather_work import Gathering
from deadair.usecases.know_member import know_member, know_member_by_email
from deadair.usecases.own_clock import clock_named
from reminders.sending import Occasion, Sender

log = logging.getLogger(f"deadair.{__name__}")

DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Mornings:
    """`hurry` says whether the time of this run is nearly over."""

    gathering: Gathering
    people: PeopleStore
    sender: Sender
    links: Links

    def tell(self, now: datetime, hurry: Callable[[], bool]) -> bool:
        """Tell everybody whose morning it is. False: somebody was not told and is to be told by the next run."""
        works = self.gathering.everybody(now)
        reach = self.people.of(work.person.email for work in works)
        whole = True
        for work in works:
            if hurry():
                return False
            try:
                self._one(work, reach.get(work.person.email.strip().casefold()), now)
            except (DeadairError, BotoCoreError, ClientError) as failed:
                log.warning("somebody was not told", extra={"why": type(failed).__name__})
                whole = False
        return whole

    def _one(self, work: Work, reach: Reach | None, now: datetime) -> None:
        day = due_day(reach, self._zone(work.person, reach, now), now)
        digest = digest_of(work, day, reach) if day else None
        if digest is None or digest.is_empty:
            return
        occasion = Occasion(name_of(work.person), digest.day.isoformat(), DIGEST)
        way = self._send(occasion, digest, now)
        if way:
            log.info("told somebody what waits", extra={"way": way, "things": digest.count})

    def _send(self, occasion: Occasion, digest: Digest, now: datetime) -> str:
        return self.sender.to_person(
            occasion,
            digest.person,
            lambda: digest_message(digest, self.links),
            lambda: digest_letter(digest, self.links),
            now,
        )

    def _zone(self, person: Person, reach: Reach | None, now: datetime) -> tzinfo:
        """The clock that they set, else the one that Slack shows of them, else UTC."""
        own = reach.timezone if reach and (reach.hours or reach.timezone != "UTC") else ""
        found = clock_named(own)
        if found is None:
            found = clock_named(self._shown(person, now))
        return found.zone if found else UTC

    def _shown(self, person: Person, now: datetime) -> str:
        members, slack = self.sender.members, self.sender.slack
        if person.slack_id:
            member = members.remembered(person.slack_id) or know_member(members, lambda: slack, person.slack_id, now)
        else:
            known = members.remembered(person.email)
            member = known or know_member_by_email(members, lambda: slack, person.email, now)
        return member.timezone if member else ""


def name_of(person: Person) -> str:
    """A person in a key: their address, however it is written, else their id, else their name."""
    return digest_name(person.email.strip().casefold() or person.slack_id or person.name)
