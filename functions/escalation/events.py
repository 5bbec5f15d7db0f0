"""What comes in: facts, schedules that have the shape of facts, and the sweep. Refuses what names no incident."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from deadair.adapters.bus.messages import FactMessage


class Sweep(BaseModel):
    """Look at every open incident: whatever a lost schedule left undone is only late."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sweep: Literal[True]


class Message(FactMessage):
    """One SQS record."""

    @property
    def is_sweep(self) -> bool:
        """Whether it asks for all open incidents."""
        try:
            Sweep.model_validate_json(self.body)
        except ValidationError:
            return False
        return True


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
