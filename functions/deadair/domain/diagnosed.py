"""What a look at an incident found: the class with its evidence, and what people ask in the first five minutes.

Knows its parts and when two of them say the same. Refuses to know how it was found and where it is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from deadair.domain.checks import Check, checks_of
from deadair.domain.history import History
from deadair.domain.severity import FailureClass


class Confidence(StrEnum):
    """How sure a class is.

    high: two sources of different kinds say it (the alarm, the status codes, the logs), or a signal that says of
    itself what is wrong. medium: one source says it clearly. low: one source says it weakly, or nothing does.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class LogError:
    """An error line of the logs, with what differs from line to line taken out, and how often it came."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class NearChange:
    """Something that changed near the start of an incident. `kind` is one word, `by` may be empty."""

    at: datetime
    kind: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """One look. Times are aware and UTC; every text is for people and holds no secret; `edit` grows with every write.

    `failure_class` is that of the alarms and signals, else that of the logs, never what a person said. `beneath` is
    what the look found under a class that the alarms had settled, such as `auth` under `silence`.
    `missed_records` is an estimate, None when nobody can tell; `missed_why` says how, or why not.
    `affected` are the names of the integrations that depend on it, also through others; those with consent come first.
    `logs_note` says why there are no `log_errors`, when there is a reason. `history` is what came before, None while
    nobody could tell; it is of the class that it names.
    """

    failure_class: FailureClass
    confidence: Confidence
    evidence: tuple[str, ...] = ()
    beneath: FailureClass | None = None
    log_errors: tuple[LogError, ...] = ()
    logs_note: str = ""
    last_good_at: datetime | None = None
    missed_records: int | None = None
    missed_why: str = ""
    affected: tuple[str, ...] = ()
    process: str = ""
    campaigns: tuple[str, ...] = ()
    changes: tuple[NearChange, ...] = ()
    history: History | None = None
    looked_at: datetime | None = None
    edit: int = 0

    @property
    def checks(self) -> tuple[Check, ...]:
        """The first checks of what was found. After a person named the cause, `checks_of(incident.failure_class)`."""
        return checks_of(self.failure_class, self.beneath)
