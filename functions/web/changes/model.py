"""A change as others write it, checked field by field.

Knows what each field may say. Refuses to know how an error is said, and what a change is for. Imported with the first
change: pydantic is slow.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from deadair.domain.change import Kind
from web.signals.checking import Form, Instant, another_integration, read_part, said
from web.signals.refused import Wrong

BACK, AHEAD = timedelta(days=90), timedelta(days=14)
# What to send, for each field.
REMEDIES = {
    "id": "Send a text of 1 to 200 characters that no other change of the integration has, or leave it out.",
    "integration": "Send the slug of the integration's row, the same in every change of a request.",
    "at": "Send a time with its zone, such as 2026-11-21T08:00:00Z, at most 90 days back and 14 days ahead.",
    "kind": f"Send one of {', '.join(Kind)}, or leave it out.",
    "text": "Say in 1 to 500 characters what was changed, such as `form-relay 1.4.2 is out`.",
    "by": "Send a name of 1 to 100 characters, or leave it out.",
    "url": "Send an https address without a user name, of at most 2000 characters, or leave it out.",
}


def _address(text: str) -> str:
    """It is shown as a link, so only what a page may link to."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme == "https" and parts.hostname and parts.username is None
    except ValueError:
        fine = False
    if not fine or "\\" in text or " " in text:
        raise PydanticCustomError("address", "is no https address")
    return text


class ChangeIn(BaseModel):
    """One change of a request."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    integration: str
    at: Instant | None = None
    kind: Annotated[Kind, Field(strict=False)] | None = None
    text: Annotated[str, Field(min_length=1, max_length=500)]
    by: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    url: Annotated[str, Field(max_length=2000), AfterValidator(_address)] | None = None


FORM = Form(ChangeIn, "change", '{"integration": ..., "kind": "deploy", "text": ...}', REMEDIES)


def read_change(told: Any, place: str, slug: str, now: datetime) -> ChangeIn | list[Wrong]:
    """The change at a place of the request, or everything that is wrong with it."""
    change = read_part(told, place, FORM)
    if not isinstance(change, ChangeIn):
        return change
    if change.integration != slug:
        return [another_integration(place, FORM)]
    if change.at and not now - BACK <= change.at <= now + AHEAD:
        return [said(place, "at", "is too far from now", FORM)]
    return change
