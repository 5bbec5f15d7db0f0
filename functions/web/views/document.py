"""One postmortem as its page shows it: its text in sections, its facts beside it, how it came to be.

Pure. A document from the bucket is read field by field and never trusted: what is not as it should be is left out.
Refuses to know words and storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deadair.domain.incident import parse_number
from web import addresses

if TYPE_CHECKING:
    from web.reading_room import Reading

VERSIONS_SHOWN = 20
# What the page names of a document; those of before have not all of it.
FIELDS = ("severity", "failure_class", "company", "integration", "integration_name", "owner", "vendor", "detected_by")


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the list of all. `why` is `published`, `amended` or `facts`; empty where nobody wrote it down."""

    number: int
    href: str
    changes: str
    why: str = ""
    at: datetime | None = None
    by: str = ""
    reviewed_by: str = ""


def document(reading: "Reading", newest: int) -> dict[str, Any]:
    """What the page's template takes. `newest` is the number of the current version."""
    told = reading.told
    sections = reading.sections
    number = parse_number(reading.id) if reading.id.startswith("INC-") else None
    return {
        "doc": _fields(told),
        "doc_id": reading.id,
        "title": str(told.get("title") or reading.id),
        "sections": sections,
        "picture": reading.picture,
        "contents": [(part.anchor, part.words) for part in sections if part.anchor],
        "has_facts": any('class="facts-in-text"' in part.body for part in sections),
        "number": number,
        "date": when(told.get("date")),
        "milestones": [(step, when(step.get("at"))) for step in _mappings(told.get("milestones"))],
        "version": version(reading.id, told),
        "newest": newest,
        "here_href": addresses.postmortem(reading.id),
        "text_href": addresses.version(reading.id, reading.version) if reading.version != newest else "",
    }


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: told[name] if isinstance(told.get(name), str) else "" for name in (*FIELDS, "fix")}
    tags = [tag for tag in told.get("tags") or () if isinstance(tag, str)]
    return {**texts, "tags": tags, "consent": told.get("consent") is True, "imported": told.get("imported") is True}


def version(doc_id: str, told: Mapping[str, Any]) -> Version:
    """A version as the list of versions has it, from the whole of it or from its line in the list of all."""
    number = int(told["version"])
    return Version(
        number,
        addresses.version(doc_id, number),
        addresses.changes(doc_id, number - 1, number) if number > 1 else "",
        str(told.get("why") or ""),
        when(told.get("published_at")),
        str(told.get("published_by") or ""),
        str(told.get("reviewed_by") or ""),
    )


def when(value: Any) -> datetime | None:
    """An instant from a document; None for anything that is none."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
