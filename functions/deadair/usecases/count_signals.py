"""Signals become metrics, each once.

The order is: claim, write the metrics, then settle the batch together with the integration's health. A process that
dies after the claim leaves its batch unsettled: the message comes again and finds the signals its own. One that dies
between the metrics and the settling lets them be written twice: a number too high for once is the smaller harm, for a
number that is missing would look like silence. Who only loses the race for the health notes first that the metrics are
written: then the message comes again for the health alone.

AWS calls for a message of n signals that nobody sent before, all of one minute (more minutes take more metrics):
    n     look  claim  metrics  settle
    1       1      1        1       1
    100     1      1        1       1
    500     1      5        1       1
A message that is settled costs the look; one whose signals others have counted costs the look and a claim or two.
"""

import logging
import random
import time
from datetime import datetime

from deadair.adapters.cloudwatch.metrics import MetricWriter
from deadair.adapters.dynamodb.signals import Progress, SignalLedger
from deadair.adapters.dynamodb.transact import LostRace
from deadair.adapters.sqs.signals import SignalBatch
from deadair.domain.errors import Unavailable
from deadair.domain.health import Health
from deadair.domain.sent_signal import SentSignal
from deadair.domain.signal_metrics import is_too_old, minutes_of

logger = logging.getLogger(__name__)

TURNS = 7
PAUSE_S = 0.02


class SignalCounter:
    """Counts batches. Wired once per process."""

    def __init__(self, ledger: SignalLedger, metrics: MetricWriter) -> None:
        self._ledger = ledger
        self._metrics = metrics

    def count(self, batch: SignalBatch, now: datetime) -> int:
        """Count what is new in the batch, and return how many signals that was.

        Raises Unavailable or botocore's errors when it has to come again.
        """
        progress, health = self._ledger.look(batch.id, batch.slug)
        new = [] if progress is Progress.SETTLED else self._claimed(batch, now)
        if new and progress is Progress.BEGUN:
            self._metrics.write(batch.slug, minutes_of(new, now))
        if new:
            self._settle(batch, new, health, now)
        too_old = sum(is_too_old(signal.at, now) for signal in new)
        told = {"integration": batch.slug, "signals": len(batch.signals), "new": len(new), "too_old": too_old}
        logger.info("counted", extra=told)
        return len(new)

    def _claimed(self, batch: SignalBatch, now: datetime) -> list[SentSignal]:
        by_key = {signal.key: signal for signal in batch.signals}
        ours = self._ledger.claim(batch.id, list(by_key), now)
        return [signal for key, signal in by_key.items() if key in ours]

    def _settle(self, batch: SignalBatch, new: list[SentSignal], health: Health, now: datetime) -> None:
        """Another message of the same integration may be settled at the same moment: then look and try again."""
        for turn in range(TURNS):
            try:
                self._ledger.settle(batch.id, health.with_signals(new), now)
            except LostRace:
                time.sleep(random.uniform(0, PAUSE_S * 2**turn))  # noqa: S311 - no secret
                _, health = self._ledger.look(batch.id, batch.slug)
            else:
                return
        self._ledger.note_counted(batch.id, now)
        raise Unavailable("Too many messages of one integration are settled at once.")
