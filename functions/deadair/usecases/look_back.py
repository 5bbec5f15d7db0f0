"""What came before an incident: the past of its integration, looked at as it opens and whenever its class changes.

Knows how far back it looks, and that a pattern is told once for each class. Refuses to hold up anybody: where the table
does not answer, what was known stays.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb.outlines import OutlineStore
from deadair.domain.alarm import DEADAIR
from deadair.domain.diagnosed import Diagnosed
from deadair.domain.fix_held import WITHIN
from deadair.domain.history import History, history_of, sentence
from deadair.domain.incident import Incident
from deadair.domain.outline import outline
from deadair.domain.pattern import DAYS
from deadair.domain.timeline import Entry, Fact, Source

logger = logging.getLogger("deadair.diagnosis")
# A fix that failed at the very edge of the period was made up to a month before it.
FAR_BACK = timedelta(days=DAYS) + WITHIN


@dataclass(frozen=True, slots=True)
class LookBack:
    """The one neighbour that is asked."""

    store: OutlineStore

    def at(self, incident: Incident, earlier: History | None = None) -> History | None:
        """The history of an incident as it is now; `earlier` when it cannot be had, None of a drill."""
        if incident.drill:
            return None
        now = outline(incident)
        try:
            past = self.store.of_integration(incident.integration, now.started_at - FAR_BACK)
        except (BotoCoreError, ClientError):
            logger.warning("the past cannot be had", exc_info=True)
            return earlier
        return history_of(past, now)


def lines_of(found: Diagnosed, earlier: History | None, incident: Incident, now: datetime) -> list[Entry]:
    """The line of the timeline that says that it became a pattern. Its id is that of the look: it exists only once."""
    history = found.history
    known = earlier is not None and earlier.is_pattern and history and earlier.failure_class is history.failure_class
    if history is None or not history.is_pattern or known:
        return []
    line = Entry(
        incident=incident.id,
        id=f"repeats#{found.edit:06d}",
        fact=Fact.REPEATED,
        occurred_at=now,
        recorded_at=now,
        author=DEADAIR,
        source=Source.SYSTEM,
        text=sentence(history),
        integration=incident.integration,
        data=(
            ("class", history.failure_class.value),
            ("count", str(history.count)),
            ("days", str(history.days)),
            ("incidents", ",".join(f"INC-{number}" for number in history.numbers)),
        ),
    )
    return [line]
