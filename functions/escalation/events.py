"""What comes in: facts, schedules that have the shape of facts, and the sweep. Refuses what names no incident."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deadair.adapters.bus.facts import incident_of, sent_at


class Sweep(BaseModel):
    """Look at every open incident: whatever a lost schedule left undone is only late."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sweep: Literal[True]


class Message(BaseModel):
    """One SQS record."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    message_id: str = Field(alias="messageId")
    receipt: str = Field(alias="receiptHandle", default="")
    body: str
    attributes: dict[str, str] = Field(default_factory=dict)

    @property
    def deliveries(self) -> int:
        """How often it was delivered, this time included."""
        count = self.attributes.get("ApproximateReceiveCount", "1")
        return int(count) if count.isdigit() else 1

    @property
    def is_sweep(self) -> bool:
        """Whether it asks for all open incidents."""
        try:
            Sweep.model_validate_json(self.body)
        except ValidationError:
            return False
        return True

    def incident(self) -> int:
        """The number of the incident that it names. Raises Poison."""
        return incident_of(self.body)

    @property
    def sent_at(self) -> datetime | None:
        """When the queue took it in, if it is a fact: whoever read the incident later knows it."""
        return sent_at(self.body, self.attributes)


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
