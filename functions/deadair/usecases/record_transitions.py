"""Alarms speak: open, continue or recover incidents, each transition exactly once.

Knows the order of reads and writes that makes a second delivery a no-op. Refuses to know events and queues.
Transitions of different integrations are read and written together; where that fails, each goes by itself.
"""

import logging
import random
import time
from dataclasses import replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.cloudwatch.tags import AlarmTags
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.dynamodb.ledger import Ledger
from deadair.adapters.dynamodb.looking_up import Known, Seen
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.dynamodb.tags import tagged_write
from deadair.adapters.dynamodb.transact import LostRace
from deadair.domain.alarm import AlarmState, Tagged, Transition
from deadair.domain.answering import Held
from deadair.domain.errors import Unavailable
from deadair.domain.incident import Incident
from deadair.domain.line import Line, Outcome, rule
from deadair.domain.ownership import Person
from deadair.usecases.batching import Planned, Told, one_per_line, report, transactions
from deadair.usecases.belonging import continued, head_of, kept_back, numbers, question, with_evidence
from deadair.usecases.find_holder import Holders
from deadair.usecases.resolve_owner import resolve_owner

logger = logging.getLogger(__name__)

# Somebody else wins a race at most a few times in a row; after that the queue brings the message again.
TURNS, TURNS_TOGETHER = 5, 3
# The longest pause before the second turn; it doubles, so that many workers at one incident spread.
PAUSE_S = 0.02
# A neighbour that one message needs and another may not: S3 is asked only for a large event.
SILENT = (Unavailable, ClientError, BotoCoreError)


class Recorder:
    """Records transitions. Wired once per process. `tags` may be None: then no alarm's tags are looked up."""

    def __init__(
        self,
        ledger: Ledger,
        incidents: IncidentStore,
        registry: RegistryStore,
        fallback: Person,
        tags: AlarmTags | None = None,
    ) -> None:
        self.ledger = ledger
        self.incidents = incidents
        self.holders = Holders(registry, fallback, tags)

    def record(self, batch: list[Told], now: datetime) -> list[str]:
        """Record all; returns the message ids of those that could not be recorded now and must come again."""
        with self.holders.batch():
            failed: list[str] = []
            left = [(told, self.holders.of(told.arrival.transition, now)) for told in batch]
            while left:
                group, left = one_per_line(left)
                if len(group) == 1 or not self._together(group, now):
                    failed += [told.arrival.message_id for told, held in group if not self._alone(told, held, now)]
            return failed

    def _together(self, group: list[tuple[Told, Held]], now: datetime) -> bool:
        """False: each is to go by itself. Another worker has some of the same lines in its batch, but seldom twice."""
        for turn in range(TURNS_TOGETHER):
            try:
                self._write(group, now)
            except LostRace:
                _pause(turn)
                continue
            except SILENT:
                return False
            return True
        return False

    def _alone(self, told: Told, held: Held, now: datetime) -> bool:
        for turn in range(TURNS):
            try:
                self._write([(told, held)], now)
            except LostRace:
                _pause(turn)
                continue
            except SILENT:
                logger.warning("not recorded now", exc_info=True, extra={"message_id": told.arrival.message_id})
                return False
            return True
        return False

    def _write(self, group: list[tuple[Told, Held]], now: datetime) -> None:
        planned = self._plan(group, now)
        for writes in transactions(plan.writes for plan in planned):
            self.ledger.commit(writes)
        report(planned)
        for number in {plan.pending for plan in planned if plan.pending is not None}:
            resolve_owner(self.incidents, self.holders.registry, number, now)

    def _plan(self, group: list[tuple[Told, Held]], now: datetime) -> list[Planned]:
        group, seen, tagged = self._look(group, now)
        latest = self._heads(numbers(((told.arrival.transition, held) for told, held in group), seen))
        group = [(told, continued(told.arrival.transition, held, seen, latest)) for told, held in group]
        group = [(told, self._by_now(told.arrival.transition, held, seen, latest)) for told, held in group]
        group = [(_with_evidence(told, held, seen, now), kept_back(held, seen, now)) for told, held in group]
        spare = self._spare_numbers(group, seen, latest)
        planned = []
        for told, held in group:
            known = seen.known.get(told.arrival.transition.key)
            line = seen.lines[held.line]
            head = head_of(told.arrival.transition, held, line, latest)
            planned.append(
                self._known(told, known, now) if known else self._new(told, held, line, head, spare=spare, now=now)
            )
        return [self._keeping(plan, tagged) for plan in planned]

    def _by_now(self, transition: Transition, held: Held, seen: Seen, latest: dict[int, Incident]) -> Held:
        """Before an ended incident goes on, its row is looked at again: it may just have been told when to begin anew.

        That is seldom, and one read; whatever else a row says may be half a minute old.
        """
        head = head_of(transition, held, seen.lines[held.line], latest)
        again = head is not None and transition.key not in seen.known and held.reopens(head, transition)
        return self.holders.anew(held) if again else held

    def _heads(self, numbers: list[int]) -> dict[int, Incident]:
        """The incidents of these numbers; of what was merged the one that it goes on as."""
        found = self.incidents.get_many(numbers)
        ways = {number: incident.merged_into for number, incident in found.items() if incident.merged_into}
        if not ways:
            return found
        targets = self._heads(sorted(set(ways.values())))
        return found | {number: targets[into] for number, into in ways.items() if into in targets}

    def _look(
        self, group: list[tuple[Told, Held]], now: datetime
    ) -> tuple[list[tuple[Told, Held]], Seen, dict[str, Tagged]]:
        """What is known, in one call; and the group with strangers of whom a tag says where they belong."""
        seen = self.ledger.look([question(told.arrival.transition, held) for told, held in group])
        found, tagged = self.holders.by_tag([(told.arrival.transition, held) for told, held in group], seen.tags, now)
        moved = [(told, held) for (told, was), held in zip(group, found, strict=True) if held is not was]
        if moved:
            seen |= self.ledger.look([question(told.arrival.transition, held) for told, held in moved])
        return [(told, held) for (told, _), held in zip(group, found, strict=True)], seen, tagged

    def _keeping(self, plan: Planned, tagged: dict[str, Tagged]) -> Planned:
        """The plan, with what was learnt of its alarm's tags in the same transaction: its OK will need it."""
        learnt = tagged.get(plan.told.arrival.transition.alarm.key)
        if learnt is None or not plan.writes:
            return plan
        return replace(plan, writes=[*plan.writes, tagged_write(self.ledger.table, learnt)])

    def _spare_numbers(
        self,
        group: list[tuple[Told, Held]],
        seen: Seen,
        latest: dict[int, Incident],
    ) -> list[int]:
        def opens(told: Told, held: Held) -> bool:
            transition = told.arrival.transition
            head = head_of(told.arrival.transition, held, seen.lines[held.line], latest)
            alarms = transition.key not in seen.known and transition.state is AlarmState.ALARM
            return alarms and not held.continues(head, transition)

        count = sum(opens(told, held) for told, held in group)
        return self.ledger.numbers(count) if count else []

    def _new(
        self, told: Told, held: Held, line: Line, head: Incident | None, *, spare: list[int], now: datetime
    ) -> Planned:
        ruling = rule(told.arrival, held, line, head, number=spare[0] if spare else 0, now=now)
        if ruling.outcome is Outcome.OPENED:
            spare.pop(0)
        seen = head.version if head and ruling.outcome is not Outcome.OPENED else 0
        writes = self.ledger.writes(told.arrival, told.raw, ruling, was=line, seen=seen, now=now)
        pending = head.number if head and head.owner_pending and seen and not held.pending else None
        return Planned(told, writes, ruling.outcome, ruling.incident.id if ruling.incident else "", pending)

    def _known(self, told: Told, seen: Known, now: datetime) -> Planned:
        """A second delivery. Only a message of its own leaves a trace: it is counted as a duplicate."""
        message_id = told.arrival.message_id
        if seen.message_id == message_id:
            return Planned(told, [], Outcome(seen.outcome), seen.incident)
        line = {"outcome": Outcome.DUPLICATE.value, "incident": seen.incident, "reason": "transition_already_recorded"}
        return Planned(told, [self.ledger.outcome(message_id, line, now)], Outcome.DUPLICATE, seen.incident)


def _pause(turn: int) -> None:
    time.sleep(random.uniform(0, PAUSE_S * 2**turn))  # noqa: S311 - no secret


def _with_evidence(told: Told, held: Held, seen: Seen, now: datetime) -> Told:
    transition = with_evidence(told.arrival.transition, held, seen, now)
    return replace(told, arrival=replace(told.arrival, transition=transition))
