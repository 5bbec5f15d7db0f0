"""Between our dataclasses and DynamoDB's items. Knows both shapes; refuses to know tables and conditions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from deadair.domain.ownership import Person
from deadair.domain.postmortem import Postmortem, PostmortemStatus
from deadair.domain.review import Review
from deadair.domain.said import Impact
from deadair.domain.timeline import Entry, Fact, Source

Item = dict[str, Any]
_out = TypeSerializer().serialize
_in = TypeDeserializer().deserialize


def to_item(fields: Mapping[str, Any]) -> Item:
    """Plain Python values as an item; None and empty text are left out."""
    return {name: _out(value) for name, value in fields.items() if value is not None and value != ""}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as plain Python values; whole numbers become int."""
    return {name: _plain(_in(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def instant(at: datetime | None) -> str | None:
    """A sortable UTC text with milliseconds; None stays None."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None


def when(text: str | None) -> datetime | None:
    """The inverse of `instant`."""
    return datetime.fromisoformat(text) if text else None


def person_fields(person: Person) -> dict[str, str]:
    """A person as a map."""
    return {"name": person.name, "email": person.email, "slack_id": person.slack_id}


def entry_fields(entry: Entry) -> dict[str, Any]:
    """Everything of an entry but its keys. The attribute `fact` is what the relay's filter looks for."""
    return {
        "incident": entry.incident,
        "id": entry.id,
        "fact": entry.fact.value,
        "occurred_at": instant(entry.occurred_at),
        "recorded_at": instant(entry.recorded_at),
        "author": entry.author,
        "source": entry.source.value,
        "text": entry.text,
        "integration": entry.integration,
        "supersedes": entry.supersedes,
        "data": entry.details or None,
    }


def entry_from(item: Mapping[str, Any]) -> Entry:
    """An entry from its item."""
    f = from_item(item)
    return Entry(
        incident=f["incident"],
        id=f["id"],
        fact=Fact(f["fact"]),
        occurred_at=datetime.fromisoformat(f["occurred_at"]),
        recorded_at=datetime.fromisoformat(f["recorded_at"]),
        author=f.get("author", ""),
        source=Source(f["source"]),
        text=f.get("text", ""),
        integration=f.get("integration", ""),
        supersedes=f.get("supersedes", ""),
        data=tuple(sorted(f.get("data", {}).items())),
    )


def postmortem_fields(postmortem: Postmortem) -> dict[str, Any]:
    """Everything of a postmortem but its keys."""
    return {
        "incident": postmortem.incident,
        "status": postmortem.status.value,
        "answers": postmortem.answers,
        "extras": postmortem.extras,
        "impact": impact_fields(postmortem.impact),
        "suggested": postmortem.suggested,
        "drafted_at": instant(postmortem.drafted_at),
        "published_at": instant(postmortem.published_at),
        "published_by": postmortem.published_by,
        "authors": [person_fields(author) for author in postmortem.authors] or None,
        "review": _review_fields(postmortem.review) if postmortem.review else None,
        "version": postmortem.version,
        "edit": postmortem.edit,
        "words": postmortem.words or None,
        "published_words": postmortem.published_words or None,
    }


def postmortem_from(item: Mapping[str, Any]) -> Postmortem:
    """A postmortem from its item."""
    f = from_item(item)
    return Postmortem(
        incident=f["incident"],
        status=PostmortemStatus(f["status"]),
        answers=f["answers"],
        extras=f.get("extras", {}),
        impact=Impact(**f.get("impact", {})),
        suggested=f["suggested"],
        drafted_at=when(f.get("drafted_at")),
        published_at=when(f.get("published_at")),
        published_by=f.get("published_by", ""),
        authors=tuple(Person(**author) for author in f.get("authors", [])),
        review=_review_from(f["review"]) if f.get("review") else None,
        version=f["version"],
        edit=f["edit"],
        words=f.get("words", 0),
        published_words=f.get("published_words", 0),
    )


def impact_fields(impact: Impact) -> dict[str, int]:
    """The numbers of an impact that somebody knows."""
    numbers = {name: getattr(impact, name) for name in ("records", "people", "minutes", "consent")}
    return {name: number for name, number in numbers.items() if number is not None}


def _review_fields(review: Review) -> dict[str, Any]:
    return {
        "asked_of": person_fields(review.asked_of),
        "asked_by": person_fields(review.asked_by),
        "asked_at": instant(review.asked_at),
        "approved_by": person_fields(review.approved_by) if review.approved_by else None,
        "approved_at": instant(review.approved_at),
        "returned_by": person_fields(review.returned_by) if review.returned_by else None,
        "returned_at": instant(review.returned_at),
        "words": review.words,
        "said": review.said,
    }


def _review_from(fields: Mapping[str, Any]) -> Review:
    return Review(
        asked_of=Person(**fields["asked_of"]),
        asked_by=Person(**fields["asked_by"]),
        asked_at=datetime.fromisoformat(fields["asked_at"]),
        approved_by=Person(**fields["approved_by"]) if fields.get("approved_by") else None,
        approved_at=when(fields.get("approved_at")),
        returned_by=Person(**fields["returned_by"]) if fields.get("returned_by") else None,
        returned_at=when(fields.get("returned_at")),
        words=fields.get("words", 0),
        said=fields.get("said", ""),
    )
