"""Facts as they come from the incident bus: EventBridge events in the bodies of messages.

Knows which part of a fact is read: the incident that it names. The state is read afresh, so nothing else matters but
that it was read after the fact was sent.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deadair.domain.errors import Poison

SOURCE = "deadair"


class Detail(BaseModel):
    """The part of a fact that is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    incident: str = Field(pattern=r"^INC-[1-9][0-9]{0,8}$")


class FactEvent(BaseModel):
    """An EventBridge event from our bus."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    detail: Detail
    source: str = ""


def incident_of(body: str) -> int:
    """The number of the incident that a message's fact is about. Raises Poison."""
    try:
        fact = FactEvent.model_validate_json(body)
    except ValidationError as error:
        raise Poison("no_fact", f"{error.error_count()} fields of the event are not a fact's.") from None
    return int(fact.detail.incident.removeprefix("INC-"))


def sent_at(body: str, attributes: Mapping[str, str]) -> datetime | None:
    """When SQS took a fact in. None for whatever else names an incident: that is about its time, and not about news."""
    try:
        fact, sent_ms = FactEvent.model_validate_json(body), attributes.get("SentTimestamp", "")
        return datetime.fromtimestamp(int(sent_ms) / 1000, UTC) if fact.source == SOURCE else None
    except (ValueError, OverflowError):
        return None
