"""What comes in: SQS messages that hold EventBridge events that hold facts.

Knows their shapes as far as this room needs them. Refuses what names no incident.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deadair.domain.errors import Poison
from deadair.domain.incident import parse_number


class Detail(BaseModel):
    """The part of a fact that is read: which incident. The state is read afresh, so nothing else matters."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    incident: str = Field(pattern=r"^INC-[1-9][0-9]{0,8}$")


class FactEvent(BaseModel):
    """An EventBridge event from our bus."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    detail: Detail


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
        try:
            number = parse_number(FactEvent.model_validate_json(self.body).detail.incident)
        except ValidationError as error:
            raise Poison("no_fact", f"{error.error_count()} fields of the event are not a fact's.") from None
        if number is None:
            raise Poison("no_incident", "The fact names no incident.")
        return number


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
