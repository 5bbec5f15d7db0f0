"""From what starts the room to the use cases, and what they leave over back onto the queue.

Knows messages and time. Refuses to know alarms and rows.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from alarm_provisioner.events import Changed, From, Look, Message, Reconcile, changed_slugs, in_portions, read_message
from deadair.domain.errors import Unavailable
from deadair.domain.own_signal import OwnSignal
from deadair.usecases.look_again import LookAgain
from deadair.usecases.provision_alarms import Enough, Provisioner, Report
from deadair.usecases.reconcile_alarms import Place, reconcile

logger = logging.getLogger("deadair.provisioner")
Send = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One start of the room: its instant, whether its time is over, and whose news it tells."""

    now: datetime
    enough: Enough
    account: str
    region: str


class Consumer:
    """`again` puts a message on the room's own queue, `tell` one on the intake queue."""

    def __init__(self, provisioner: Provisioner, look_again: LookAgain, *, again: Send, tell: Send) -> None:
        self._provisioner, self._look_again = provisioner, look_again
        self._again, self._tell = again, tell

    def hear(self, records: list[dict[str, Any]]) -> int:
        """Changes of rows, as the stream has them: only their slugs go on. Returns how many."""
        slugs = changed_slugs(records)
        for message in in_portions(slugs):
            self._send(message)
        return len(slugs)

    def consume(self, records: list[dict[str, Any]], run: Run) -> list[str]:
        """Messages of the queue; returns the ids of those that must come again."""
        return [record["messageId"] for record in records if not self._done(record["body"], run)]

    def _done(self, body: str, run: Run) -> bool:
        try:
            match read_message(body):
                case Changed(slugs=slugs):
                    return self._converge(slugs, run)
                case Reconcile(reconcile=place):
                    return self._reconcile(place, run)
                case Look():
                    return self._look(run)
        except ValidationError as wrong:
            logger.error("a message that nobody here sends", extra={"errors": wrong.error_count()})  # noqa: TRY400
            return False
        except (Unavailable, BotoCoreError, ClientError):
            logger.warning("interrupted; the message comes again and finds what is missing", exc_info=True)
            return False

    def _converge(self, slugs: list[str], run: Run) -> bool:
        report = self._provisioner.converge(slugs, run.now, enough=run.enough)
        _log("provisioned", report)
        for message in in_portions(report.left):
            self._send(message)
        return not report.refused

    def _reconcile(self, place: From, run: Run) -> bool:
        def say(signal: OwnSignal) -> None:
            self._tell(signal.message(run.account, run.region, run.now))

        start = Place(place.after, full=place.full)
        report, rest = reconcile(self._provisioner, start, run.now, say=say, enough=run.enough)
        _log("reconciled", report)
        if rest is not None:
            self._send(Reconcile(reconcile=From(**asdict(rest))))
        return True

    def _look(self, run: Run) -> bool:
        found = self._look_again.recovered(run.now)
        for signal in found:
            self._tell(signal.message(run.account, run.region, run.now))
        if found:
            logger.info("recovered", extra={"alarms": [signal.alarm for signal in found]})
        return True

    def _send(self, message: Message) -> None:
        self._again(message.model_dump())


def _log(what: str, report: Report) -> None:
    counts = {name: len(names) for name, names in vars(report).items() if isinstance(names, list) and names}
    # One field, for `created` is a name of the log record itself.
    logger.info(what, extra={"rows": report.rows, "same": report.same, "full": report.full, "alarms": counts})
    if report.clashes:
        logger.warning("alarms that others made hold names of ours", extra={"alarms": report.clashes[:100]})
