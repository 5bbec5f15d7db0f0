"""A feed's entries from what was found.

Knows that an entry's id is its lasting address, and that it changes when a version is published. Refuses to know XML,
but for the characters that it cannot hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deadair.domain.errors import NotFound
from web import addresses
from web.feeds.capability import KEY
from web.views.document import when

if TYPE_CHECKING:
    from deadair.adapters.search import Hit
    from web.reading_room import ReadingRoom

# What is left of these after everything that misleads was replaced: XML holds neither.
NO_XML = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which feed: of all (`slug` empty) or of one integration and its name; under which address, by whose key."""

    base: str
    slug: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One postmortem. All texts are plain; times are RFC 3339."""

    id: str
    title: str
    updated: str
    summary: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """`address` is where it is read, `page` what it is about."""

    id: str
    name: str
    address: str
    page: str
    updated: str
    entries: tuple[Entry, ...]


def feed(asked: Asked, hits: "Iterable[Hit]", room: "ReadingRoom", empty_at: datetime) -> Feed:
    """The feed; `empty_at` is its time when it has no entry."""
    made = tuple(_entry(found, room, asked.base) for found in hits)
    page = addresses.integration(asked.slug) if asked.slug else "/postmortems"
    return Feed(
        id=f"{asked.base}{page}.atom",
        name=_text(asked.name),
        address=f"{asked.base}{addresses.with_query(f'{page}.atom', **{KEY: asked.key})}",
        page=f"{asked.base}{page}",
        updated=max((entry.updated for entry in made), default=_time(empty_at)),
        entries=made,
    )


def _entry(found: "Hit", room: "ReadingRoom", base: str) -> Entry:
    snippet = "".join(text for text, _ in found.snippet)
    return Entry(
        id=f"{base}{addresses.postmortem(found.id)}",
        title=_text(found.title),
        updated=_time(_published(found, room)),
        summary=_text(found.fix or snippet),
        labels=tuple(_text(label) for label in (found.integration, found.failure_class, found.severity) if label),
    )


def _published(found: "Hit", room: "ReadingRoom") -> datetime:
    try:
        told = room.version(found.id, found.version).told
    except NotFound:
        return found.date
    return when(told.get("published_at")) or found.date


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    return text.translate(NO_XML)
