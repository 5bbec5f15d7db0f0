"""Who answers for an alarm, found before anything is written.

Knows the order of the ways: the row by dimension or pattern, the alarm's tag, the alarms that set a composite alarm
off, the fallback person. Refuses to wait: a registry or a tag that does not answer never holds up an incident.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.domain.alarm import DEADAIR, AlarmState, Tagged, Transition
from deadair.domain.answering import Held, held_by
from deadair.domain.ownership import Integration, Person, claims, find_integration, named_by, unmatched_slug
from deadair.domain.signs import AHEAD

logger = logging.getLogger(__name__)

# The registry is kept for half a minute, but before an alarm goes to the fallback person it is looked at again: its
# row may just have been imported. A storm of strangers reads it every two seconds, not for each of them.
KEPT_UNMATCHED_S = 2.0
# More names would make a note that nobody reads.
RIVALS_SAID = 5
UNCLAIMED = "No row of the registry claims this alarm."


class Holders:
    """Who answers for an alarm: its row by dimension or pattern, by its tag, by its children; the fallback person."""

    def __init__(self, registry: RegistryStore, fallback: Person, tags: AlarmTags | None) -> None:
        self.registry = registry
        self.fallback = fallback
        self.tags = tags

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Within it, tags are asked for within a batch's bounds."""
        if self.tags is None:
            yield
            return
        self.tags.begin()
        yield
        self.tags.end()

    def of(self, transition: Transition, now: datetime) -> Held:
        """By what is known here. An unknown alarm and a silent registry both lead to the fallback person."""
        try:
            row = self._row(transition) or self._row_named(self._remembered(transition, now))
            below = () if row else self._below(transition)
        except (ClientError, BotoCoreError):
            logger.warning("registry did not answer", exc_info=True)
            silent = self._fallback(transition, "The registry did not answer when this opened.")
            return replace(silent, pending=True, named=named_by(transition))
        if row is None and (slug := named_by(transition)) in self.registry.unreadable:
            return Held(slug, slug, self.fallback, "Its row in the registry cannot be read.", pending=True, named=slug)
        if row is None:
            stranger = self._fallback(transition, UNCLAIMED)
            may_be_tagged = self.tags is not None and transition.author != DEADAIR
            return replace(stranger, stranger=may_be_tagged, below=below)
        ahead = transition.author == DEADAIR and transition.signal in AHEAD
        held = replace(held_by(row, self.fallback), defect=self._rivals(transition, row))
        return replace(held, ahead=transition.signal.value if ahead else "")

    def anew(self, held: Held) -> Held:
        """The same by its row as it is at this moment; as it was known, where the registry does not say."""
        known = held.integration
        if known is None:
            return held
        try:
            row = next((row for row in self.registry.rows(0) if row.slug == known.slug), None)
        except (ClientError, BotoCoreError):
            logger.warning("registry did not answer", exc_info=True)
            return held
        if row is None:
            return held
        by_now = held_by(row, self.fallback)
        return replace(held, name=by_now.name, owner=by_now.owner, owner_note=by_now.owner_note, integration=row)

    def by_tag(
        self, group: list[tuple[Transition, Held]], known: dict[str, Tagged], now: datetime
    ) -> tuple[list[Held], dict[str, Tagged]]:
        """The same, after a look at the tags of strangers; and what was learnt anew, by alarm key."""
        learnt: dict[str, Tagged] = {}
        found = []
        for transition, held in group:
            row = None
            if held.stranger and self.tags is not None:
                tagged = known.get(transition.alarm.key)
                # A deleted alarm has no tags any more, and thousands may be changed at once.
                if not transition.reconfigured and (tagged is None or not tagged.is_fresh(now)):
                    tagged = self._asked(self.tags, transition, now, learnt) or tagged
                elif tagged is not None:
                    self.tags.learn(tagged)
                row = self._row_named(tagged)
            found.append(held_by(row, self.fallback) if row else held)
        return found, learnt

    def _below(self, transition: Transition) -> tuple[Held, ...]:
        """Who answers for the alarms below a composite one: rows first, then those that set it off.

        They may be of several integrations; then it goes to the first of these, and its timeline says what set it off.
        """
        rows = self.registry.rows()
        found: dict[str, Held] = {}
        for child in transition.children:
            alone = Transition(child, AlarmState.ALARM, transition.at, transition.at)
            row = find_integration(alone, rows)
            one = held_by(row, self.fallback) if row else self._fallback(alone, UNCLAIMED)
            found.setdefault(one.line, one)
        return tuple(sorted(found.values(), key=lambda one: one.integration is None))

    def _asked(
        self, tags: AlarmTags, transition: Transition, now: datetime, learnt: dict[str, Tagged]
    ) -> Tagged | None:
        tagged = tags.remembered(transition.alarm, now) or tags.ask(transition.alarm, now)
        if tagged is not None:
            learnt[tagged.alarm] = tagged
        return tagged

    def _remembered(self, transition: Transition, now: datetime) -> Tagged | None:
        return self.tags.remembered(transition.alarm, now) if self.tags else None

    def _row(self, transition: Transition) -> Integration | None:
        return find_integration(transition, self.registry.rows()) or find_integration(
            transition, self.registry.rows(KEPT_UNMATCHED_S)
        )

    def _rivals(self, transition: Transition, row: Integration) -> str:
        """That other rows claim the alarm as well as this one, which only comes first."""
        named = named_by(transition)
        others = [other.slug for other in claims(named, transition.alarm.name, self.registry.rows())]
        if transition.state is not AlarmState.ALARM or row.slug not in others or len(others) == 1:
            return ""
        told = ", ".join(slug for slug in others[:RIVALS_SAID] if slug != row.slug)
        return f"Other rows of the registry claim this alarm, too: {told}."

    def _row_named(self, tagged: Tagged | None) -> Integration | None:
        return self.registry.get(tagged.slug) if tagged and tagged.slug else None

    def _fallback(self, transition: Transition, note: str) -> Held:
        return Held(unmatched_slug(transition), transition.alarm.shown_name or "unnamed alarm", self.fallback, note)
