"""What is read of a fact of an action item: its kind, its incident, its entry, and where it came in."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deadair.domain.errors import Poison


class _Detail(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    incident: str = Field(pattern=r"^INC-[1-9][0-9]{0,8}$")
    entry: str = Field(min_length=1, max_length=200)
    source: str = ""


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    kind: str = Field(alias="detail-type", pattern=r"^action\.[a-z_]{1,40}\.v[0-9]{1,3}$")
    detail: _Detail


@dataclass(frozen=True, slots=True)
class ActionFact:
    """One fact. `source` is `system` of what a tracker itself said."""

    kind: str
    incident: int
    entry: str
    source: str


def read_fact(body: str) -> ActionFact:
    """The fact of a message. Raises Poison."""
    try:
        event = _Event.model_validate_json(body)
    except ValidationError as error:
        raise Poison("no_fact", f"{error.error_count()} fields of the event are not a fact's.") from None
    detail = event.detail
    return ActionFact(event.kind, int(detail.incident.removeprefix("INC-")), detail.entry, detail.source)
