"""What the index knows of one document: facts, indexed texts, and a digest that tells it from any other.

Pure. Knows how a document becomes that and how it is kept as one line of JSON. Refuses to know tables and buckets.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any, Self

from deadair.adapters.search.text import aliases, clean, facet_words, plain
from deadair.domain.document import Document
from deadair.domain.filters import NO, YES

# Counted up whenever the same document is indexed in another way: a new digest then replaces the old entry.
MAKE = 2
# The texts that words are looked for in, in the order of their columns.
COLUMNS = ("id", "title", "facets", "fix", "body", "aliases")
FACTS = ("title", "company", "integration", "integration_name", "owner", "severity", "failure_class", "vendor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document as it is indexed. `gone` says that there is no such document any more; it then has no texts."""

    id: str
    version: int = 0
    digest: str = ""
    row: dict[str, str | int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    gone: bool = False

    @property
    def stamp(self) -> tuple[int, str]:
        """Version and digest: what decides whether another entry of the same id replaces this one."""
        return self.version, self.digest

    def line(self) -> bytes:
        """The entry as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")).encode()

    @classmethod
    def of_line(cls, line: bytes) -> Self:
        """Read it back. Raises ValueError, KeyError, TypeError."""
        told: dict[str, Any] = json.loads(line)
        return cls(**told | {"texts": tuple(told["texts"])})


def replaces(new: tuple[int, str], old: tuple[int, str] | None) -> bool:
    """Whether an entry goes before the one that is there, by their stamps: the order of writers does not matter."""
    return old is None or (old[0] <= new[0] and old[1] != new[1])


def entry_of(document: Document) -> Entry:
    """A document as it is indexed."""
    body = plain(document.body)
    head = (clean(document.id), clean(document.title), facet_words(document), clean(document.fix))
    return Entry(
        id=clean(document.id),
        version=document.version,
        digest=digest_of(document),
        row=_row(document),
        texts=(*head, body, aliases(document, body)),
    )


def digest_of(document: Document) -> str:
    """What tells whether a document differs from the indexed one."""
    told = json.dumps(asdict(document), default=str, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{MAKE}{told}".encode()).hexdigest()[:32]


def _row(document: Document) -> dict[str, str | int]:
    row: dict[str, str | int] = {name: clean(str(getattr(document, name))) for name in (*FACTS, "detected_by", "fix")}
    return row | {
        "consent": YES if document.consent else NO,
        "date": document.date.astimezone(UTC).isoformat(),
        "tags": json.dumps(list(dict.fromkeys(clean(tag) for tag in document.tags))),
        "imported": int(document.imported),
    }
