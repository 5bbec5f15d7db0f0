"""An action item: what somebody will do so that an incident does not come again, is seen earlier, or is put right.

Knows its kinds and that one person has it until one day. Refuses to know storage, reminders and trackers.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from deadair.domain.ownership import Person

TEXT_LIMIT = 500


class ActionKind(StrEnum):
    """What it is for."""

    PREVENTIVE = "preventive"
    DETECTIVE = "detective"
    CORRECTIVE = "corrective"


class ActionStatus(StrEnum):
    """How far it is. `DROPPED` is a decision, with its reason."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """One action item of an incident. `number` counts within the incident, from 1; `link` is its place in a tracker.

    `ended_at`, `ended_by` and `why` tell of its end. `version` grows with every write.
    """

    incident: int
    number: int
    integration: str
    text: str
    kind: ActionKind
    owner: Person
    due_on: date
    added_by: str
    added_at: datetime
    link: str = ""
    status: ActionStatus = ActionStatus.OPEN
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""
    version: int = 1

    @property
    def id(self) -> str:
        """The name for people: INC-42-A1."""
        return f"INC-{self.incident}-A{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status is ActionStatus.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed; `today` is a day of its owner's zone."""
        return self.is_open and self.due_on < today
