"""What comes in: facts of the incident bus, and messages that name an incident to look at again.

Knows which facts begin an outage, or give it other alarms. Refuses what names no incident.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deadair.adapters.bus.facts import Detail
from deadair.adapters.bus.messages import FactMessage
from deadair.domain.errors import Poison
from deadair.domain.timeline import Fact

BEGINNINGS = frozenset({Fact.OPENED.value, Fact.REOPENED.value, Fact.MERGED.value, Fact.SPLIT.value})
# A person's word, after which a look finds what the last one did not.
NEWS = frozenset({Fact.CHANGE_NOTED.value, Fact.UNDONE.value, Fact.CAUSE_NAMED.value})


class Told(BaseModel):
    """A fact."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    fact: str = Field(alias="detail-type", default="")
    detail: Detail


class Again(BaseModel):
    """An incident to look at: at once, or `later` unless it was looked at meanwhile."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    incident: int = Field(gt=0, lt=10**9)
    later: bool = False


class Message(FactMessage):
    """One SQS record."""

    def wish(self) -> "Wish":
        """What it asks for. Raises Poison."""
        try:
            again = Again.model_validate_json(self.body)
            return Wish(number=again.incident, nudged=not again.later)
        except ValidationError:
            pass
        try:
            told = Told.model_validate_json(self.body)
        except ValidationError as error:
            raise Poison("no_fact", f"{error.error_count()} fields are not those of a fact.") from None
        number = int(told.detail.incident.removeprefix("INC-"))
        return Wish(number=number, begins=told.fact in BEGINNINGS, nudged=told.fact in NEWS)


class Wish(BaseModel):
    """A look at an incident. `nudged`: something new is known, so look at once.

    `begins`: an outage began, or has other alarms now.
    """

    model_config = ConfigDict(frozen=True)
    number: int
    begins: bool = False
    nudged: bool = False


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
