"""Messages of the queues behind the incident bus: SQS records that hold facts, or name an incident otherwise.

Knows a record's shape, and which incident a fact names. Refuses to know what a room makes of it.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from deadair.adapters.bus.facts import incident_of, sent_at


class FactMessage(BaseModel):
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

    @property
    def sent_at(self) -> datetime | None:
        """When the queue took it in, if it is a fact: whoever read the incident later knows it."""
        return sent_at(self.body, self.attributes)

    def incident(self) -> int:
        """The number of the incident that it names. Raises Poison."""
        return incident_of(self.body)
