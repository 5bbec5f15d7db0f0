"""A fact `change.*` of the incident bus, as whoever may put events there writes it.

Knows the one shape that is promised. What cannot be read is Poison, so that its sender's mistake is seen by somebody.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from deadair.domain.change import Change, Kind, Teller, a_change
from deadair.domain.errors import Poison

PREFIX = "change."
Text = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(max_length=200)]


class Detail(BaseModel):
    """What a fact says. Fields that we do not know are somebody else's."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    integration: Annotated[str, Field(min_length=1, max_length=200)]
    text: Text
    at: AwareDatetime | None = None
    kind: Kind | None = None
    by: Name = ""
    id: Name = ""
    url: Annotated[str, Field(max_length=2000, pattern="^(https://.*)?$")] = ""


class Fact(BaseModel):
    """The event around it. `time` is EventBridge's, the same at every delivery."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    time: AwareDatetime
    source: str = ""
    detail: Detail


def from_fact(event: dict[str, Any]) -> Change:
    """The change of a fact. Raises Poison with the fields that are wrong."""
    try:
        fact = Fact.model_validate(event)
    except ValidationError as error:
        named = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors()})
        raise Poison("no_change", f"The fact is no change: {', '.join(named)}."[:300]) from None
    told = fact.detail
    kind = told.kind or kind_named(str(event.get("detail-type", "")))
    at = _utc(told.at or fact.time)
    by = told.by or fact.source
    return a_change(told.integration, at, kind, told.text, by=by, source=Teller.BUS, own_id=told.id, url=told.url)


def kind_named(detail_type: str) -> Kind:
    """`change.deploy.v1` is a deploy; what names no kind is another change."""
    _, _, rest = detail_type.partition(PREFIX)
    word = rest.partition(".")[0]
    return Kind(word) if word in set(Kind) else Kind.OTHER


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
