"""From the messages of the change queue to changes of integrations, and from there to the recorder.

Knows what a message can be: our own from the web room, a fact of the incident bus, an event of AWS. Drops early what
no row asked for: an account deploys all day. Refuses to know what is kept how.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from change_intake.aws_events import Happened, read_event
from change_intake.events import PREFIX, from_fact
from deadair.adapters.dynamodb.registry import RegistryStore
from deadair.adapters.sqs.changes import MARK, changes_from
from deadair.domain.change import Change, Teller, a_change
from deadair.domain.errors import Poison
from deadair.domain.ownership import Integration, matches_pattern
from deadair.usecases.record_changes import ChangeRecorder

logger = logging.getLogger("deadair.changes")


class Consumer:
    """Wired once per process."""

    def __init__(self, registry: RegistryStore, recorder: ChangeRecorder) -> None:
        self._registry, self._recorder = registry, recorder

    def consume(self, records: list[dict[str, Any]], now: datetime) -> list[str]:
        """Take in a batch of SQS records; returns the ids of those that must come again.

        One that can never be read comes again, too, and ends in the queue's dead letters, where it can be looked at.
        """
        failed, counts = [], Counter[str]()
        for record in records:
            try:
                counts += self._taken(record["body"], now)
            except Exception:
                # Whatever it was: its neighbours are kept all the same, and it alone comes again.
                logger.exception("not kept now", extra={"message_id": record["messageId"]})
                failed.append(record["messageId"])
        logger.info("changes", extra=dict(counts))
        return failed

    def _taken(self, body: str, now: datetime) -> Counter[str]:
        found, dropped = self._changes(_parse(body))
        if not found:
            return Counter({dropped: 1})
        kept = self._recorder.record(found, now)
        return Counter(kept=kept.kept, known=kept.known, nudged=len(kept.nudged))

    def _changes(self, message: dict[str, Any]) -> tuple[list[Change], str]:
        """The changes of a message; when there are none, why not."""
        if MARK in message:
            return changes_from(message), "empty"
        if str(message.get("detail-type", "")).startswith(PREFIX):
            change = from_fact(message)
            return ([change] if self._registry.get(change.integration) else []), "unknown_integration"
        happened = read_event(message)
        return (list(self._concerned(happened)) if happened else []), "unmatched"

    def _concerned(self, happened: Happened) -> Iterator[Change]:
        for row in self._registry.rows():
            if any(matches_pattern(name, pattern) for pattern in patterns_of(row) for name in happened.names):
                yield a_change(row.slug, happened.at, happened.kind, happened.text, by=happened.by, source=Teller.AWS)


def patterns_of(row: Integration) -> tuple[str, ...]:
    """The resources whose changes count for an integration. What is no list of texts counts as none."""
    told = row.row.get("changes")
    return tuple(each for each in told if isinstance(each, str)) if isinstance(told, list) else ()


def _parse(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as odd:
        raise Poison("not_json", "The message is not JSON.") from odd
    if not isinstance(found, dict):
        raise Poison("unknown_shape", "The message is no change and no event.")
    return found
