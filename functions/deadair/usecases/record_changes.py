"""Keep changes, and have the diagnosis of an open incident look again.

Knows that a change may come again at any moment: it is kept once, and the nudge does no harm twice. Refuses to know
where it came from and what the diagnosis makes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deadair.adapters.dynamodb.changes import ChangeStore
from deadair.adapters.dynamodb.incidents import IncidentStore
from deadair.adapters.sqs.diagnosis import DiagnosisQueue
from deadair.domain.change import AFTER, BEFORE, Change
from deadair.domain.incident import Incident
from deadair.domain.stages import Milestone

# The newest incidents of an integration; what is open beyond them waits for other news.
LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of some changes. `nudged` are the numbers of the incidents that are looked at again."""

    kept: int
    known: int
    nudged: tuple[int, ...] = ()


class ChangeRecorder:
    """Wired once per process."""

    def __init__(self, changes: ChangeStore, incidents: IncidentStore, diagnosis: DiagnosisQueue) -> None:
        self._changes, self._incidents, self._diagnosis = changes, incidents, diagnosis

    def record(self, changes: Iterable[Change], now: datetime) -> Kept:
        """Keep the changes. Raises Unavailable or botocore's errors; then all of them may be given again."""
        told = list(changes)
        new = sum(self._changes.add(change, now) for change in told)
        # Also for those that were known: whoever died between the two has not nudged.
        nudged = sorted({number for change in told for number in self._concerned(change)})
        for number in nudged:
            self._diagnosis.look_again(number)
        return Kept(new, len(told) - new, tuple(nudged))

    def _concerned(self, change: Change) -> list[int]:
        latest = self._incidents.of_integration(change.integration, LOOKED_AT)
        return [incident.number for incident in latest if incident.is_open and _is_near(change, incident)]


def _is_near(change: Change, incident: Incident) -> bool:
    began = incident.when(Milestone.STARTED) or incident.started_at
    return began - BEFORE <= change.at <= began + AFTER
