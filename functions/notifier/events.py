"""What comes in: SQS messages that hold facts. Refuses what names no incident."""

from typing import Any

from deadair.adapters.bus.messages import FactMessage as Message

__all__ = ["Message", "messages"]


def messages(event: dict[str, Any]) -> list[Message]:
    """The records of a batch."""
    return [Message.model_validate(record) for record in event["Records"]]
