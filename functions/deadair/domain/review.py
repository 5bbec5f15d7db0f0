"""The review of a postmortem: who was asked to read it, and what they said.

Knows that an approval is of certain words. Refuses to know what those words are.
"""

from dataclasses import dataclass
from datetime import datetime

from deadair.domain.ownership import Person
from deadair.domain.severity import Severity

# What was this bad is read by somebody else before everybody reads it.
REVIEWED = frozenset({Severity.SEV1, Severity.SEV2})
SAID_LIMIT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who was asked to read it, and what came of it. `words` is the count of `Postmortem.words` that was approved.

    `said` goes with the approval, or with the return: then it is what is still to be done.
    """

    asked_of: Person
    asked_by: Person
    asked_at: datetime
    approved_by: Person | None = None
    approved_at: datetime | None = None
    returned_by: Person | None = None
    returned_at: datetime | None = None
    words: int = 0
    said: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered it."""
        return self.approved_by is None and self.returned_by is None
