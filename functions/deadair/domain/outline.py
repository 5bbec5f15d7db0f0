"""An incident in outline: what is counted and compared over many incidents, and nothing else.

Knows which incidents say something about an integration. Refuses to know steps, alarms and storage: an outline is read,
never worked on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deadair.domain.alarm import Signal
from deadair.domain.incident import Incident
from deadair.domain.lengths import detected, started
from deadair.domain.our_own import WATCHDOG
from deadair.domain.ownership import Person
from deadair.domain.severity import FailureClass, Severity
from deadair.domain.stages import NOTHING_TO_TELL, Ending, Milestone

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Times are aware and UTC, and what people set goes before what was recorded. `resolved_at` None: it is open.

    `fix` is what was said to have fixed it; of an open one that was opened again, what had been said before.
    `failed_fixes` are those after which this very incident was opened again, oldest first. `by_hand`: a person said it
    before any alarm; of what was recorded afterwards nobody knows.
    """

    number: int
    integration: str
    integration_name: str
    failure_class: FailureClass
    severity: Severity
    owner: Person
    started_at: datetime
    detected_at: datetime
    resolved_at: datetime | None = None
    signal: Signal = Signal.UNKNOWN
    by_hand: bool = False
    consent: bool = False
    ending: Ending | None = None
    fix: str = ""
    failed_fixes: tuple[str, ...] = ()
    drill: bool = False

    @property
    def id(self) -> str:
        """The name for people and addresses."""
        return f"INC-{self.number}"

    @property
    def line(self) -> tuple[str, FailureClass]:
        """What makes two incidents the same thing again: the integration, and how it failed."""
        return self.integration, self.failure_class

    @property
    def is_real(self) -> bool:
        """Whether it says something about the integration: no drill, no false alarm, no part of another one."""
        return not self.drill and self.ending not in NOTHING_TO_TELL and self.integration != WATCHDOG

    @property
    def to_detect(self) -> timedelta:
        """How long nobody saw it. An alarm's clock may be ahead of ours."""
        return max(self.detected_at - self.started_at, NO_TIME)


def outline(incident: Incident) -> Outline:
    """The outline of an incident as it is now."""
    return Outline(
        number=incident.number,
        integration=incident.integration,
        integration_name=incident.integration_name,
        failure_class=incident.failure_class,
        severity=incident.severity,
        owner=incident.owner,
        started_at=started(incident),
        detected_at=detected(incident),
        resolved_at=incident.when(Milestone.RESOLVED) if not incident.is_open else None,
        signal=incident.signal,
        by_hand=incident.by_hand is not None and not incident.recorded_afterwards,
        consent=incident.consent,
        ending=incident.ending,
        fix=incident.fix,
        failed_fixes=incident.failed_fixes,
        drill=incident.drill,
    )
