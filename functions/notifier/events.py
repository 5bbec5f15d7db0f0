"""What comes in: SQS messages that hold facts.

Knows a message's shape as far as this room needs it. Refuses what names no incident.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from deadair.adapters.bus.facts import incident_of, sent_at


class Message(BaseModel):
    """One SQS record."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    message_id: str = Field(alias="messageId")
    receipt: str = Field(alias="receiptHandle", default="")
    queue_arn: str = Field(alias="eventSourceARN", default="")
    body: str
    attributes: dict[str, str] = Field(default_factory=dict)

    @property
    def deliveries(self) -> int:
        """How often it was delivered, this time included."""
        count = self.attributes.get("ApproximateReceiveCount", "1")
        return int(count) if count.isdigit() else 1

    def incident(self) -> int:
        """The number of the incident that the fact is about. Raises Poison."""
        return incident_of(self.body)

    @property
    def sent_at(self) -> datetime | None:
        """When the queue took it in, if it is a fact: whoever read the incident later knows it."""
        return sent_at(self.body, self.attributes)


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
